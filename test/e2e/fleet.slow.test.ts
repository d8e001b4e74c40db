import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
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
import { expectedFactsOf, type HostFacts, hostFactsOf } from '../support/fleet/host-facts.ts'
import { linesOfKey, type WatchedProcesses, watchForSecrets } from '../support/fleet/secret-watch.ts'
import { SICK_HOSTS, type SickHost } from '../support/fleet/sick-hosts.ts'
import { type Fleet, startFleet } from '../support/fleet/start-fleet.ts'
import { type CommandResult, createInstallation, type Installation } from '../support/product.ts'

const cli = fileURLToPath(new URL('../../bin/cli.ts', import.meta.url))
const HOSTS = 1_000
const DEADLINE_MS = 280_000
const FIRST_SICK = 101
const PASSPHRASE = 'Passphrase-of-the-fleet-4711'
const WRONG_PASSWORD = 'Wrong-password-of-the-fleet-4712'
/** Its password is not the server's. */
const MISTAKEN = 300

const SICK: ReadonlyMap<number, SickHost> = new Map(
  [...SICK_HOSTS.entries()].map(([at, sick]) => [FIRST_SICK + at, sick]),
)
const CHANGING_KEY = [...SICK].find(([, { reason }]) => reason === 'host_key_changed')?.[0] ?? -1

/** Most servers are logged in to with a key, some with a password, some with a key that has a passphrase. */
function credentialOf(n: number): string {
  if (n === MISTAKEN) return 'mistaken'
  if (SICK.has(n)) return 'key'
  return n % 10 === 3 ? 'password' : n % 10 === 7 ? 'locked' : 'key'
}

interface Ran extends CommandResult {
  readonly pid: number
}

async function run(installation: Installation, ...args: string[]): Promise<Ran> {
  return await new Promise((resolve, reject) => {
    const options = {
      env: installation.env,
      cwd: installation.directory,
      timeout: DEADLINE_MS,
      maxBuffer: 1024 ** 3,
    }
    const child = execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) => {
      // What was killed has lost its output, and says nothing by its exit code.
      if (error?.killed === true) reject(new Error(`${args.join(' ')} was not done within ${DEADLINE_MS} ms`))
      else resolve({ exitCode: child.exitCode ?? -1, stdout, stderr, pid: child.pid ?? -1 })
    })
    child.stdin?.end()
  })
}

const contentsBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')

/** Writes the secrets into files of `folder` and returns all that may be seen nowhere, by name. */
function writeSecrets(folder: string, fleet: Fleet): ReadonlyMap<string, string> {
  mkdirSync(folder)
  const place = (name: string, content: string) => writeFileSync(join(folder, name), content, { mode: 0o600 })
  place('key', fleet.privateKey)
  place('password', fleet.password)
  place('passphrase', PASSPHRASE)
  place('mistaken', WRONG_PASSWORD)
  copyFileSync(join(folder, 'key'), join(folder, 'locked'))
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', join(folder, 'locked')])
  const lines = ['key', 'locked'].flatMap((name) =>
    linesOfKey(readFileSync(join(folder, name), 'utf8')).map(
      (line, at) => [`line ${at} of ${name}`, line] as const,
    ),
  )
  return new Map([
    ['password', fleet.password],
    ['passphrase', PASSPHRASE],
    ['wrong password', WRONG_PASSWORD],
    ...lines,
  ])
}

function configure(installation: Installation, fleet: Fleet, secrets: string): void {
  writeFileSync(
    join(installation.directory, 'smart-ops.yaml'),
    `ssh:
  defaults: { user: ops, credential: key, connect_seconds: 10, login_seconds: 10, silence_seconds: 30, command_seconds: 60 }
  credentials:
    key: { private_key: "file:${secrets}/key" }
    locked: { private_key: "file:${secrets}/locked", passphrase: "file:${secrets}/passphrase" }
    password: { password: "file:${secrets}/password" }
    mistaken: { password: "file:${secrets}/mistaken" }
`,
  )
  const rows = Array.from({ length: HOSTS }, (_, n) => {
    const { address, port } = fleet.hostAt(n)
    return `${address},${port},host-${n},${credentialOf(n)}`
  })
  writeFileSync(join(installation.directory, 'servers.csv'), `ip,port,name,credential\n${rows.join('\n')}\n`)
}

async function storedInspections(
  installation: Installation,
  runId: string,
): Promise<ReadonlyMap<string, ServerInspection>> {
  const path = join(installation.directory, 'data', 'smart-ops.db')
  const store = await openStore(
    { kind: 'sqlite', path, timeZone: 'UTC' },
    { clock: systemClock, logger: silentLogger },
  )
  try {
    const rows = await store.inspections.findByRun(runId)
    return new Map(rows.map(({ inspection }) => [inspection.serverIp, inspection]))
  } finally {
    await store.close()
  }
}

