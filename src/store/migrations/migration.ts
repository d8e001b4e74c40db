import type { DialectName } from '../store-settings.ts'

/** Names of columns, in the order of the index. */
type Columns = readonly string[]

/** Creates one table. On MySQL that is one statement with all keys, on SQLite one for the table and one per index. */
export interface TableMigration {
  readonly kind: 'table'
  /** `NNNN-what`, the file's name; never changed once released. */
  readonly name: string
  readonly table: string
  /** Column → type as both dialects understand it (SQLite derives an affinity from MySQL's words). */
  readonly columns: Readonly<Record<string, string>>
  readonly primaryKey: Columns
  /** Name → columns. Names are unique in the whole database, because SQLite has one name space for them. */
  readonly uniqueKeys?: Readonly<Record<string, Columns>>
  readonly indexes?: Readonly<Record<string, Columns>>
  /** True for the three tables that other systems write too: their collation is the database's default. */
  readonly isGiven: boolean
}

/** Adds one index to a table that others may have filled with years of rows. */
export interface IndexMigration {
  readonly kind: 'index'
  readonly name: string
  readonly table: string
  readonly index: string
  readonly columns: Columns
}

export type Migration = TableMigration | IndexMigration

const quoted = (name: string): string => `\`${name}\``
const columnList = (columns: Columns): string => columns.map(quoted).join(', ')

function tableStatements(dialect: DialectName, migration: TableMigration): readonly string[] {
  const { table, uniqueKeys = {}, indexes = {} } = migration
  const lines = Object.entries(migration.columns).map(([name, type]) => `${quoted(name)} ${type}`)
  lines.push(`PRIMARY KEY (${columnList(migration.primaryKey)})`)
  if (dialect === 'mysql') {
    for (const [name, columns] of Object.entries(uniqueKeys))
      lines.push(`UNIQUE KEY ${quoted(name)} (${columnList(columns)})`)
    for (const [name, columns] of Object.entries(indexes))
      lines.push(`KEY ${quoted(name)} (${columnList(columns)})`)
  }
  const create = `CREATE TABLE IF NOT EXISTS ${quoted(table)} (\n  ${lines.join(',\n  ')}\n)`
  if (dialect === 'mysql') {
    // Binary collation makes MySQL compare and sort our own words as SQLite does.
    const collation = migration.isGiven ? '' : ' COLLATE=utf8mb4_bin'
    return [`${create} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4${collation}`]
  }
  const index = (word: string, keys: Readonly<Record<string, Columns>>): string[] =>
    Object.entries(keys).map(
      ([name, columns]) =>
        `CREATE ${word} IF NOT EXISTS ${quoted(name)} ON ${quoted(table)} (${columnList(columns)})`,
    )
  return [create, ...index('UNIQUE INDEX', uniqueKeys), ...index('INDEX', indexes)]
}

/**
 * Returns the DDL of a migration: one statement on MySQL. Tables are created only when absent; MySQL has no such form
 * for indexes, so its index statement is for a table that lacks the index (it neither locks nor copies the table).
 */
export function statementsOf(dialect: DialectName, migration: Migration): readonly string[] {
  if (migration.kind === 'table') return tableStatements(dialect, migration)
  const target = `${quoted(migration.index)} ON ${quoted(migration.table)} (${columnList(migration.columns)})`
  return dialect === 'mysql'
    ? [`CREATE INDEX ${target} ALGORITHM=INPLACE LOCK=NONE`]
    : [`CREATE INDEX IF NOT EXISTS ${target}`]
}
