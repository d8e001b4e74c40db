import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { SshCredential, SshTarget } from './ssh-target.ts'
import {
  credentialOf,
  memoryKnownHosts,
  poolOf,
  runOptions,
  secret,
  targetOf,
} from './testing/pool-fixture.ts'
import type { TestSshd } from './testing/sshd.ts'
import { freePort, startSshd, whyNoSshd } from './testing/sshd.ts'

describe('logins to a real sshd', { skip: whyNoSshd() }, () => {
  let sshd: TestSshd
  before(async () => {
    sshd = await startSshd(['MaxAuthTries 20'])
  })
  after(() => sshd.stop())
  const say = async (target: SshTarget, pool = poolOf()): Promise<string> => {
    const result = await pool.transportFor(target).run('id -un 2>/dev/null || echo in\n', runOptions())
    await pool.close()
    return result.status === 'ran'
      ? `ran ${result.stdout.toString().trim()}`
      : `${result.reason}: ${result.message}`
  }
  const withCredential = (parts: Partial<SshCredential>): SshTarget => ({
    ...targetOf(sshd.port, sshd.key),
    credential: credentialOf(parts),
  })

  test('password, and a key that needs a passphrase', async () => {
    assert.equal(await say(withCredential({ password: secret(sshd.password) })), 'ran ops')
    const folder = mkdtempSync(join(tmpdir(), 'smart-ops-key-'))
    const file = join(folder, 'key')
    execFileSync('cp', [sshd.keyPath, file])
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', file])
    const key = secret(readFileSync(file, 'utf8'))
    rmSync(folder, { recursive: true })
    assert.equal(await say(withCredential({ privateKey: key, passphrase: secret('open sesame') })), 'ran ops')
    const logged = sshd.log().length
    const wrong = await say(withCredential({ privateKey: key, passphrase: secret('guess-1234') }))
    assert.match(wrong, /^login_refused: .*does not open/)
    assert.match(await say(withCredential({ privateKey: key })), /^login_refused: .*configure its passphrase/)
    const publicKey = secret(readFileSync(`${sshd.keyPath}.pub`, 'utf8'))
    assert.match(await say(withCredential({ privateKey: publicKey })), /^login_refused: .*public key/)
    assert.match(await say(withCredential({ privateKey: secret('rubbish') })), /^login_refused: .*format/)
    assert.match(await say(withCredential({})), /^login_refused: .*neither agent/)
    assert.equal(sshd.log().length, logged, 'nothing of this may reach the network')
  })

  test('agent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smart-ops-agent-'))
    const socket = join(folder, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise((resolve) => agent.stdout.once('data', resolve))
    execFileSync('ssh-add', ['-q', sshd.keyPath], { env: { SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
    assert.equal(await say(withCredential({ agentSocket: socket })), 'ran ops')
    agent.kill()
    await new Promise((resolve) => agent.once('exit', resolve))
    rmSync(folder, { recursive: true, force: true })
    const gone = await say(withCredential({ agentSocket: socket }))
    assert.match(gone, /^login_refused: .*agent was of no use/)
    assert.equal(
      await say(withCredential({ agentSocket: socket, password: secret(sshd.password) })),
      'ran ops',
      'without its agent it goes on with the password',
    )
  })

  test('a wrong password is one try, and not tried again for a while', async () => {
    const pool = poolOf()
    const target = withCredential({ password: secret('wrong-secret'), tryKeyboardInteractive: true })
    const before = [...sshd.log().matchAll(/Failed password/g)].length
    const failedLogins = (): number => [...sshd.log().matchAll(/Failed password/g)].length - before
    const results = await Promise.all(
      Array.from({ length: 5 }, () => pool.transportFor(target).run('echo no\n', runOptions())),
    )
    const again = await pool.transportFor(target).run('echo no\n', runOptions())
    assert.equal(failedLogins(), 1)
    for (const result of [...results, again]) {
      assert.ok(result.status === 'unreachable')
      assert.equal(result.reason, 'login_refused')
      assert.doesNotMatch(result.message, /wrong-secret/)
    }
    assert.match(again.status === 'unreachable' ? again.message : '', /not tried again until 20/)
    pool.allowOnce({ ...target, host: '127.0.0.7' }, new Date())
    await pool.transportFor(target).run('echo no\n', runOptions())
    assert.equal(failedLogins(), 1, 'another server is none of its business')
    const askedAt = new Date()
    for (let at = 0; at < 3; at += 1) {
      pool.allowOnce(target, askedAt)
      await pool.transportFor(target).run('echo no\n', runOptions())
    }
    assert.equal(failedLogins(), 2, 'one asking is one try')
    await pool.close()
  })

  test('a chain of two jump hosts, which are shared', async () => {
    const hop = {
      host: '127.0.0.2',
      port: sshd.port,
      credential: withCredential({ privateKey: secret(sshd.key) }).credential,
    }
    const pool = poolOf()
    const before = [...sshd.log().matchAll(/Accepted publickey/g)].length
    const results = await Promise.all(
      ['127.0.0.4', '127.0.0.5', '127.0.0.6'].map((host) =>
        pool
          .transportFor(targetOf(sshd.port, sshd.key, { host, jump: [hop, { ...hop, host: '127.0.0.3' }] }))
          .run('echo "$SSH_CONNECTION"\n', runOptions()),
      ),
    )
    for (const result of results) assert.ok(result.status === 'ran', JSON.stringify(result))
    assert.equal([...sshd.log().matchAll(/Accepted publickey/g)].length - before, 5)
    await pool.close()
    const closed = targetOf(await freePort(), sshd.key, { jump: [hop] })
    assert.match(await say(closed), /^connect_failed: jump host ops@127\.0\.0\.2.*Connection refused/)
  })

  test('a key is recorded on first use and reported; a changed one is refused with both fingerprints', async () => {
    const knownHosts = memoryKnownHosts()
    const reported: unknown[] = []
    const note = (fields: unknown): void => {
      reported.push(fields)
    }
    const quiet = (): void => undefined
    const logger = { debug: quiet, info: note, warn: quiet, error: quiet }
    const target = targetOf(sshd.port, sshd.key)
    assert.equal(await say(target, poolOf({}, { knownHosts, logger })), 'ran ops')
    assert.equal(reported.length, 1)
    assert.equal(await say(target, poolOf({}, { knownHosts, logger })), 'ran ops')
    assert.equal(reported.length, 1)
    const [[name, recorded] = []] = [...knownHosts.all]
    assert.ok(name !== undefined && recorded !== undefined)
    const line = execFileSync('ssh-keygen', ['-lf', `${sshd.keyPath.replace(/user$/, 'host')}.pub`], {
      encoding: 'utf8',
    })
    assert.ok(line.includes(recorded.fingerprint))
    knownHosts.all.set(name, { ...recorded, fingerprint: 'SHA256:another' })
    const refused = await say(target, poolOf({}, { knownHosts, logger }))
    assert.match(refused, /^host_key_changed: /)
    assert.ok(refused.includes('SHA256:another') && refused.includes(recorded.fingerprint))
  })

  test('a port on which nothing listens', async () => {
    assert.match(await say(targetOf(await freePort(), sshd.key)), /^connect_failed: .*nothing listens/)
  })
})

test('connections are bounded in number, closed when idle, and a dead one is replaced', {
  skip: whyNoSshd(),
}, async () => {
  const sshd = await startSshd([])
  const hop = { host: '127.0.0.9', port: sshd.port, credential: targetOf(sshd.port, sshd.key).credential }
  const pool = poolOf({ maxConnections: 2, idleTimeoutMs: 400, maxRunsPerJumpHost: 1 })
  const runOn = (last: number, script = 'echo in\n') =>
    pool
      .transportFor(targetOf(sshd.port, sshd.key, { host: `127.0.3.${last}`, jump: [hop] }))
      .run(script, runOptions())
  const results = await Promise.all([1, 2, 3, 4, 5].map((last) => runOn(last)))
  assert.deepEqual(
    results.map((result) => result.status),
    Array.from({ length: 5 }, () => 'ran'),
  )
  const dead = await runOn(5, '(sleep 0.1; kill -KILL $PPID) >/dev/null 2>&1 & exit 0\n')
  assert.equal(dead.status, 'ran')
  await new Promise((resolve) => setTimeout(resolve, 250))
  const next = await runOn(5)
  assert.equal(next.status, 'ran', JSON.stringify(next))
  const closed = (): number => [...sshd.log().matchAll(/Disconnected from user/g)].length
  for (let left = 40; left > 0 && closed() < 6; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(closed() >= 6, 'five targets and the jump host say goodbye when idle')
  await pool.close()
  await sshd.stop()
})

test('twelve at once all get in where sshd drops the fourth unauthenticated one', {
  skip: whyNoSshd(),
}, async () => {
  const sshd = await startSshd(['MaxStartups 3:100:3'])
  const pool = poolOf()
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      pool
        .transportFor(targetOf(sshd.port, sshd.key, { host: `127.0.1.${at + 1}` }))
        .run('echo in\n', runOptions()),
    ),
  )
  await pool.close()
  await sshd.stop()
  assert.deepEqual(
    results.map((result) => (result.status === 'ran' ? 'in' : result.message)),
    Array.from({ length: 12 }, () => 'in'),
  )
})

