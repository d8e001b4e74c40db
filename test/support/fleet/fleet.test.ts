import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspectServer } from '../../../src/collect/collector.ts'
import { PROBE_NAMES, type ServerInspection } from '../../../src/domain/inspection.ts'
import { whyNoFleet } from './fleet-requirements.ts'
import { expectedFactsOf, hostFactsOf } from './host-facts.ts'
import type { HostFault } from './host-fault.ts'
import { bareTransport, runOverSsh, type SeenRun } from './run-over-ssh.ts'
import { type Fleet, startFleet } from './start-fleet.ts'

const AT = new Date('2026-01-02T03:04:05.000Z')
const HOSTS = 37
const FAULTS: ReadonlyMap<number, HostFault> = new Map<number, HostFault>([
  [8, { kind: 'noise' }],
  [9, { kind: 'noise-err' }],
  [10, { kind: 'hang' }],
  [11, { kind: 'slow', seconds: 1 }],
  [12, { kind: 'drop', seconds: 0.3 }],
  [13, { kind: 'missing-tools', tools: ['dmidecode'] }],
  [14, { kind: 'no-shell' }],
  [15, { kind: 'sudo-refused' }],
  [16, { kind: 'exit', code: 7 }],
  [17, { kind: 'flood', bytes: 300_000 }],
  [18, { kind: 'auth-refused' }],
  [19, { kind: 'banner' }],
  [20, { kind: 'closed-port' }],
  [21, { kind: 'throttled' }],
  [22, { kind: 'delay', ms: 20 }],
  [23, { kind: 'reset' }],
  [24, { kind: 'close' }],
  [25, { kind: 'silent' }],
  [26, { kind: 'garbage' }],
  [27, { kind: 'through-proxy' }],
  [28, { kind: 'rate', bytesPerSecond: 2_000 }],
  [29, { kind: 'no-path' }],
  [30, { kind: 'login-shell', program: '/bin/busybox ash' }],
  [31, { kind: 'hang-in-login' }],
  [32, { kind: 'exec-unanswered' }],
  [33, { kind: 'exec-refused' }],
  [34, { kind: 'no-exit-code' }],
  [35, { kind: 'exit-signal' }],
  [36, { kind: 'never-closed' }],
])

