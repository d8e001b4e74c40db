import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inspectHere } from '../../testing/inspect-here.ts'
import { waitForNone } from '../../testing/list-processes.ts'
import { createLocalTransport } from '../local.ts'
import type { SshTransportPool } from './ssh-transport-pool.ts'
import { poolOf, runOptions, targetOf } from './testing/pool-fixture.ts'
import type { TestSshd } from './testing/sshd.ts'
import { startSshd, whyNoSshd } from './testing/sshd.ts'

const MARK = `7${String(process.pid).padStart(8, '0')}`
const handshakes = (sshd: TestSshd): number => [...sshd.log().matchAll(/Accepted publickey/g)].length

describe('runs on a real sshd', { skip: whyNoSshd() }, () => {
  let sshd: TestSshd
  let pool: SshTransportPool
  before(async () => {
    sshd = await startSshd(['MaxSessions 3'])
    pool = poolOf()
  })
  after(async () => {
    await pool.close()
    await sshd.stop()
  })
  const run = (script: string, more: Parameters<typeof runOptions>[0] = {}) =>
    pool.transportFor(targetOf(sshd.port, sshd.key)).run(script, runOptions(more))

  test('keeps stdout, stderr and the exit code apart', async () => {
    const result = await run('echo out; echo err >&2; exit 7\n')
    assert.ok(result.status === 'ran', JSON.stringify(result))
    assert.deepEqual(
      [result.stdout.toString(), result.stderr.toString(), result.exitCode],
      ['out\n', 'err\n', 7],
    )
    assert.deepEqual([result.timedOut, result.truncated], [false, false])
  })

  test('twenty runs at once share one handshake, also where the server allows three sessions', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, at) => run(`sleep 0.1; echo ${at}\n`)))
    assert.deepEqual(
      results.map((result) => (result.status === 'ran' ? result.stdout.toString() : result.message)),
      Array.from({ length: 20 }, (_, at) => `${at}\n`),
    )
    assert.equal(handshakes(sshd), 1)
  })

  test('at the deadline nothing is left on the server, what leads its own group neither', async () => {
    const body = `echo first; (trap '' TERM HUP; sleep ${MARK}.1) & timeout 900 sleep ${MARK}.2 & sleep ${MARK}.3\n`
    const started = performance.now()
    const result = await run(body, { deadlineMs: 700 })
    assert.ok(performance.now() - started < 4_000)
    assert.ok(result.status === 'ran', JSON.stringify(result))
    assert.deepEqual([result.timedOut, result.exitCode, result.stdout.toString()], [true, null, 'first\n'])
    assert.deepEqual(await waitForNone(`${MARK}.`), [])
  })

  test('abort says cancelled and leaves nothing behind', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 300)
    const result = await run(`sleep ${MARK}.4\n`, { signal: controller.signal })
    assert.ok(result.status === 'unreachable')
    assert.equal(result.reason, 'cancelled')
    assert.deepEqual(await waitForNone(`${MARK}.`), [])
  })

  test('a child that holds the channel open does not hold the run, and is killed', async () => {
    const started = performance.now()
    const result = await run(`sleep ${MARK}.5 & echo done\n`)
    assert.ok(performance.now() - started < 4_000)
    assert.ok(result.status === 'ran')
    assert.deepEqual([result.exitCode, result.stdout.toString()], [0, 'done\n'])
    assert.deepEqual(await waitForNone(`${MARK}.`), [])
  })

  test('a flood costs bounded memory and time', async () => {
    const started = performance.now()
    const result = await run('head -c 1000000000 /dev/zero\n', { deadlineMs: 60_000 })
    assert.ok(result.status === 'ran')
    assert.deepEqual([result.stdout.length, result.truncated], [1_000_000, true])
    assert.ok(performance.now() - started < 15_000)
    assert.ok(process.memoryUsage().rss < 400_000_000)
  })

  test('a connection that drops in the middle gives what came, and the next run connects anew', async () => {
    const result = await run('echo part; sleep 0.2; kill -KILL $PPID; sleep 1\n')
    assert.ok(result.status === 'ran', JSON.stringify(result))
    assert.deepEqual([result.stdout.toString(), result.exitCode, result.timedOut], ['part\n', null, false])
    const next = await run('echo again\n')
    assert.ok(next.status === 'ran')
    assert.equal(next.stdout.toString(), 'again\n')
  })

  test('an inspection over SSH reads the same sections as the local one', async () => {
    const root = targetOf(sshd.port, sshd.key)
    const transport = pool.transportFor({ ...root, credential: { ...root.credential, user: 'root' } })
    const [there, here] = [await inspectHere(transport), await inspectHere(createLocalTransport())]
    assert.equal(there.unreachable, null)
    assert.deepEqual(
      there.sections.map(({ id, status }) => `${id} ${status}`),
      here.sections.map(({ id, status }) => `${id} ${status}`),
    )
  })

  test('close ends what runs, and later runs are cancelled', async () => {
    const own = poolOf()
    const transport = own.transportFor(targetOf(sshd.port, sshd.key))
    const running = transport.run(`sleep ${MARK}.6\n`, runOptions())
    await new Promise((resolve) => setTimeout(resolve, 400))
    await own.close()
    const result = await running
    assert.ok(result.status === 'unreachable')
    assert.equal(result.reason, 'cancelled')
    assert.deepEqual(await waitForNone(`${MARK}.`), [])
    const late = await transport.run('echo no\n', runOptions())
    assert.ok(late.status === 'unreachable')
  })
})