test('noise is left out, a shell that hangs or ends is told apart', { skip: whyNoSshd() }, async () => {
  const shell = `case $SSH_CONNECTION in
*' 127.0.2.1 '*) echo rubbish; echo more >&2 ;;
*' 127.0.2.2 '*) exec sleep 3600 ;;
*' 127.0.2.3 '*) echo 'account is closed'; exit 1 ;;
*' 127.0.2.4 '*) exec head -c 3000000 /dev/zero ;;
esac
exec /bin/sh "$@"`
  const sshd = await startSshd([], shell)
  const pool = poolOf({ loginTimeoutMs: 1_500, silenceTimeoutMs: 1_000 })
  const runOn = (last: number, script: string) =>
    pool.transportFor(targetOf(sshd.port, sshd.key, { host: `127.0.2.${last}` })).run(script, runOptions())
  const [noisy, hung, shut, flood, silent] = await Promise.all([
    runOn(1, 'echo clean; echo error >&2\n'),
    runOn(2, 'echo no\n'),
    runOn(3, 'echo no\n'),
    runOn(4, 'echo no\n'),
    runOn(5, 'echo said; sleep 30\n'),
  ])
  await pool.close()
  await sshd.stop()
  assert.ok(noisy.status === 'ran' && silent.status === 'ran')
  assert.deepEqual([noisy.stdout.toString(), noisy.stderr.toString()], ['clean\n', 'error\n'])
  assert.deepEqual([silent.stdout.toString(), silent.timedOut], ['said\n', true])
  assert.ok(hung.status === 'unreachable' && shut.status === 'unreachable' && flood.status === 'unreachable')
  assert.deepEqual([hung.reason, shut.reason, flood.reason], ['timeout', 'shell_failed', 'shell_failed'])
  assert.match(shut.message, /account is closed/)
})
