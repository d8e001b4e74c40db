import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { duplicateKeyOf, isLockWaitTimeout } from './dialects/database-errors.ts'
import { tryMigrationLock } from './migration-lock.ts'
import { schemaMigration } from './migrations/bookkeeping.ts'
import { MIGRATIONS } from './migrations/index.ts'
import {
  type IndexMigration,
  type Migration,
  statementsOf,
  type TableMigration,
} from './migrations/migration.ts'
import type { PendingLargeIndex } from './repositories.ts'
import { columnsOf, estimateRows, hasIndexOn } from './schema-inspector.ts'
import { bookkeepingTables, recordByHand, toScript } from './schema-sql.ts'
import type { DialectName } from './store-settings.ts'
import type { Tables } from './tables.ts'

/** Above so many rows an index of a given table is built only by hand (product specification §4). */
const LARGE_TABLE_ROWS = 1_000_000
/** How long a DDL statement may hold up the queries behind it before it steps back (product specification §4). */
const DDL_LOCK_WAIT_SECONDS = 5
const DDL_ATTEMPTS = 5
const LOCK_POLL_MS = 200
const LOCK_DEADLINE_MS = 600_000

export interface MigratorOptions {
  readonly db: Kysely<Tables>
  readonly dialect: DialectName
  readonly clock: Clock
  readonly logger: Logger
  /** Default: {@link LARGE_TABLE_ROWS}. */
  readonly largeTableRows?: number
  /** Default: {@link MIGRATIONS}. */
  readonly migrations?: readonly Migration[]
}

/** What a database has of the schema and what it lacks. */
export interface MigrationState {
  readonly applied: readonly string[]
  readonly pending: readonly Migration[]
  readonly pendingLarge: readonly PendingLargeIndex[]
}

/** Brings one database to the schema of this version. */
export class Migrator {
  readonly #db: Kysely<Tables>
  readonly #dialect: DialectName
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #largeTableRows: number
  readonly #migrations: readonly Migration[]

  constructor(options: MigratorOptions) {
    this.#db = options.db
    this.#dialect = options.dialect
    this.#clock = options.clock
    this.#logger = options.logger
    this.#largeTableRows = options.largeTableRows ?? LARGE_TABLE_ROWS
    this.#migrations = options.migrations ?? MIGRATIONS
  }

  /** Returns what is applied and what is not; changes nothing. */
  async state(): Promise<MigrationState> {
    const applied = await this.#applied()
    const missing = this.#migrations.filter((migration) => !applied.includes(migration.name))
    const pendingLarge: PendingLargeIndex[] = []
    for (const migration of missing) {
      const large = await this.#asLarge(migration)
      if (large !== null) pendingLarge.push(large)
    }
    const largeNames = new Set(pendingLarge.map((large) => large.name))
    return { applied, pending: missing.filter(({ name }) => !largeNames.has(name)), pendingLarge }
  }

