import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  MysqlDialect,
  type MysqlDialectConfig,
  MysqlDriver,
  type MysqlPool,
  type MysqlPoolConnection,
} from 'kysely'
import { createPool, type Pool, type PoolConnection } from 'mysql2'
import type { MysqlSettings } from '../store-settings.ts'
import { translatingDriver } from './translating-driver.ts'

/** TCP connect and login together. */
const CONNECT_DEADLINE_MS = 5000
/** Longest wait for a connection of the pool. */
const POOL_WAIT_DEADLINE_MS = 15_000
/** Longest orderly end of all connections. */
const END_DEADLINE_MS = 2000
/** Longest run of one query. */
const QUERY_DEADLINE_MS = 60_000
/** An index of a table of a million rows is built within one statement. */
const DDL_DEADLINE_MS = 3_600_000

/**
 * Each session is told what the store relies on, whatever the server's own defaults: values that do not fit are
 * refused rather than cut, backslash escapes (which mysql2 writes) are understood, and a read inside a transaction
 * sees what others have committed.
 */
const SESSION_SETTINGS = [
  "set session sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
  'set session transaction isolation level read committed',
]

const deadlineOf = (sql: string): number =>
  /^(?:create|alter) /i.test(sql) ? DDL_DEADLINE_MS : QUERY_DEADLINE_MS

class DeadlineError extends Error {
  readonly code: string

  constructor(code: string, what: string, deadlineMs: number) {
    super(`${what} within ${deadlineMs} ms`)
    this.code = code
  }
}

const refuseStream = (): never => {
  throw new Error('queries of the store are not streamed')
}

/**
 * Gives every query a deadline; a connection whose query ran over it is closed, for its answer may still come.
 * mysql2's own `timeout` keeps its timer, and with it the process, when the connection is lost in the meantime.
 */
function withDeadlines(connection: PoolConnection): MysqlPoolConnection {
  return {
    config: connection.config,
    threadId: connection.threadId ?? 0,
    connect: (callback) => connection.connect((error) => callback?.(error)),
    destroy: () => connection.destroy(),
    release: () => connection.release(),
    query(sql, parameters, callback = refuseStream) {
      let isSettled = false
      const settle: typeof callback = (error, result) => {
        if (isSettled) return
        isSettled = true
        clearTimeout(timer)
        callback(error, result)
      }
      const deadlineMs = deadlineOf(sql)
      const timer = setTimeout(() => {
        settle(new DeadlineError('PROTOCOL_SEQUENCE_TIMEOUT', 'no answer to a query', deadlineMs), [])
        connection.destroy()
      }, deadlineMs)
      // The socket keeps the process while an answer may come.
      timer.unref()
      // The rows are objects because no option asks for arrays.
      connection.query(sql, parameters, (error, result) => settle(error, result as Record<string, unknown>[]))
      return { stream: refuseStream }
    },
  }
}

function toKyselyPool(pool: Pool): MysqlPool {
  const wrapped = new WeakMap<PoolConnection, MysqlPoolConnection>()
  const open = new Set<PoolConnection>()
  pool.on('connection', (connection) => {
    open.add(connection)
    connection.on('end', () => open.delete(connection))
  })
  const wrap = (connection: PoolConnection): MysqlPoolConnection => {
    const known = wrapped.get(connection) ?? withDeadlines(connection)
    wrapped.set(connection, known)
    return known
  }
  return {
    end(callback) {
      // A connection whose query is never answered would never say goodbye.
      const timer = setTimeout(() => {
        for (const connection of open) connection.destroy()
        callback(null)
      }, END_DEADLINE_MS)
      pool.end((error) => {
        clearTimeout(timer)
        callback(error)
      })
    },
    getConnection(callback) {
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        // Kysely reads the connection only when the error is null.
        callback(
          new DeadlineError('POOL_WAIT_TIMEOUT', 'no free connection', POOL_WAIT_DEADLINE_MS),
          {} as MysqlPoolConnection,
        )
      }, POOL_WAIT_DEADLINE_MS)
      pool.getConnection((error, connection) => {
        clearTimeout(timer)
        if (isLate) connection?.release()
        else if (error) callback(error, {} as MysqlPoolConnection)
        else callback(null, wrap(connection))
      })
    },
  }
}

/**
 * Returns the Kysely dialect over a new pool; nothing is connected yet. DATETIME comes back as text, DECIMAL as number,
 * BIGINT as number where it is exact. Errors come out of `translate`. Throws TypeError for an unknown charset.
 */
export function createMysqlDialect(settings: MysqlSettings, translate: (error: unknown) => unknown): Dialect {
  const pool = createPool({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    charset: settings.charset,
    connectionLimit: settings.poolSize,
    connectTimeout: CONNECT_DEADLINE_MS,
    dateStrings: true,
    decimalNumbers: true,
    supportBigNumbers: true,
    enableKeepAlive: true,
  })
  const config: MysqlDialectConfig = {
    pool: toKyselyPool(pool),
    onCreateConnection: async (connection: DatabaseConnection) => {
      for (const statement of SESSION_SETTINGS) await connection.executeQuery(CompiledQuery.raw(statement))
    },
  }
  const dialect = new MysqlDialect(config)
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => translatingDriver(new MysqlDriver(config), translate),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}
