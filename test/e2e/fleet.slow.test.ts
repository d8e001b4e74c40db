import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ServerInspection } from '../../src/domain/inspection.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import { openStore } from '../../src/store/open-store.ts'
import { whyNoFleet } from '../support/fleet/fleet-requirements.ts'
import { expectedFactsOf, hostFactsOf } from '../support/fleet/host-facts.ts'
import type { HostFault } from '../support/fleet/host-fault.ts'
import { type Fleet, startFleet } from '../support/fleet/start-fleet.ts'
import { type CommandResult, createInstallation, type Installation } from '../support/product.ts'

const cli = fileURLToPath(new URL('../../bin/cli.ts', import.meta.url))
const HOSTS = 1_000
const DEADLINE_MS = 900_000

type Reason = NonNullable<ServerInspection['unreachable']>['reason']

/** Sick hosts and the cause that the product must name; null: it is read all the same. */
const SICK: ReadonlyMap<number, { readonly fault: HostFault; readonly reason: Reason | null }> = new Map([
  [901, { fault: { kind: 'noise' }, reason: null }],
  [902, { fault: { kind: 'noise-err' }, reason: null }],
  [903, { fault: { kind: 'hang' }, reason: 'timeout' }],
  [904, { fault: { kind: 'slow', seconds: 2 }, reason: null }],
  [906, { fault: { kind: 'auth-refused' }, reason: 'login_refused' }],
  [907, { fault: { kind: 'banner' }, reason: null }],
  [908, { fault: { kind: 'closed-port' }, reason: 'connect_failed' }],
  [909, { fault: { kind: 'delay', ms: 20 }, reason: null }],
  [910, { fault: { kind: 'reset' }, reason: 'connect_failed' }],
  [911, { fault: { kind: 'close' }, reason: 'connect_failed' }],
  [912, { fault: { kind: 'silent' }, reason: 'timeout' }],
  [913, { fault: { kind: 'garbage' }, reason: 'connect_failed' }],
  [914, { fault: { kind: 'through-proxy' }, reason: null }],
])

async function run(installation: Installation, ...args: string[]): Promise<CommandResult> {
  return await new Promise((resolve) => {
    const options = {
      env: installation.env,
      cwd: installation.directory,
      timeout: DEADLINE_MS,
      maxBuffer: 1024 ** 3,
    }
    const child = execFile(process.execPath, [cli, ...args], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    )
    child.stdin?.end()
  })
}

const contentsBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')

function configure(installation: Installation, fleet: Fleet): void {
  const key = join(installation.directory, 'fleet-key')
  writeFileSync(key, fleet.privateKey, { mode: 0o600 })
  writeFileSync(
    join(installation.directory, 'smart-ops.yaml'),
    `ssh:
  defaults: { credential: ops, connect_seconds: 10, login_seconds: 10, command_seconds: 60 }
  credentials:
    ops: { user: ops, private_key: "file:${key}" }
`,
  )
  const rows = Array.from({ length: HOSTS }, (_, n) => {
    const { address, port } = fleet.hostAt(n)
    return `${address},${port},host-${n}`
  })
  writeFileSync(join(installation.directory, 'servers.csv'), `ip,port,name\n${rows.join('\n')}\n`)
}

async function storedInspections(
  installation: Installation,
  runId: string,
): Promise<readonly ServerInspection[]> {
  const path = join(installation.directory, 'data', 'smart-ops.db')
  const store = await openStore(
    { kind: 'sqlite', path, timeZone: 'UTC' },
    { clock: systemClock, logger: silentLogger },
  )
  try {
    return (await store.inspections.findByRun(runId)).map(({ inspection }) => inspection)
  } finally {
    await store.close()
  }
}

test('a thousand servers over SSH, some sick: every healthy one is read right, each sick one listed with its cause', {
  skip: whyNoFleet() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-fleet-'))
  const faults = new Map([...SICK].map(([n, { fault }]) => [n, fault]))
  const fleet = await startFleet({ directory, hosts: HOSTS, faults })
  assert.ok(fleet !== null)
  const installation = await createInstallation()
  const configured = {
    ...installation,
    env: { ...installation.env, SMART_OPS_CONFIG: join(installation.directory, 'smart-ops.yaml') },
  }
  try {
    configure(configured, fleet)
    assert.equal((await run(configured, 'db', 'migrate')).exitCode, 0)
    const imported = await run(configured, 'servers', 'import', '@servers.csv', '--apply', '--json')
    assert.equal(imported.exitCode, 0, imported.stdout + imported.stderr)
    const startedAt = performance.now()
    const inspected = await run(
      configured,
      'inspect',
      'full',
      '--scope',
      'all',
      '--json',
      '--quiet',
      '--lang',
      'en',
    )
    t.diagnostic(
      `the full inspection of ${HOSTS} servers took ${Math.round((performance.now() - startedAt) / 1000)} s`,
    )
    assert.equal(inspected.exitCode, 0, inspected.stdout.slice(0, 2_000) + inspected.stderr.slice(0, 2_000))
    const { data } = JSON.parse(inspected.stdout) as { data: { run_id: string; servers: unknown[] } }
    assert.equal(data.servers.length, HOSTS)

    const byAddress = new Map(
      (await storedInspections(configured, data.run_id)).map((inspection) => [
        inspection.serverIp,
        inspection,
      ]),
    )
    assert.equal(byAddress.size, HOSTS, 'none missing')
    const wrong: string[] = []
    for (let n = 0; n < HOSTS; n += 1) {
      const inspection = byAddress.get(fleet.hostAt(n).address)
      const expected = SICK.get(n)?.reason ?? null
      const found = inspection?.unreachable?.reason ?? null
      if (found !== expected)
        wrong.push(
          `host ${n} (${SICK.get(n)?.fault.kind ?? 'healthy'}): ${found} (${inspection?.unreachable?.message}), not ${expected}`,
        )
      if (expected !== null || inspection === undefined || found !== null) continue
      try {
        assert.deepEqual(hostFactsOf(inspection.facts), expectedFactsOf(n))
      } catch (error) {
        wrong.push(`host ${n}: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`)
      }
    }
    assert.deepEqual(wrong.slice(0, 20), [])

    fleet.setFault(914, { kind: 'other-host-key' })
    const tested = await run(configured, 'servers', 'test', '--ips', fleet.hostAt(914).address, '--json')
    const checked = JSON.parse(tested.stdout) as { data: { checks: { reason: string; message: string }[] } }
    assert.equal(checked.data.checks[0]?.reason, 'host_key_changed')
    assert.match(checked.data.checks[0]?.message ?? '', /SHA256:.*SHA256:/s)

    rmSync(join(installation.directory, 'fleet-key'))
    const everything = contentsBelow(installation.directory)
    assert.ok(!everything.includes(fleet.password))
    assert.ok(!everything.includes(fleet.privateKey.split('\n')[2] ?? 'no key'))
  } finally {
    await fleet.stop()
    installation.remove()
    rmSync(directory, { recursive: true, force: true })
  }
})