  /** Returns the SQL of everything that is missing, indexes of large tables included, as a script for a DBA. */
  async pendingSql(): Promise<string> {
    const { applied, pendingLarge } = await this.state()
    const statements: string[] = []
    for (const table of bookkeepingTables(this.#dialect))
      if ((await this.#columns(table.table)).length === 0)
        statements.push(...statementsOf(this.#dialect, table))
    for (const migration of this.#migrations.filter(({ name }) => !applied.includes(name))) {
      const large = pendingLarge.find(({ name }) => name === migration.name)
      const note = large === undefined ? '' : `-- about ${large.estimatedRows} rows: choose a quiet hour\n`
      if (!(await this.#isThere(migration)))
        statements.push(...statementsOf(this.#dialect, migration).map((statement) => note + statement))
      statements.push(recordByHand(this.#dialect, migration))
    }
    return toScript(statements)
  }

  /** Applies what is pending, in order, and returns the names of what this call applied. */
  async migrate(): Promise<readonly string[]> {
    for (const table of bookkeepingTables(this.#dialect))
      await this.#named(table, () => this.#create(this.#db, table))
    const { pending, pendingLarge } = await this.state()
    for (const large of pendingLarge)
      this.#logger.warn(
        { ...large },
        'an index of a large table is not built by itself; run its SQL in a quiet hour',
      )
    if (pending.length === 0) return []
    return this.#dialect === 'sqlite' ? this.#applyAll(pending) : this.#applyLocked()
  }

  async #applyLocked(): Promise<readonly string[]> {
    const deadline = performance.now() + LOCK_DEADLINE_MS
    while (performance.now() < deadline) {
      const lock = await tryMigrationLock(this.#db, this.#clock, this.#logger)
      if (lock !== null)
        try {
          return await this.#applyAll((await this.state()).pending)
        } finally {
          await lock.release()
        }
      await sleep(LOCK_POLL_MS)
      if ((await this.state()).pending.length === 0) return []
    }
    throw migrationFailed('*', new Error(`another process has been migrating for ${LOCK_DEADLINE_MS} ms`))
  }

  async #applyAll(pending: readonly Migration[]): Promise<readonly string[]> {
    const names: string[] = []
    for (const migration of pending) {
      const isOurs = await this.#named(migration, () => this.#apply(migration))
      if (!isOurs) continue
      names.push(migration.name)
      this.#logger.info({ migration: migration.name }, 'migration applied')
    }
    return names
  }

  /** Returns false when another process had applied it in the meantime. */
  async #apply(migration: Migration): Promise<boolean> {
    if (this.#dialect === 'sqlite')
      return this.#db.transaction().execute(async (trx) => {
        const done = await trx
          .selectFrom('schema_migration')
          .select('name')
          .where('name', '=', migration.name)
          .execute()
        if (done.length > 0) return false
        await this.#run(trx, migration)
        return this.#record(trx, migration)
      })
    await this.#run(this.#db, migration)
    return this.#record(this.#db, migration)
  }

  async #run(db: Kysely<Tables>, migration: Migration): Promise<void> {
    if (migration.kind === 'table') await this.#create(db, migration)
    else await this.#createIndex(db, migration)
  }

  async #create(db: Kysely<Tables>, migration: TableMigration): Promise<void> {
    // A table that is there needs no right to create one; on SQLite the statements may also add its indexes.
    if (this.#dialect === 'sqlite' || (await columnsOf(db, this.#dialect, migration.table)).length === 0)
      for (const statement of statementsOf(this.#dialect, migration)) await sql.raw(statement).execute(db)
    const present = new Set(await columnsOf(db, this.#dialect, migration.table))
    const missing = Object.keys(migration.columns).filter((column) => !present.has(column))
    if (missing.length > 0)
      throw new Error(
        `table ${migration.table} was there already and lacks the columns ${missing.join(', ')}`,
      )
  }

  async #createIndex(db: Kysely<Tables>, migration: IndexMigration): Promise<void> {
    const statements = statementsOf(this.#dialect, migration)
    if (this.#dialect === 'sqlite') {
      for (const statement of statements) await sql.raw(statement).execute(db)
      return
    }
    for (let attempt = 1; !(await hasIndexOn(db, migration.table, migration.columns)); attempt += 1)
      try {
        await db.connection().execute(async (connection) => {
          await sql.raw(`set session lock_wait_timeout = ${DDL_LOCK_WAIT_SECONDS}`).execute(connection)
          try {
            for (const statement of statements) await sql.raw(statement).execute(connection)
          } finally {
            await sql.raw('set session lock_wait_timeout = default').execute(connection)
          }
        })
      } catch (error) {
        if (!isLockWaitTimeout(error) || attempt >= DDL_ATTEMPTS) throw error
        this.#logger.warn(
          { migration: migration.name, attempt },
          'the table is in use; the index is tried again',
        )
      }
  }

  async #record(db: Kysely<Tables>, migration: Migration): Promise<boolean> {
    try {
      await db
        .insertInto('schema_migration')
        .values({ name: migration.name, applied_at: this.#clock.now().getTime() })
        .execute()
      return true
    } catch (error) {
      if (duplicateKeyOf(error) !== null) return false
      throw error
    }
  }

  async #applied(): Promise<readonly string[]> {
    if ((await this.#columns(schemaMigration.table)).length === 0) return []
    const rows = await this.#db.selectFrom('schema_migration').select('name').orderBy('name').execute()
    return rows.map((row) => row.name)
  }

  async #isThere(migration: Migration): Promise<boolean> {
    if (migration.kind === 'table') return (await this.#columns(migration.table)).length > 0
    return this.#dialect === 'mysql' && hasIndexOn(this.#db, migration.table, migration.columns)
  }

  async #asLarge(migration: Migration): Promise<PendingLargeIndex | null> {
    if (this.#dialect === 'sqlite' || migration.kind !== 'index') return null
    const estimatedRows = await estimateRows(this.#db, migration.table)
    if (estimatedRows <= this.#largeTableRows || (await this.#isThere(migration))) return null
    return { name: migration.name, sql: statementsOf('mysql', migration).join('; '), estimatedRows }
  }

  #columns(table: string): Promise<readonly string[]> {
    return columnsOf(this.#db, this.#dialect, table)
  }

  async #named<T>(migration: Migration, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw migrationFailed(migration.name, error)
    }
  }
}

function migrationFailed(name: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError(
    'MIGRATION_FAILED',
    text(`数据库迁移 ${name} 失败:${reason}`, `Database migration ${name} failed: ${reason}`),
    { cause: error, details: { migration: name } },
  )
}
