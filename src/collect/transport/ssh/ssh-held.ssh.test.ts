import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Connection } from 'ssh2'
import ssh2 from 'ssh2'
import type { SshHop } from './ssh-target.ts'
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

const accepted = (sshd: TestSshd): number => [...sshd.log().matchAll(/Accepted publickey/g)].length

test('keyboard-interactive answers with the password where the server takes nothing else, and once', {
  skip: whyNoSshd(),
}, async () => {
  const sshd = await startSshd([
    'UsePAM yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication yes',
    'PubkeyAuthentication no',
  ])
  const login = async (password: string, tryKeyboardInteractive: boolean) => {
    const pool = poolOf()
    const credential = credentialOf({ password: secret(password), tryKeyboardInteractive })
    const target = { ...targetOf(sshd.port, sshd.key), credential }
    const result = await pool.transportFor(target).run('id -un 2>/dev/null || echo in\n', runOptions())
    await pool.close()
    return result.status === 'ran' ? result.stdout.toString() : `${result.reason}: ${result.message}`
  }
  assert.equal(await login(sshd.password, true), 'ops\n')
  assert.match(await login(sshd.password, false), /^login_refused: .*accepts keyboard-interactive/)
  const wrong = await login('wrong-secret', true)
  assert.match(wrong, /^login_refused: .*tried keyboard-interactive/)
  assert.doesNotMatch(wrong, /wrong-secret/)
  assert.equal([...sshd.log().matchAll(/Failed keyboard-interactive/g)].length, 1, 'one try')
  await sshd.stop()
})

describe('a peer that freezes', { skip: whyNoSshd() }, () => {
  let sshd: TestSshd
  before(async () => {
    sshd = await startSshd([])
  })
  after(() => sshd.stop())
  const SETTINGS = { keepAliveIntervalMs: 200 }

  test('while its connection is held: it is dropped, and the next run connects anew', async () => {
    const pool = poolOf(SETTINGS)
    const run = (script: string) => pool.transportFor(targetOf(sshd.port, sshd.key)).run(script, runOptions())
    const before = accepted(sshd)
    const last = await run('(sleep 0.2; kill -STOP $PPID) >/dev/null 2>&1 & exit 0\n')
    assert.equal(last.status, 'ran')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const started = performance.now()
    const next = await run('echo again\n')
    assert.ok(next.status === 'ran', JSON.stringify(next))
    assert.equal(next.stdout.toString(), 'again\n')
    assert.ok(performance.now() - started < 5_000, 'nobody waits for the frozen one')
    assert.equal(accepted(sshd) - before, 2)
    await pool.close()
  })

  test('just before a run: the run is told why, long before its deadline, or reaches it anew', async () => {
    const pool = poolOf(SETTINGS)
    const run = (script: string) =>
      pool
        .transportFor(targetOf(sshd.port, sshd.key, { host: '127.0.0.8' }))
        .run(script, runOptions({ deadlineMs: 60_000 }))
    assert.equal((await run('(sleep 0.1; kill -STOP $PPID) >/dev/null 2>&1 & exit 0\n')).status, 'ran')
    await new Promise((resolve) => setTimeout(resolve, 250))
    const started = performance.now()
    const next = await run('echo again\n')
    assert.ok(next.status === 'ran', JSON.stringify(next))
    assert.equal(next.stdout.toString(), 'again\n')
    assert.ok(performance.now() - started < 8_000)
    await pool.close()
  })

  test('in the middle of a run: what came is kept', async () => {
    const pool = poolOf(SETTINGS)
    const started = performance.now()
    const result = await pool
      .transportFor(targetOf(sshd.port, sshd.key, { host: '127.0.0.9' }))
      .run('echo part; sleep 0.2; kill -STOP $PPID; sleep 3\n', runOptions({ deadlineMs: 60_000 }))
    assert.ok(result.status === 'ran', JSON.stringify(result))
    assert.deepEqual([result.stdout.toString(), result.exitCode, result.timedOut], ['part\n', null, false])
    assert.ok(performance.now() - started < 8_000)
    await pool.close()
  })
})

/** Returns the largest number of spans that have an instant in common. */
function mostAtOnce(spans: readonly (readonly [bigint, bigint])[]): number {
  const inside = spans.map(([from]) => spans.filter(([start, end]) => start <= from && from < end).length)
  return Math.max(...inside)
}

