import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openRuntime } from '../../src/app/runtime.ts'
import type { Actor } from '../../src/domain/actor.ts'
import { whyNoFleet } from '../support/fleet/fleet-requirements.ts'
import { hostAddress } from '../support/fleet/host-address.ts'
import { runOverSsh } from '../support/fleet/run-over-ssh.ts'
import { type Fleet10, opensshCacheOf, startFleet10 } from '../support/fleet/start-fleet10.ts'
import { createInstallation, type Installation, runCommand } from '../support/product.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const HOSTS = 60
/** One sshd plays them all and bans after the fourth wrong password: three are allowed, one try more each is a ban. */
const MISTAKEN = [7, 27, 47]
const CALLER: Actor = { kind: 'local_administrator', name: 'tester', surface: 'cli' }
/** sshd_config(5), PerSourcePenalties: authfail 5 s each, enforced from 15 s on. */
const PENALTY_ENDS_WITHIN_MS = 40_000

interface InspectedFleet {
  readonly servers: readonly {
    readonly ip: string
    readonly state: string
    readonly reason: { readonly en: string } | null
  }[]
}

const credentialOf = (n: number): string =>
  MISTAKEN.includes(n) ? 'mistaken' : n % 5 === 1 ? 'password' : 'key'

function configure(installation: Installation, fleet: Fleet10): void {
  const place = (name: string, content: string): string => {
    const path = join(installation.directory, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  const [key, password] = [place('key', fleet.privateKey), place('password', fleet.password)]
  const mistaken = place('mistaken', 'not-its-password')
  place(
    'smart-ops.yaml',
    `ssh:
  defaults: { user: ops, port: ${fleet.port}, credential: key, connect_seconds: 10, login_seconds: 20 }
  credentials:
    key: { private_key: "file:${key}" }
    password: { password: "file:${password}" }
    mistaken: { password: "file:${mistaken}" }
`,
  )
  const rows = Array.from({ length: HOSTS }, (_, n) => `${hostAddress(n)},host-${n},${credentialOf(n)}`)
  place('servers.csv', `ip,name,credential\n${rows.join('\n')}\n`)
}

/** Runs the body against a fresh OpenSSH 10, which remembers nobody, with its servers in a fresh installation. */
async function withFleet(
  context: TestContext,
  body: (fleet: Fleet10, installation: Installation) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-fleet10-'))
  const fleet = await startFleet10({ directory, cache: opensshCacheOf(root) })
  const made = await createInstallation()
  const installation = {
    ...made,
    env: { ...made.env, SMART_OPS_CONFIG: join(made.directory, 'smart-ops.yaml') },
  }
  try {
    if (fleet === null) {
      context.skip('OpenSSH 10 cannot be had')
      return
    }
    configure(installation, fleet)
    assert.equal((await runCommand(installation, 'db', 'migrate')).exitCode, 0)
    const imported = await runCommand(installation, 'servers', 'import', '@servers.csv', '--apply', '--json')
    assert.equal(imported.exitCode, 0, imported.stdout + imported.stderr)
    await body(fleet, installation)
  } finally {
    await fleet?.stop()
    made.remove()
    rmSync(directory, { recursive: true, force: true })
  }
}

const wrongPasswordsIn = (fleet: Fleet10): number =>
  [...fleet.log().matchAll(/Failed password for ops/g)].length

/** Throws where a good server was not read, or one with a wrong password was. */
function checkAll({ servers }: InspectedFleet, saysOfMistaken: RegExp): void {
  assert.equal(servers.length, HOSTS)
  const byAddress = new Map(servers.map((server) => [server.ip, server]))
  for (let n = 0; n < HOSTS; n += 1) {
    const server = byAddress.get(hostAddress(n))
    const said = server?.reason?.en ?? ''
    if (MISTAKEN.includes(n)) assert.match(said, saysOfMistaken, `host ${n}`)
    else assert.equal(server?.state, 'inspected', `host ${n} (${credentialOf(n)}): ${said}`)
  }
}

const inspectByCommand = async (installation: Installation, ...scope: string[]): Promise<InspectedFleet> => {
  const args = ['inspect', 'full', '--scope', 'all', ...scope, '--json', '--quiet']
  const { exitCode, stdout, stderr } = await runCommand(installation, ...args)
  assert.equal(exitCode, 0, stdout.slice(0, 2_000) + stderr.slice(0, 2_000))
  return (JSON.parse(stdout) as { data: InspectedFleet }).data
}

test('OpenSSH 10: wrong passwords among good servers do not get us banned; one try each', {
  skip: whyNoFleet() ?? false,
}, async (context) => {
  await withFleet(context, async (fleet, installation) => {
    checkAll(await inspectByCommand(installation), /^login refused by .*tried password;/)
    assert.equal(wrongPasswordsIn(fleet), MISTAKEN.length)
    assert.doesNotMatch(fleet.log(), /penalty/i)
  })
})

test('OpenSSH 10: a second inspection in the same process does not try a refused password again', {
  skip: whyNoFleet() ?? false,
}, async (context) => {
  await withFleet(context, async (fleet, installation) => {
    const before = process.env
    process.env = { ...installation.env }
    const runtime = await openRuntime({ role: 'cli', language: 'en' })
    try {
      for (const says of [/tried password;/, /not tried again until/]) {
        const envelope = await runtime.door.call(CALLER, 'service_005_full_inspection', { scope: 'all' })
        assert.ok(envelope.success, JSON.stringify(envelope).slice(0, 500))
        checkAll(envelope.data as InspectedFleet, says)
        assert.equal(wrongPasswordsIn(fleet), MISTAKEN.length)
      }
    } finally {
      await runtime.close()
      process.env = before
    }
  })
})

test('OpenSSH 10: a ban that others brought on is named, and it passes', {
  skip: whyNoFleet() ?? false,
}, async (context) => {
  await withFleet(context, async (fleet, installation) => {
    const { port, user: username } = fleet
    for (let left = 5; left > 0; left -= 1)
      await runOverSsh('true', { host: '127.0.0.1', port, username, password: 'wrong', deadlineMs: 10_000 })
    const one = ['--ips', hostAddress(0)]
    const banned = await inspectByCommand(installation, ...one)
    assert.equal(banned.servers[0]?.state, 'unreachable')
    assert.match(
      banned.servers[0]?.reason?.en ?? '',
      /closed before the handshake.*PerSourcePenalties.*tried \d+ times/,
    )
    const deadline = performance.now() + PENALTY_ENDS_WITHIN_MS
    let state: string | undefined
    while (state !== 'inspected' && performance.now() < deadline) {
      await sleep(1_000)
      state = (await inspectByCommand(installation, ...one)).servers[0]?.state
    }
    assert.equal(state, 'inspected')
  })
})
