import { type Kysely, sql } from 'kysely'
import type { DialectName } from './store-settings.ts'
import type { Tables } from './tables.ts'

/** Returns the names of a table's columns; none when there is no such table. */
export async function columnsOf(
  db: Kysely<Tables>,
  dialect: DialectName,
  table: string,
): Promise<readonly string[]> {
  const query =
    dialect === 'sqlite'
      ? sql<{ name: string }>`select name from pragma_table_info(${table})`
      : sql<{ name: string }>`select column_name as name from information_schema.columns
          where table_schema = database() and table_name = ${table} order by ordinal_position`
  return (await query.execute(db)).rows.map((row) => row.name)
}

/** True when an index of a MySQL table begins with these columns, whatever its name. */
export async function hasIndexOn(
  db: Kysely<Tables>,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  const { rows } = await sql<{ name: string; col: string | null }>`
    select index_name as name, column_name as col from information_schema.statistics
    where table_schema = database() and table_name = ${table} order by index_name, seq_in_index`.execute(db)
  const indexes = Map.groupBy(rows, (row) => row.name)
  return [...indexes.values()].some((parts) => columns.every((column, at) => parts[at]?.col === column))
}

/** Returns the server's own estimate of a MySQL table's rows, which costs nothing; 0 when it has none. */
export async function estimateRows(db: Kysely<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ estimate: number | null }>`
    select table_rows as estimate from information_schema.tables
    where table_schema = database() and table_name = ${table}`.execute(db)
  return Number(rows[0]?.estimate ?? 0)
}