test('runs through one jump host are bounded there, and hanging ones do not hold up the others', {
  skip: whyNoSshd(),
}, async () => {
  const hung = ['127.0.5.1', '127.0.5.2']
  const shell = `case $SSH_CONNECTION in ${hung.map((host) => `*' ${host} '*`).join('|')}) exec sleep 3600 ;; esac
exec /bin/sh "$@"`
  const sshd = await startSshd([], shell)
  const pool = poolOf({ maxRunsPerJumpHost: 2, slowAfterMs: 1_500, loginTimeoutMs: 6_000 })
  const hop: SshHop = {
    host: '127.0.0.2',
    port: sshd.port,
    credential: targetOf(sshd.port, sshd.key).credential,
  }
  const runOn = (host: string) =>
    pool
      .transportFor(targetOf(sshd.port, sshd.key, { host, jump: [hop] }))
      .run('date +%s%N; sleep 0.2; date +%s%N\n', runOptions())
  const healthy = Array.from({ length: 8 }, (_, at) => `127.0.6.${at + 1}`)
  const quick = await Promise.all(healthy.map(runOn))
  const spans = quick.map((result) => {
    assert.ok(result.status === 'ran', JSON.stringify(result))
    const [from = '', until = ''] = result.stdout.toString().trim().split('\n')
    return [BigInt(from), BigInt(until)] as const
  })
  assert.ok(mostAtOnce(spans) <= 2, `${mostAtOnce(spans)} at once`)
  const hanging = hung.map(runOn)
  const started = performance.now()
  const behind = await Promise.all(healthy.map(runOn))
  const tookMs = performance.now() - started
  assert.deepEqual(new Set(behind.map(({ status }) => status)), new Set(['ran']))
  assert.ok(tookMs < 6_000, `the healthy ones took ${tookMs} ms`)
  for (const result of await Promise.all(hanging))
    assert.equal(result.status === 'unreachable' && result.reason, 'timeout')
  await pool.close()
  await sshd.stop()
})

test('silent ports that hold every handshake do not hold up the others until their deadline', {
  skip: whyNoSshd(),
}, async () => {
  const sshd = await startSshd([])
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  const silentPort = await freePort()
  await new Promise<void>((resolve) => silent.listen(silentPort, '0.0.0.0', resolve))
  const pool = poolOf({ maxHandshakes: 2, slowAfterMs: 300, connectTimeoutMs: 8_000 })
  const runOn = (port: number, host: string) =>
    pool.transportFor(targetOf(port, sshd.key, { host })).run('echo in\n', runOptions())
  const deaf = ['127.0.7.1', '127.0.7.2'].map((host) => runOn(silentPort, host))
  const started = performance.now()
  const results = await Promise.all([1, 2, 3, 4, 5].map((last) => runOn(sshd.port, `127.0.8.${last}`)))
  assert.ok(performance.now() - started < 6_000)
  assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['ran']))
  await pool.close()
  for (const result of await Promise.all(deaf)) assert.equal(result.status, 'unreachable')
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => silent.close(resolve))
  await sshd.stop()
})

/** A jump host that leads every address to one port of this machine, as a network of its own would. */
async function startJumpHost(leadsTo: () => number) {
  const open = new Set<Connection>()
  const hostKeys = [ssh2.utils.generateKeyPairSync('ed25519').private]
  const server = new ssh2.Server({ hostKeys }, (connection) => {
    open.add(connection)
    connection.on('error', () => connection.end())
    connection.on('close', () => open.delete(connection))
    connection.on('authentication', (login) =>
      login.method === 'password' ? login.accept() : login.reject(['password']),
    )
    connection.on('tcpip', (accept) => {
      const channel = accept()
      const socket = connect(leadsTo(), '127.0.0.1')
      socket.on('error', () => channel.end())
      channel.on('error', () => socket.destroy())
      channel.on('close', () => socket.destroy())
      socket.pipe(channel).pipe(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const hop: SshHop = {
    host: '127.0.0.1',
    port: address.port,
    credential: credentialOf({ password: secret('x') }),
  }
  const stop = async (): Promise<void> => {
    for (const connection of open) connection.end()
    await new Promise((resolve) => server.close(resolve))
  }
  return { hop, stop }
}

test('one address in two cloud areas is two machines with a host key each', {
  skip: whyNoSshd(),
}, async () => {
  const [first, second] = await Promise.all([startSshd([]), startSshd([])])
  let leadsTo = first.port
  const [one, two] = await Promise.all([startJumpHost(() => leadsTo), startJumpHost(() => second.port)])
  const knownHosts = memoryKnownHosts()
  const lookAt = async (area: number, sshd: TestSshd, hop: SshHop) => {
    const pool = poolOf({}, { knownHosts })
    const target = targetOf(22, sshd.key, {
      host: '10.77.0.5',
      jump: [hop],
      hostKeyAlias: `${area}:10.77.0.5`,
    })
    const result = await pool.transportFor(target).run('echo in\n', runOptions())
    await pool.close()
    return result.status === 'ran' ? 'ran' : result.reason
  }
  assert.equal(await lookAt(1, first, one.hop), 'ran')
  assert.equal(await lookAt(2, second, two.hop), 'ran')
  const prints = ['1:10.77.0.5 22', '2:10.77.0.5 22'].map((name) => knownHosts.all.get(name)?.fingerprint)
  assert.ok(prints.every((print) => print !== undefined) && prints[0] !== prints[1])
  leadsTo = second.port
  assert.equal(await lookAt(1, second, one.hop), 'host_key_changed', 'each area keeps to its own')
  await Promise.all([one.stop(), two.stop(), first.stop(), second.stop()])
})