/** Throws where what was read is not what the host is. */
function checkFacts(n: number, inspection: ServerInspection, sick: SickHost | undefined): void {
  const expected = Object.entries(expectedFactsOf(n)).map(([name, value]: [string, unknown]) => {
    const key = name as keyof HostFacts // entries of a HostFacts
    return [key, value] as const
  })
  const found = hostFactsOf(inspection.facts)
  for (const [name, value] of expected) {
    const isAbsent = sick?.without?.includes(name) === true
    // Another machine's disks are none of the host's: what the real tools read here is not looked at.
    if (isAbsent && sick?.fault.kind === 'no-path') continue
    if (isAbsent) assert.equal(found[name], null, name)
    else if (sick?.isPartly !== true || found[name] !== null) assert.deepEqual(found[name], value, name)
  }
  for (const [id, status] of Object.entries(sick?.unread ?? {})) {
    const section = inspection.sections.find((one) => one.id === id)
    assert.equal(section?.status, status, id)
    if (status !== 'timeout') assert.match(section?.remedy?.en ?? '', /apt-get install|NOPASSWD/, id)
  }
}

/** Returns what is wrong with what was said of host n, or null. */
function complaintOf(n: number, inspection: ServerInspection | undefined): string | null {
  const sick = SICK.get(n)
  const reason = n === MISTAKEN ? 'login_refused' : (sick?.reason ?? null)
  const name = `host ${n} (${sick === undefined ? 'healthy' : JSON.stringify(sick.fault)})`
  if (inspection === undefined) return `${name} is missing`
  const { unreachable } = inspection
  const found = unreachable?.reason ?? null
  if (found !== reason) return `${name}: ${found} (${unreachable?.message}), not ${reason}`
  if (sick?.says !== undefined && !sick.says.test(unreachable?.message ?? ''))
    return `${name}: ${unreachable?.message} does not say ${sick.says}`
  if (found !== null && sick?.isPartly !== true) return null
  try {
    checkFacts(n, inspection, sick)
    return null
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`
  }
}

function checkWatch(watched: WatchedProcesses, seconds: number, cliPid: number, sshdPid: number): void {
  assert.deepEqual(watched.leaks, [])
  assert.deepEqual(watched.closed, [])
  assert.ok(watched.scans >= 2 * seconds, `${watched.scans} scans in ${seconds} s`)
  assert.ok(watched.processesIn.get(readlinkSync('/proc/self/ns/pid'))?.has(cliPid), 'the product was seen')
  const inFleet = watched.processesIn.get(readlinkSync(`/proc/${sshdPid}/ns/pid`))?.size ?? 0
  assert.ok(inFleet >= HOSTS, `${inFleet} processes of the fleet were seen`)
  for (const name of ['sshd', 'sh', 'sleep']) assert.ok(watched.names.has(name), name)
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
  const printed: string[] = []
  const command = async (...args: string[]): Promise<Ran> => {
    const result = await run(configured, ...args)
    printed.push(result.stdout, result.stderr)
    return result
  }
  try {
    const secretsFolder = join(directory, 'secrets')
    const secrets = writeSecrets(secretsFolder, fleet)
    configure(configured, fleet, secretsFolder)
    const watch = watchForSecrets(secrets)
    const startedAt = performance.now()
    assert.equal((await command('db', 'migrate')).exitCode, 0)
    const imported = await command('servers', 'import', '@servers.csv', '--apply', '--json')
    assert.equal(imported.exitCode, 0, imported.stdout + imported.stderr)
    const { address } = fleet.hostAt(CHANGING_KEY)
    const tested = await command('servers', 'test', '--ips', address, '--json')
    assert.match(tested.stdout, /"reachable":\s*true/)
    fleet.setFault(CHANGING_KEY, { kind: 'other-host-key' })

    const inspectedAt = performance.now()
    const inspected = await command('inspect', 'full', '--scope', 'all', '--json', '--quiet', '--lang', 'en')
    const seconds = (performance.now() - startedAt) / 1000
    const watched = watch.stop()
    t.diagnostic(
      `the full inspection of ${HOSTS} servers took ${Math.round((performance.now() - inspectedAt) / 1000)} s`,
    )
    t.diagnostic(`${watched.scans} scans of all processes, ${watched.names.size} names`)
    assert.equal(inspected.exitCode, 0, inspected.stdout.slice(0, 2_000) + inspected.stderr.slice(0, 2_000))
    const { data } = JSON.parse(inspected.stdout) as { data: { run_id: string; servers: unknown[] } }
    assert.equal(data.servers.length, HOSTS)

    const byAddress = await storedInspections(configured, data.run_id)
    assert.equal(byAddress.size, HOSTS, 'none missing')
    const wrong = Array.from({ length: HOSTS }, (_, n) =>
      complaintOf(n, byAddress.get(fleet.hostAt(n).address)),
    )
    assert.deepEqual(
      wrong.filter((complaint) => complaint !== null),
      [],
    )

    checkWatch(watched, seconds, inspected.pid, fleet.sshdPid)
    const everything = [contentsBelow(installation.directory), ...printed].join('\n')
    for (const [name, secret] of secrets)
      assert.ok(!everything.includes(secret), `${name} is kept or printed`)
  } finally {
    await fleet.stop()
    installation.remove()
    rmSync(directory, { recursive: true, force: true })
  }
})
