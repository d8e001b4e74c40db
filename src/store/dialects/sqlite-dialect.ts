import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'
import { translatingDriver } from './translating-driver.ts'

/** How long a writer waits for another one's write lock (decided: four writing processes never fail with it). */
const BUSY_TIMEOUT_MS = 5000
/**
 * The part of it that SQLite waits by itself, which stops the whole process. The rest is waited for between attempts,
 * so that the process goes on serving, and so that the lock may be held by another store of the same process.
 */
const BLOCKING_WAIT_MS = 10
const MAX_PAUSE_MS = 25
const SQLITE_BUSY = 5

const MAX_PREPARED_STATEMENTS = 200

const isBindable = (value: unknown): value is SQLInputValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  ArrayBuffer.isView(value)

function toBindable(values: readonly unknown[]): SQLInputValue[] {
  return values.map((value) => {
    if (isBindable(value)) return value
    throw new TypeError(`a ${typeof value} cannot be stored in SQLite`)
  })
}

function prepare(database: DatabaseSync, sql: string): SqliteStatement {
  const statement: StatementSync = database.prepare(sql)
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...toBindable(parameters)),
    run: (parameters) => statement.run(...toBindable(parameters)),
    iterate: (parameters) => database.prepare(sql).iterate(...toBindable(parameters)),
  }
}

/** The least recently used statement goes first; preparing again costs as much as running a small query. */
function withStatementCache(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    close() {
      statements.clear()
      database.close()
    },
    prepare(sql) {
      const statement = statements.get(sql) ?? prepare(database, sql)
      statements.delete(sql)
      statements.set(sql, statement)
      if (statements.size > MAX_PREPARED_STATEMENTS)
        for (const oldest of statements.keys()) {
          statements.delete(oldest)
          break
        }
      return statement
    },
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && Number(Reflect.get(error, 'errcode')) % 256 === SQLITE_BUSY

/** Repeats what SQLite refused because of another writer; a refused statement has changed nothing. */
async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS))
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
      await sleep(pauseMs * Math.random())
    }
}

/** Waits for other writers outside transactions; inside one the lock is held already. */
class WaitingConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection
  readonly #database: DatabaseSync

  constructor(inner: DatabaseConnection, database: DatabaseSync) {
    this.#inner = inner
    this.#database = database
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const run = () => this.#inner.executeQuery<R>(query)
    return this.#database.isTransaction ? run() : whileBusy(run)
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery<R>(query, chunkSize)
  }
}

/**
 * `BEGIN IMMEDIATE` takes the write lock at once: with plain BEGIN a transaction that reads first and then writes is
 * refused without waiting when another process wrote in between.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync

  constructor(config: SqliteDialectConfig, database: DatabaseSync) {
    super(config)
    this.#database = database
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new WaitingConnection(await super.acquireConnection(), this.#database)
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk rolls back by itself; a second rollback would hide the first error.
    if (this.#database.isTransaction) await super.rollbackTransaction(connection)
  }
}

function openFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: BLOCKING_WAIT_MS })
  try {
    // Changing to WAL needs the file for itself; the mode is kept in the file.
    const mode = database.prepare('pragma journal_mode').get()?.['journal_mode']
    if (mode !== 'wal') database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = normal; pragma foreign_keys = on;')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Opens the file, creating it (0600) and its folder (0700) when absent. Several processes that create it at once wait
 * for one another. Throws what node:fs and node:sqlite throw.
 */
export const openSqliteFile = (path: string): Promise<DatabaseSync> => whileBusy(async () => openFile(path))

/** Returns the Kysely dialect over an open file; errors come out of `translate`. */
export function createSqliteDialect(database: DatabaseSync, translate: (error: unknown) => unknown): Dialect {
  const config = { database: withStatementCache(database) }
  const dialect = new SqliteDialect(config)
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => translatingDriver(new ImmediateDriver(config, database), translate),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}