/** Returns the ids of the processes in a pid namespace, named as its link in /proc. */
const processesIn = (namespace: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`) === namespace
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false
      throw error
    }
  })

async function waitUntil(isSo: () => boolean): Promise<void> {
  for (let left = 100; left > 0 && !isSo(); left -= 1) await sleep(50)
}

describe('the SSH fleet', { skip: whyNoFleet() ?? false }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-fleet-'))
  let started: Fleet | null = null
  const fleet = (): Fleet => {
    if (started === null) throw new Error('the fleet did not start')
    return started
  }
  before(async () => {
    started = await startFleet({ directory, hosts: HOSTS, faults: FAULTS })
  })
  after(async () => {
    await started?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const configOf = (n: number, username = 'ops') => {
    const { address: host, port } = fleet().hostAt(n)
    return { host, port, username, privateKey: fleet().privateKey }
  }
  const run = (n: number, command: string, deadlineMs = 10_000): Promise<SeenRun> =>
    runOverSsh(command, { ...configOf(n), deadlineMs })
  const errorOf = (seen: SeenRun): string =>
    typeof seen.end === 'object' ? seen.end.error : `no error: ${seen.end}`
  const inspect = (n: number, username: string): Promise<ServerInspection> =>
    inspectServer({
      transport: bareTransport(configOf(n, username)),
      server: {
        id: String(n),
        bkCloudId: 0,
        ip: fleet().hostAt(n).address,
        name: `host ${n}`,
        transport: 'ssh',
        group: null,
        enabled: true,
        registeredAt: AT,
      },
      probes: PROBE_NAMES,
      clock: { now: () => AT },
      signal: AbortSignal.timeout(60_000),
      deadlineMs: 60_000,
      maxBytes: 4_000_000,
    })

  for (const [n, username] of [
    [0, 'ops'],
    [1, 'ops'],
    [2, 'ops'],
    [3, 'ops'],
    [4, 'root'],
    [7, 'root'],
  ] as const)
    test(`an inspection of host ${n} as ${username} reads what host ${n} is`, async () => {
      const { unreachable, facts } = await inspect(n, username)
      assert.equal(unreachable, null)
      assert.deepEqual(hostFactsOf(facts), expectedFactsOf(n))
    })

  test('two hosts at the same time do not mix', async () => {
    const seen = await Promise.all([5, 6].map((n) => run(n, 'head -n 1 /proc/meminfo; uname -n; id -u')))
    for (const [index, n] of [5, 6].entries()) {
      const expected = expectedFactsOf(n)
      const text = seen[index]?.stdout.toString() ?? ''
      assert.equal(Number(/MemTotal: +(\d+) kB/.exec(text)?.[1]) * 1024, expected.memory?.[0])
      assert.match(text, new RegExp(`\n${expected.hostname}\n20000\n`))
    }
  })

  test('a password lets in, a wrong one does not', async () => {
    const { privateKey: _unused, ...config } = configOf(0)
    const right = await runOverSsh('echo in', { ...config, password: fleet().password, deadlineMs: 5_000 })
    assert.equal(right.stdout.toString(), 'in\n')
    const wrong = await runOverSsh('echo in', { ...config, password: 'wrong', deadlineMs: 5_000 })
    assert.match(errorOf(wrong), /All configured authentication methods failed/)
  })

  test('noise on stdout and stderr', async () => {
    assert.match((await run(8, 'echo answer')).stdout.toString(), /^WARNING: .*\n.*\nanswer\n$/)
    const seen = await run(9, 'echo answer')
    assert.equal(seen.stdout.toString(), 'answer\n')
    assert.match(seen.stderr.toString(), /setlocale/)
  })

  test('hang, slow and a session killed in the middle', async () => {
    const [hung, dropped] = await Promise.all([
      run(10, 'echo answer', 700),
      run(12, 'echo begun; sleep 5; echo end'),
    ])
    assert.deepEqual([hung.end, hung.stdout.length], ['deadline', 0])
    assert.deepEqual([dropped.end, dropped.stdout.toString()], ['closed', 'begun\n'])
    const begun = performance.now()
    assert.equal((await run(11, 'echo answer')).stdout.toString(), 'answer\n')
    assert.ok(performance.now() - begun >= 1_000)
  })

  test('missing tools, no shell, refused sudo, an exit code and a flood', async () => {
    const missing = await run(13, 'dmidecode -t 17')
    assert.deepEqual([missing.exitCode, missing.stderr.toString()], [127, 'sh: 1: dmidecode: not found\n'])
    assert.equal((await run(14, 'exec /bin/sh -s')).exitCode, 127)
    assert.equal((await run(29, 'uname')).exitCode, 127)
    assert.equal((await run(29, '/bin/uname -n')).stdout.toString(), `${expectedFactsOf(29).hostname}\n`)
    assert.match((await run(30, 'echo "$0"')).stdout.toString(), /ash/)
    const refused = await run(15, 'sudo -n dmidecode')
    assert.deepEqual([refused.exitCode, refused.stderr.toString()], [1, 'sudo: a password is required\n'])
    assert.equal((await run(16, 'true')).exitCode, 7)
    assert.equal((await run(17, 'true')).stdout.length, 300_000)
  })

  test('faults of the login', async () => {
    assert.match(errorOf(await run(18, 'true')), /All configured authentication methods failed/)
    const greeted = await run(19, 'echo answer')
    assert.deepEqual([greeted.stdout.toString(), greeted.banner?.includes('仅授权用户')], ['answer\n', true])
    assert.match(errorOf(await run(20, 'true')), /ECONNREFUSED/)
    const crowd = await Promise.all(Array.from({ length: 12 }, () => run(21, 'echo answer')))
    const letIn = crowd.filter(({ end }) => end === 'exit').length
    assert.ok(letIn >= 1 && letIn < 12, `${letIn} of 12 were let in`)
  })

  test('faults of the network', async () => {
    const begun = performance.now()
    assert.equal((await run(22, 'echo answer')).stdout.toString(), 'answer\n')
    assert.ok(performance.now() - begun >= 100, 'a login takes more than five pieces')
    assert.match(errorOf(await run(23, 'true')), /ECONNRESET/)
    assert.match(errorOf(await run(24, 'true')), /Connection lost before handshake|ECONNRESET/)
    assert.match(errorOf(await run(25, 'true', 700)), /Timed out|no error: deadline/)
    assert.match(errorOf(await run(26, 'true')), /handshake|identification/i)
  })

  test('a narrow line, and a server that is no sshd', async () => {
    const begun = performance.now()
    assert.equal((await run(28, 'head -c 2000 /dev/zero')).stdout.length, 2_000)
    assert.ok(performance.now() - begun >= 1_000)
    assert.match(errorOf(await run(31, 'true', 700)), /Timed out|no error: deadline/)
    assert.equal((await run(32, 'true', 700)).end, 'deadline')
    assert.match(errorOf(await run(33, 'true')), /exec/)
    const [none, signal, open] = await Promise.all([
      run(34, 'uname -n'),
      run(35, 'uname -n'),
      run(36, 'uname -n', 2_000),
    ])
    for (const [n, seen] of [none, signal, open].entries())
      assert.equal(seen.stdout.toString(), `${expectedFactsOf(34 + n).hostname}\n`)
    assert.deepEqual([none.end, none.exitCode], ['closed', null])
    assert.deepEqual([signal.end, signal.exitCode], ['closed', null])
    assert.deepEqual([open.end, open.exitCode], ['deadline', 0])
  })

  test('a fault set later changes the same host at the same port, and heals', async () => {
    fleet().setFault(27, { kind: 'drop-bytes', bytes: 600 })
    assert.match(errorOf(await run(27, 'true')), /ECONNRESET|Connection lost/)
    fleet().setFault(27, { kind: 'stall-bytes', bytes: 600 })
    assert.equal((await run(27, 'true', 500)).exitCode, null)
    fleet().setFault(27, { kind: 'drop-after', ms: 300 })
    assert.match(errorOf(await run(27, 'sleep 3')), /ECONNRESET/)
    fleet().setFault(27, { kind: 'exit', code: 9 })
    assert.equal((await run(27, 'true')).exitCode, 9)
    fleet().setFault(27, null)
    assert.equal((await run(27, 'true')).exitCode, 0)
    assert.throws(() => fleet().setFault(27, { kind: 'auth-refused' }), /fixed when the fleet starts/)
    assert.throws(() => fleet().setFault(0, { kind: 'reset' }), /not dialled through the proxy/)
  })

  test('a changed host key is another fingerprint at the same port', async () => {
    const fingerprint = async (): Promise<string> => {
      let seen = ''
      const hostVerifier = (key: Buffer): boolean => {
        seen = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
        return true
      }
      await runOverSsh('true', { ...configOf(27), hostVerifier, deadlineMs: 5_000 })
      return seen
    }
    assert.equal(await fingerprint(), fleet().hostKeyFingerprint)
    fleet().setFault(27, { kind: 'other-host-key' })
    assert.equal(await fingerprint(), fleet().otherHostKeyFingerprint)
    fleet().setFault(27, null)
  })

  test("the machine's own accounts and mounts stay as they are", () => {
    assert.doesNotMatch(readFileSync('/etc/passwd', 'utf8'), /fleet-shell/)
    assert.doesNotMatch(readFileSync('/proc/self/mounts', 'utf8'), /\/proc\/meminfo/)
  })

  test('stopping leaves no process, not even one that hung', async () => {
    const { sshdPid } = fleet()
    const namespace = readlinkSync(`/proc/${sshdPid}/ns/pid`)
    const hung = run(10, 'true', 60_000)
    await waitUntil(() => processesIn(namespace).length > 3)
    await fleet().stop()
    started = null
    assert.deepEqual(processesIn(namespace), [])
    assert.notEqual((await hung).end, 'exit')
  })
})
