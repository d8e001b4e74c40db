import { setTimeout as sleep } from 'node:timers/promises'
import { type Dialect, Kysely, sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import { createLocalTimeZone } from '../lib/local-time.ts'
import type { Logger } from '../lib/logger.ts'
import { decideAdoption, isAdoptedDatabase } from './adoption.ts'
import { createRepositories } from './create-repositories.ts'
import { isDeadlock, translateMysqlError, translateSqliteError } from './dialects/database-errors.ts'
import { createMysqlDialect } from './dialects/mysql-dialect.ts'
import { createSqliteDialect, openSqliteFile } from './dialects/sqlite-dialect.ts'
import { Migrator } from './migrator.ts'
import { createReportTypeWordsSource } from './report-type-words.ts'
import type { Repositories, Store } from './repositories.ts'
import type { RepositoryContext } from './repository-context.ts'
import { createStatusWordsSource } from './status-words.ts'
import type { DialectName, MysqlSettings, SqliteSettings, StoreSettings } from './store-settings.ts'
import type { Tables } from './tables.ts'
import { createTransactionGuard } from './transaction-guard.ts'
import { createIdSource, type IdSource } from './worker-lease.ts'

const MAX_TRANSACTION_ATTEMPTS = 12
const PING_DEADLINE_MS = 5000
const CLOSE_DEADLINE_MS = 3000
/** Those that block one another must not meet again at once. */
const DEADLOCK_PAUSE_MS = 10

export interface StoreDependencies {
  readonly clock: Clock
  readonly logger: Logger
  /** Returns a number in [0, 1). Default: Math.random. */
  readonly random?: () => number
  /** Tables with more rows get no index by themselves. Default: a million. */
  readonly largeTableRows?: number
}

async function openSqliteDialect(settings: SqliteSettings): Promise<Dialect> {
  const translate = (error: unknown): unknown => translateSqliteError(error, settings)
  try {
    return createSqliteDialect(await openSqliteFile(settings.path), translate)
  } catch (error) {
    throw translate(error)
  }
}

function openMysqlDialect(settings: MysqlSettings): Dialect {
  try {
    return createMysqlDialect(settings, (error) => translateMysqlError(error, settings))
  } catch (error) {
    throw new AppError(
      'CONFIG_INVALID',
      text(
        `数据库连接设置无效(database.charset 为 ${settings.charset})`,
        `The settings of the database connection are not valid (database.charset is ${settings.charset}, usual is utf8mb4)`,
      ),
      { cause: error, details: { charset: settings.charset } },
    )
  }
}

/** Asks the server what it is, which also shows that it is there and lets us in. */
async function readServerVersion(db: Kysely<Tables>, dialect: DialectName): Promise<string> {
  const query =
    dialect === 'sqlite'
      ? sql<{ v: string }>`select sqlite_version() as v`
      : sql<{ v: string }>`select version() as v`
  const version = (await query.execute(db)).rows[0]?.v ?? ''
  if (dialect === 'sqlite') return `SQLite ${version}`
  return version.includes('MariaDB') ? version : `MySQL ${version}`
}

/** Throws AppError DATABASE_UNAVAILABLE when the database has not done the work in time. */
async function withDeadline(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  const controller = new AbortController()
  const late = sleep(deadlineMs, 'late', { signal: controller.signal })
  try {
    if ((await Promise.race([work, late])) !== 'late') return
  } finally {
    // Whichever of the two comes second, its end is of no interest any more.
    late.catch(() => undefined)
    work.catch(() => undefined)
    controller.abort()
  }
  throw new AppError(
    'DATABASE_UNAVAILABLE',
    text(`数据库 ${deadlineMs} 毫秒内没有应答`, `The database did not answer within ${deadlineMs} ms`),
  )
}

async function closeQuietly(db: Kysely<Tables>, logger: Logger): Promise<void> {
  try {
    await withDeadline(db.destroy(), CLOSE_DEADLINE_MS)
  } catch (error) {
    logger.warn({ error }, 'the database connections could not be closed')
  }
}

/**
 * Opens a database; it does not migrate. Throws AppError DATABASE_UNAVAILABLE (no server there within 5 s, a file that
 * cannot be used), DATABASE_REFUSED (login, rights, no such database) or CONFIG_INVALID (time zone, charset).
 */
export async function openStore(settings: StoreSettings, dependencies: StoreDependencies): Promise<Store> {
  const { clock, logger, random = Math.random } = dependencies
  const zone = openTimeZone(settings.timeZone)
  const dialect = settings.kind
  const base = new Kysely<Tables>({
    dialect: settings.kind === 'sqlite' ? await openSqliteDialect(settings) : openMysqlDialect(settings),
    log: [],
  })
  let serverVersion: string
  try {
    serverVersion = await readServerVersion(base, dialect)
  } catch (error) {
    await closeQuietly(base, logger)
    throw error
  }
  const { largeTableRows } = dependencies
  const migrator = new Migrator({
    db: base,
    dialect,
    clock,
    logger,
    ...(largeTableRows === undefined ? {} : { largeTableRows }),
  })
  const guard = createTransactionGuard()
  const ids = createIdSource({ db: base, clock, random })
  const statusWords = createStatusWordsSource(settings.statusWords ?? 'auto', clock)
  const reportTypeWords = createReportTypeWordsSource(settings.reportTypeWords ?? 'auto', clock)

  const transact = async <T>(work: (context: RepositoryContext) => Promise<T>): Promise<T> => {
    guard.assertOutside()
    await ids.ready()
    for (let attempt = 1; ; attempt += 1)
      try {
        return await base.transaction().execute((db) =>
          guard.run(() => {
            const nextId = async (): Promise<string> => ids.next()
            const context: RepositoryContext = {
              db,
              dialect,
              zone,
              statusWords,
              nextId,
              atomically: (inner) => inner(context),
            }
            return work(context)
          }),
        )
      } catch (error) {
        if (!isDeadlock(error) || attempt >= MAX_TRANSACTION_ATTEMPTS) throw error
        logger.debug({ attempt }, 'a transaction gave way to another one and runs again')
        await sleep(random() * DEADLOCK_PAUSE_MS * attempt)
      }
  }
  const repositories: Repositories = createRepositories({
    db: base.withPlugin(guard.plugin),
    dialect,
    zone,
    statusWords,
    async nextId() {
      guard.assertOutside()
      await ids.ready()
      return ids.next()
    },
    atomically: transact,
  })
  return {
    ...repositories,
    dialect,
    transaction: (work) => transact((context) => work(createRepositories(context))),
    reserveIds: (count) => reserveIds(ids, count),
    isAdopted: () => isAdoptedDatabase(base),
    words: async () => ({ status: await statusWords(base), reportType: await reportTypeWords(base) }),
    async schemaStatus() {
      const { applied, pending, pendingLarge } = await migrator.state()
      return { dialect, serverVersion, applied, pending: pending.map(({ name }) => name), pendingLarge }
    },
    migrate: async () => {
      const applied = await migrator.migrate()
      await decideAdoption(base)
      return applied
    },
    pendingSql: () => migrator.pendingSql(),
    ping: () => withDeadline(sql`select 1`.execute(base), PING_DEADLINE_MS),
    async close() {
      try {
        await withDeadline(ids.release(), CLOSE_DEADLINE_MS)
      } catch (error) {
        // The lease ends by itself; closing must not fail because the database is gone.
        logger.warn({ error }, 'the worker id could not be given back')
      }
      await closeQuietly(base, logger)
    },
  }
}

async function reserveIds(ids: IdSource, count: number): Promise<readonly string[]> {
  try {
    await ids.ready()
  } catch (error) {
    const isAway = error instanceof AppError && error.code === 'DATABASE_UNAVAILABLE'
    // Nobody else takes the worker id while nobody reaches the database.
    if (!isAway || !ids.isReady()) throw error
  }
  return Array.from({ length: count }, () => ids.next())
}

function openTimeZone(timeZone: string) {
  try {
    return createLocalTimeZone(timeZone)
  } catch (error) {
    throw new AppError(
      'CONFIG_INVALID',
      text(
        `database.time_zone 的值 ${timeZone} 不是有效的 IANA 时区`,
        `database.time_zone is ${timeZone}, which is not an IANA time zone such as Asia/Shanghai`,
      ),
      { cause: error, details: { timeZone } },
    )
  }
}
