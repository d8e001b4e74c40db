import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitForNone } from '../../testing/list-processes.ts'
import type { SshTransportPool } from './ssh-transport-pool.ts'
import { poolOf, runOptions, targetOf } from './testing/pool-fixture.ts'
import type { TestSshd } from './testing/sshd.ts'
import { startSshd, whyNoSshd } from './testing/sshd.ts'

const MARK = `8${String(process.pid).padStart(8, '0')}`
const sleepMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

for (const shell of ['dash', 'bash --posix', 'busybox sh'])
  describe(`a kept shell of ${shell}`, { skip: whyNoSshd() }, () => {
    let sshd: TestSshd
    let pool: SshTransportPool
    before(async () => {
      // Stands for /bin/sh of such a machine; the noise is that of start-up files.
      sshd = await startSshd(['MaxSessions 3'], `echo noise; echo noise >&2; exec ${shell} -s`)
    })
    after(() => sshd.stop())
    const inPool = (body: () => Promise<void>) => async () => {
      pool = poolOf()
      try {
        await run('echo first\n')
        await body()
      } finally {
        await pool.close()
      }
    }
    const run = async (script: string, more: Parameters<typeof runOptions>[0] = {}) => {
      const result = await pool.transportFor(targetOf(sshd.port, sshd.key)).run(script, runOptions(more))
      assert.ok(result.status === 'ran', JSON.stringify(result))
      return result
    }
    const told = async (script: string) => {
      const { stdout, stderr, exitCode } = await run(script)
      return [stdout.toString(), stderr.toString(), exitCode]
    }
    const pid = async (): Promise<string> => (await run('echo $$\n')).stdout.toString()

    test(
      'a hundred runs are one shell, each with its own code and streams',
      inPool(async () => {
        const shellPid = await pid()
        for (let code = 0; code < 100; code += 1)
          assert.deepEqual(await told(`echo "it's $$"; echo err${code} >&2; exit ${code}\n`), [
            `it's ${shellPid}`,
            `err${code}\n`,
            code,
          ])
        assert.deepEqual(await told('printf "no newline"; printf "\\n" >&2'), ['no newline', '\n', 0])
        assert.deepEqual(await told('printf "\\n@@smart-ops-end "; printf "\\n@@smart-ops-clear" >&2'), [
          '\n@@smart-ops-end ',
          '\n@@smart-ops-clear',
          0,
        ])
      }),
    )

    test(
      'nothing of a run is seen in the next',
      inPool(async () => {
        const look = 'pwd; umask; echo "[$leaked$LEAKED$*]"; trap; ulimit -n; cat\n'
        const before = [await pid(), ...(await told(look))]
        const spoil =
          "leaked=1; export LEAKED=2; cd /; umask 0; trap 'echo bye' EXIT; ulimit -n 20; set -eu -- a; exec 8>&-\n"
        assert.deepEqual((await told(spoil)).slice(0, 1), ['bye\n'])
        assert.deepEqual([await pid(), ...(await told(look))], before)
      }),
    )

    test(
      'what is wrong in a script ends that script only',
      inPool(async () => {
        const shellPid = await pid()
        for (const wrong of ["echo a\necho 'b\n", 'echo a\n)\necho b\n', 'echo a\nif true; then\n']) {
          const result = await run(wrong)
          assert.deepEqual([result.stdout.toString(), result.exitCode === 0], ['a\n', false], wrong)
          assert.match(result.stderr.toString(), /syntax|unterminated|unexpected/i)
        }
        assert.deepEqual((await told('cat <<E\nhere\n')).slice(0, 1), ['here\n'])
        assert.deepEqual(await told('exec >&- 2>&-; exit 3\n'), ['', '', 3])
        assert.deepEqual(await told('exec sh -c "echo in; exit 4"\n'), ['in\n', '', 4])
        assert.equal(await pid(), shellPid)
      }),
    )

    test(
      'a run that finds it taken has a channel of its own',
      inPool(async () => {
        const pids = await Promise.all(Array.from({ length: 6 }, () => run('sleep 0.2; echo $$\n')))
        assert.ok(new Set(pids.map(({ stdout }) => stdout.toString())).size > 1)
        assert.equal(await pid(), await pid())
      }),
    )

    test(
      'at the deadline nothing is left, and the next run has a new shell',
      inPool(async () => {
        const shellPid = await pid()
        const result = await run(`echo part; (trap '' TERM; sleep ${MARK}.1) & sleep ${MARK}.2\n`, {
          deadlineMs: 700,
        })
        assert.deepEqual([result.stdout.toString(), result.exitCode, result.timedOut], ['part\n', null, true])
        assert.deepEqual(await waitForNone(`${MARK}.`), [])
        assert.notEqual(await pid(), shellPid)
      }),
    )

    test(
      'what is left in the background is killed, also when silent, and its run is whole',
      inPool(async () => {
        for (const left of [`sleep ${MARK}.3 &`, `sleep ${MARK}.4 >/dev/null 2>&1 &`]) {
          const shellPid = await pid()
          const started = performance.now()
          assert.deepEqual(await told(`${left} echo done; exit 5\n`), ['done\n', '', 5])
          assert.ok(performance.now() - started < 4_000)
          assert.deepEqual(await waitForNone(`${MARK}.`), [])
          assert.notEqual(await pid(), shellPid)
        }
      }),
    )

    test(
      'what speaks between two runs is killed with its shell',
      inPool(async () => {
        const shellPid = await pid()
        assert.deepEqual(await told(`sh -c 'sleep 0.3; echo late; exec sleep ${MARK}.5' 8>&- & echo on\n`), [
          'on\n',
          '',
          0,
        ])
        await sleepMs(700)
        assert.deepEqual(await waitForNone(`${MARK}.`), [])
        assert.notEqual(await pid(), shellPid)
        assert.deepEqual(await told('echo clean\n'), ['clean\n', '', 0])
      }),
    )

    test(
      'a shell that was killed meanwhile is replaced unseen',
      inPool(async () => {
        const shellPid = await pid()
        const killing = run('sleep 0.1; kill -KILL $$; exit 0\n')
        assert.equal((await killing).exitCode === 137, false)
        assert.notEqual(await pid(), shellPid)
        const next = await pid()
        await told(`sh -c 'sleep 0.05; kill -KILL ${next.trim()}' >/dev/null 2>&1 8>&- &\n`)
        await sleepMs(48)
        for (let at = 0; at < 20; at += 1) assert.deepEqual(await told('echo in\n'), ['in\n', '', 0])
      }),
    )

    test(
      'a shell in which a run was long is not used again, and a flood is bounded',
      inPool(async () => {
        const shellPid = await pid()
        assert.deepEqual(await told('sleep 5.1; echo long\n'), ['long\n', '', 0])
        assert.notEqual(await pid(), shellPid)
        const flood = await run('head -c 3000000 /dev/zero; exit 6\n')
        assert.deepEqual([flood.stdout.length, flood.truncated, flood.exitCode], [1_000_000, true, 6])
        assert.deepEqual(await told('echo after\n'), ['after\n', '', 0])
      }),
    )
  })
