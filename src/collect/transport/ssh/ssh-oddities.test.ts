import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Connection } from 'ssh2'
import ssh2 from 'ssh2'
import { credentialOf, poolOf, runOptions, secret, targetOf } from './testing/pool-fixture.ts'

const SETTINGS = {
  connectTimeoutMs: 1_000,
  loginTimeoutMs: 1_000,
  connectBackOffMs: 20,
  maxConnectAttempts: 3,
}
const HOST_KEY = ssh2.utils.generateKeyPairSync('ed25519').private

/** A server that does to each session what the user's name says. */
function oddServer() {
  const open = new Set<Connection>()
  const prompts: string[] = []
  const server = new ssh2.Server({ hostKeys: [HOST_KEY] }, (connection) => {
    let user = ''
    open.add(connection)
    connection.on('error', () => connection.end())
    connection.on('close', () => open.delete(connection))
    connection.on('authentication', (login) => {
      user = login.username
      if (user === 'hang-in-login') return
      if (user.startsWith('ask') && login.method === 'keyboard-interactive') {
        login.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
          prompts.push(...answers)
          if (user === 'ask') login.accept()
          else login.prompt([{ prompt: 'Code: ', echo: false }], () => login.reject())
        })
        return
      }
      if (user.startsWith('ask') || login.method !== 'password')
        login.reject([user.startsWith('ask') ? 'keyboard-interactive' : 'password'])
      else login.accept()
    })
    connection.on('session', (accept) => {
      accept().on('exec', (acceptShell, reject) => {
        if (user === 'no-reply') return
        if (user === 'reject') return reject()
        const channel = acceptShell()
        channel.once('data', (sent: Buffer) => {
          const nonce = /@@smart-ops-session ([0-9a-f]{32})/.exec(sent.toString())?.[1] ?? ''
          channel.write(`\n@@smart-ops-session ${nonce} 1 \npartial\n`)
          if (user === 'signal') channel.exit('KILL', true, 'oom')
          if (user === 'never-close' || user === 'ask') channel.exit(0)
          if (user !== 'never-close') channel.end()
        })
      })
    })
  })
  return { server, open, prompts }
}

describe('servers that do odd things', () => {
  const { server, open, prompts } = oddServer()
  let port = 0
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    port = address.port
  })
  after(async () => {
    for (const connection of open) connection.end()
    await new Promise((resolve) => server.close(resolve))
  })
  const runAs = async (user: string) => {
    const pool = poolOf(SETTINGS)
    const credential = credentialOf({ user, password: secret('Pass-4711'), tryKeyboardInteractive: true })
    const started = performance.now()
    const result = await pool
      .transportFor({ ...targetOf(port, ''), credential })
      .run('echo\n', runOptions({ deadlineMs: 3_000 }))
    assert.ok(performance.now() - started < 4_500)
    await pool.close()
    const told = result.status === 'ran' ? [result.stdout.toString(), result.exitCode] : [result.reason]
    if (result.status === 'unreachable') assert.doesNotMatch(result.message, /Pass-4711/)
    return told
  }

  test('a login that is never answered', async () =>
    assert.deepEqual(await runAs('hang-in-login'), ['timeout']))
  test('a shell that is never granted', async () => assert.deepEqual(await runAs('no-reply'), ['timeout']))
  test('a shell that is refused', async () => assert.deepEqual(await runAs('reject'), ['shell_failed']))
  test('no exit status', async () => assert.deepEqual(await runAs('no-exit'), ['partial\n', null]))
  test('an exit by signal', async () => assert.deepEqual(await runAs('signal'), ['partial\n', null]))
  test('a channel that never closes', async () =>
    assert.deepEqual(await runAs('never-close'), ['partial\n', 0]))
  test('one hidden question is answered with the password, a second one is not', async () => {
    assert.deepEqual(await runAs('ask'), ['partial\n', 0])
    assert.deepEqual(await runAs('ask-twice'), ['login_refused'])
    assert.deepEqual(prompts, ['Pass-4711', 'Pass-4711'])
  })
})

describe('ports that are no SSH server', () => {
  const runAgainst = async (answer: (socket: Socket) => void) => {
    const sockets = new Set<Socket>()
    const listener = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      answer(socket)
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const address = listener.address()
    assert.ok(address !== null && typeof address === 'object')
    const { port } = address
    const pool = poolOf(SETTINGS)
    const credential = credentialOf({ password: secret('x') })
    const result = await pool.transportFor({ ...targetOf(port, ''), credential }).run('echo\n', runOptions())
    await pool.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => listener.close(resolve))
    return {
      told: result.status === 'ran' ? 'ran' : `${result.reason}: ${result.message}`,
      count: sockets.size,
    }
  }

  test('one that accepts and is silent', async () => {
    assert.match((await runAgainst(() => undefined)).told, /^timeout: /)
  })
  test('one that drips a byte a second', async () => {
    const { told } = await runAgainst((socket) => {
      const timer = setInterval(() => socket.write('S'), 200)
      socket.on('close', () => clearInterval(timer))
    })
    assert.match(told, /^timeout: /)
  })
  test('one that closes at once is tried a bounded number of times', async () => {
    const { told, count } = await runAgainst((socket) => socket.destroy())
    assert.match(told, /^connect_failed: .*MaxStartups.*tried 3 times/)
    assert.equal(count, 3)
  })
  test('one that speaks HTTP and closes, as text before the greeting is allowed (RFC 4253, 4.2)', async () => {
    const { told, count } = await runAgainst((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    assert.match(told, /^connect_failed: /)
    assert.equal(count, 3)
  })
})
