import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { AppError } from '../domain/errors.ts'
import { silentLogger } from '../lib/logger.ts'
import { openStore } from './open-store.ts'
import type { Store } from './repositories.ts'
import type { MysqlSettings } from './store-settings.ts'
import { defineSuite } from './testing/define-suite.ts'
import { SERVERS, TestClock } from './testing/test-databases.ts'

const WRONG_PASSWORD = 'do-not-print-me'

async function openError(settings: MysqlSettings): Promise<AppError> {
  try {
    const store = await openStore(settings, { clock: new TestClock(), logger: silentLogger })
    await store.close()
  } catch (error) {
    assert.ok(error instanceof AppError, String(error))
    return error
  }
  return assert.fail('the store opened')
}

/** A way to the server that can be made to swallow everything. */
async function startProxy(host: string, port: number) {
  const sockets: Socket[] = []
  const proxy = createServer((client) => {
    const server = connect(port, host)
    for (const socket of [client, server]) {
      sockets.push(socket)
      socket.on('error', () => socket.destroy())
    }
    client.pipe(server)
    server.pipe(client)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  assert.ok(address !== null && typeof address === 'object')
  return {
    port: address.port,
    fallSilent() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

for (const server of SERVERS)
  defineSuite(server, 'connection', (context) => {
    const settings = (): MysqlSettings => {
      const { settings: open } = context().database
      assert.ok(open.kind === 'mysql')
      return open
    }

    test('a wrong password is refused with user, host and database, without the password', async () => {
      const error = await openError({ ...settings(), password: WRONG_PASSWORD })
      assert.equal(error.code, 'DATABASE_REFUSED')
      const { user, host, database, port } = settings()
      assert.deepEqual(error.details, { host, port, user, database, reason: 'ER_ACCESS_DENIED_ERROR' })
      assert.ok(error.message.includes(`${host}:${port}`))
      assert.ok(error.text.zh.includes(user) && error.text.zh.includes(database))
      assert.ok(!JSON.stringify([error.text, error.details, String(error.cause)]).includes(WRONG_PASSWORD))
    })

    test('a database that does not exist is refused by name', async () => {
      const error = await openError({ ...settings(), database: 'no_such_database' })
      assert.equal(error.code, 'DATABASE_REFUSED')
      assert.match(error.message, /no_such_database/)
    })

    test('sessions are strict and read what is committed, whatever the server says', async () => {
      const { store, database } = context()
      const [before] = await database.query('select @@global.sql_mode as mode')
      await database.query(`set global sql_mode = 'NO_BACKSLASH_ESCAPES'`)
      try {
        const again = await context().openAgain()
        await again.settings.set(`it's`, `a \\' b`)
        assert.equal(await again.settings.get(`it's`), `a \\' b`)
        assert.equal(await store.settings.get(`it's`), `a \\' b`)
        await assert.rejects(again.settings.set('x'.repeat(300), ''), /too long/i)
      } finally {
        await database.query(`set global sql_mode = '${String(before?.['mode'])}'`)
      }
    })

    test('transactions that block one another all happen', { timeout: 60_000 }, async () => {
      const { store } = context()
      for (const key of ['a', 'b']) await store.settings.set(key, '0')
      const add = (target: Store, first: string, second: string): Promise<void> =>
        target.transaction(async (repositories) => {
          await repositories.settings.set(first, 'touched')
          await repositories.settings.set(second, 'touched')
        })
      const other = await context().openAgain()
      await Promise.all(
        Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? add(store, 'a', 'b') : add(other, 'b', 'a'))),
      )
      assert.equal(await store.settings.get('a'), 'touched')
    })

    test('a server that falls silent is noticed, and the store can be closed', {
      timeout: 40_000,
    }, async () => {
      const { host, port } = settings()
      const proxy = await startProxy(host, port)
      try {
        const store = await openStore(
          { ...settings(), host: '127.0.0.1', port: proxy.port, poolSize: 1 },
          { clock: new TestClock(), logger: silentLogger },
        )
        await store.settings.set('before', 'silence')
        await store.schedules.claim('before', new Date(0))
        await store.audit.list(1)
        proxy.fallSilent()
        await assert.rejects(
          store.ping(),
          (error) => error instanceof AppError && error.code === 'DATABASE_UNAVAILABLE',
        )
        const begun = performance.now()
        await store.close()
        assert.ok(performance.now() - begun < 8000)
      } finally {
        await proxy.stop()
      }
    })

    test('a connection that the server closes is replaced', async () => {
      const { database } = context()
      const store = await context().openAgain()
      await store.ping()
      const { database: name } = settings()
      const sessions = await database.query(
        `select id from information_schema.processlist where db = '${name}' and id <> connection_id()`,
      )
      for (const session of sessions) await database.query(`kill ${String(session['id'] ?? session['ID'])}`)
      const answers = await Promise.allSettled([store.ping(), context().store.ping()])
      for (const answer of answers)
        if (answer.status === 'rejected')
          assert.ok(
            answer.reason instanceof AppError && answer.reason.code === 'DATABASE_UNAVAILABLE',
            String(answer.reason),
          )
      await store.ping()
      await context().store.ping()
    })
  })
