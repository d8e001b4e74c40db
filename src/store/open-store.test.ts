import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppError } from '../domain/errors.ts'
import { silentLogger } from '../lib/logger.ts'
import { openStore } from './open-store.ts'
import type { MysqlSettings } from './store-settings.ts'
import { createSqliteDatabase, TestClock } from './testing/test-databases.ts'

const PASSWORD = 'do-not-print-me'
const MYSQL: MysqlSettings = {
  kind: 'mysql',
  host: '127.0.0.1',
  port: 1,
  user: 'ops',
  password: PASSWORD,
  database: 'envom',
  charset: 'utf8mb4',
  poolSize: 2,
  timeZone: 'UTC',
}
const dependencies = { clock: new TestClock(), logger: silentLogger }

async function openError(settings: Parameters<typeof openStore>[0]): Promise<AppError> {
  try {
    const store = await openStore(settings, dependencies)
    await store.close()
  } catch (error) {
    assert.ok(error instanceof AppError, String(error))
    assert.ok(!JSON.stringify([error.text, error.details, error.message]).includes(PASSWORD))
    return error
  }
  return assert.fail('the store opened')
}

test('creates the folder for its owner alone, and the file too', async () => {
  const database = await createSqliteDatabase()
  try {
    assert.ok(database.settings.kind === 'sqlite')
    const { path } = database.settings
    const store = await database.open()
    await store.migrate()
    assert.equal((await stat(join(path, '..'))).mode & 0o777, 0o700)
    for (const file of [path, `${path}-wal`]) assert.equal((await stat(file)).mode & 0o777, 0o600, file)
    await store.close()
    const [mode] = await database.query('pragma journal_mode')
    assert.equal(mode?.['journal_mode'], 'wal')
  } finally {
    await database.drop()
  }
})

test('a path that cannot hold a database is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smart-ops-store-'))
  try {
    const text = join(folder, 'text.db')
    await writeFile(text, 'this is no database, however long it may be '.repeat(100))
    const directory = join(folder, 'directory.db')
    await mkdir(directory)
    for (const path of [text, directory, join(text, 'below.db')]) {
      const error = await openError({ kind: 'sqlite', path, timeZone: 'UTC' })
      assert.equal(error.code, 'DATABASE_UNAVAILABLE')
      assert.ok(error.message.includes(path), error.message)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('an unknown time zone is refused by name', async () => {
  const error = await openError({ ...MYSQL, timeZone: 'Mars/Olympus' })
  assert.equal(error.code, 'CONFIG_INVALID')
  assert.match(error.message, /Mars\/Olympus/)
})

test('an unknown charset is refused by name', async () => {
  const error = await openError({ ...MYSQL, charset: 'klingon' })
  assert.equal(error.code, 'CONFIG_INVALID')
  assert.match(error.message, /klingon/)
})

test('a port where nobody listens is named', async () => {
  const error = await openError(MYSQL)
  assert.equal(error.code, 'DATABASE_UNAVAILABLE')
  assert.match(error.message, /127\.0\.0\.1:1 .*ECONNREFUSED/)
  assert.deepEqual(error.details, { host: '127.0.0.1', port: 1, reason: 'ECONNREFUSED' })
})

test('a host that does not exist is named', async () => {
  const error = await openError({ ...MYSQL, host: 'no-such-host.invalid' })
  assert.equal(error.code, 'DATABASE_UNAVAILABLE')
  assert.match(error.message, /no-such-host\.invalid:1 /)
})

test('a server that accepts and says nothing is given up after 5 s', { timeout: 20_000 }, async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  try {
    const begun = performance.now()
    const error = await openError({ ...MYSQL, port: address.port })
    const tookMs = performance.now() - begun
    assert.equal(error.code, 'DATABASE_UNAVAILABLE')
    assert.match(error.message, /ETIMEDOUT/)
    assert.ok(tookMs > 4000 && tookMs < 10_000, `${tookMs} ms`)
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

test('a worker id that another process took in the meantime is exchanged', async () => {
  const database = await createSqliteDatabase()
  const clock = new TestClock()
  try {
    const store = await database.open({ clock, random: () => 0 })
    await store.migrate()
    await store.audit.append({
      at: clock.now(),
      actor: { kind: 'system', name: 's', surface: 'startup' },
      operation: 'o',
      effect: 'read',
      input: '{}',
      outcome: 'OK',
      durationMs: 0,
    })
    const leases = () =>
      database.query('select worker_id, owner, expires_at from id_worker_lease order by worker_id')
    assert.equal((await leases()).length, 1)
    clock.move(3_600_000)
    const other = await database.open({ clock, random: () => 0 })
    const run = {
      flow: 'full_inspection',
      input: null,
      startedBy: { kind: 'system', name: 's', surface: 'startup' },
      startedAt: clock.now(),
    } as const
    const theirs = await other.runs.create(run)
    const ours = await store.runs.create(run)
    assert.deepEqual(
      (await leases()).map((row) => row['worker_id']),
      [0, 1],
    )
    assert.notEqual(theirs.id, ours.id)
    await other.close()
    await store.close()
    assert.deepEqual(
      (await leases()).map((row) => row['expires_at']),
      [0, 0],
    )
  } finally {
    await database.drop()
  }
})

test('an id that is taken is replaced by another one', async () => {
  const database = await createSqliteDatabase()
  try {
    const first = await database.open({ random: () => 0 })
    await first.migrate()
    const settings = { kind: 'system', name: 's', surface: 'startup' } as const
    const run = { flow: 'full_inspection', input: null, startedBy: settings, startedAt: new Date(0) } as const
    const before = await first.runs.create(run)
    await first.close()
    // The same worker id and the same standing clock: the first id of this store is the one above.
    const second = await database.open({ random: () => 0 })
    const after = await second.runs.create(run)
    assert.equal(BigInt(after.id), BigInt(before.id) + 1n)
    await second.close()
  } finally {
    await database.drop()
  }
})
