import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import type { MysqlSettings, SqliteSettings } from '../store-settings.ts'

/** Result codes of SQLite, https://www.sqlite.org/rescode.html. */
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555
const SQLITE_CONSTRAINT_UNIQUE = 2067
/** Primary codes (low byte) that speak of the file and its disk, not of the query. */
const SQLITE_FILE_TROUBLE: ReadonlySet<number> = new Set([
  5, // BUSY: another process held the write lock longer than the busy timeout
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  26, // NOTADB
])

const MYSQL_DUPLICATE: ReadonlySet<string> = new Set(['ER_DUP_ENTRY', 'ER_DUP_ENTRY_WITH_KEY_NAME'])
/** The server answered and said no to this user or database. */
const MYSQL_REFUSED: ReadonlySet<string> = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_HOST_IS_BLOCKED',
  'ER_NOT_SUPPORTED_AUTH_MODE',
  'AUTH_SWITCH_PLUGIN_ERROR',
  'ER_MUST_CHANGE_PASSWORD',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
])
const MYSQL_DEADLOCK = 'ER_LOCK_DEADLOCK'
const MYSQL_LOCK_WAIT_TIMEOUT = 'ER_LOCK_WAIT_TIMEOUT'
/** The server, or the way to it, is not there or too busy; network codes of node:net, codes of mysql2 and of the server. */
const MYSQL_UNAVAILABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_WAIT_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_SERVER_SHUTDOWN',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  MYSQL_LOCK_WAIT_TIMEOUT,
  MYSQL_DEADLOCK,
  'ER_DISK_FULL',
])
const MYSQL_NO_SCHEMA: ReadonlySet<string> = new Set(['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'])

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function mysqlCode(error: unknown): string | null {
  const code = field(error, 'code')
  return typeof code === 'string' ? code : null
}

/** The code that the server gave, also when the error was translated since. */
const originalCode = (error: unknown): string | null =>
  mysqlCode(error instanceof AppError ? error.cause : error)

/**
 * Returns which kind of key was taken already when the error says so, else null. MySQL and MariaDB name the key at the
 * end of the message (`… for key 'server.PRIMARY'`, before MySQL 8.0.19 `'PRIMARY'`).
 */
export function duplicateKeyOf(error: unknown): 'primary' | 'unique' | null {
  const sqliteCode = field(error, 'errcode')
  if (sqliteCode === SQLITE_CONSTRAINT_PRIMARYKEY) return 'primary'
  if (sqliteCode === SQLITE_CONSTRAINT_UNIQUE) return 'unique'
  const code = mysqlCode(error)
  if (code === null || !MYSQL_DUPLICATE.has(code)) return null
  const message = reasonOf(error)
  const key = message.slice(message.lastIndexOf("for key '"))
  return key.includes("'PRIMARY'") || key.includes(".PRIMARY'") ? 'primary' : 'unique'
}

/** True when the server ended the transaction in favour of another one; running it again is the remedy. */
export const isDeadlock = (error: unknown): boolean => originalCode(error) === MYSQL_DEADLOCK

/** True when a DDL statement waited in vain for the queries that use its table. */
export const isLockWaitTimeout = (error: unknown): boolean => originalCode(error) === MYSQL_LOCK_WAIT_TIMEOUT

const schemaOutdated = (error: unknown): AppError =>
  new AppError(
    'SCHEMA_OUTDATED',
    text(
      `数据库结构不完整:${reasonOf(error)}`,
      `The database lacks a table or column of this version: ${reasonOf(error)}`,
    ),
    { cause: error },
  )

/** Returns an {@link AppError} for what is wrong with the file or the schema; any other error as it is. */
export function translateSqliteError(error: unknown, settings: SqliteSettings): unknown {
  const fileCode = mysqlCode(error)
  const resultCode = field(error, 'errcode')
  const isFileTrouble =
    typeof resultCode === 'number'
      ? SQLITE_FILE_TROUBLE.has(resultCode & 0xff)
      : fileCode !== null &&
        /^E(?:ACCES|ROFS|NOSPC|NOTDIR|ISDIR|PERM|EXIST|MFILE|LOOP|NAMETOOLONG)$/.test(fileCode)
  if (isFileTrouble)
    return new AppError(
      'DATABASE_UNAVAILABLE',
      text(
        `SQLite 数据库 ${settings.path} 无法使用:${reasonOf(error)}`,
        `The SQLite database ${settings.path} cannot be used: ${reasonOf(error)}`,
      ),
      { cause: error, details: { path: settings.path } },
    )
  if (resultCode === 1 && /^no such (?:table|column)|has no column named/.test(reasonOf(error)))
    return schemaOutdated(error)
  return error
}

/** Returns an {@link AppError} when the server is not there, refuses, or lacks a table; any other error as it is. */
export function translateMysqlError(error: unknown, settings: MysqlSettings): unknown {
  // mysql2 gives no code to what is asked of a connection that has ended since, only that it is beyond repair.
  const code = mysqlCode(error) ?? (field(error, 'fatal') === true ? 'PROTOCOL_CONNECTION_LOST' : null)
  if (code === null) return error
  const { host, port, user, database } = settings
  const reason = `${code}: ${reasonOf(error) || code}`
  if (MYSQL_REFUSED.has(code))
    return new AppError(
      'DATABASE_REFUSED',
      text(
        `数据库服务器 ${host}:${port} 拒绝用户 ${user} 使用库 ${database}:${reason}`,
        `The database server ${host}:${port} refuses user ${user} the database ${database}: ${reason}`,
      ),
      { cause: error, details: { host, port, user, database, reason: code } },
    )
  if (MYSQL_UNAVAILABLE.has(code))
    return new AppError(
      'DATABASE_UNAVAILABLE',
      text(
        `数据库服务器 ${host}:${port} 没有应答:${reason}`,
        `The database server ${host}:${port} does not answer: ${reason}`,
      ),
      { cause: error, details: { host, port, reason: code } },
    )
  return MYSQL_NO_SCHEMA.has(code) ? schemaOutdated(error) : error
}
