import { schemaMigration, schemaMigrationLock } from './migrations/bookkeeping.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { type Migration, statementsOf, type TableMigration } from './migrations/migration.ts'
import type { DialectName } from './store-settings.ts'

/** The tables that migrating itself needs. */
export const bookkeepingTables = (dialect: DialectName): readonly TableMigration[] =>
  dialect === 'mysql' ? [schemaMigration, schemaMigrationLock] : [schemaMigration]

/** Returns the statement that records a migration as applied by hand. */
export const recordByHand = (dialect: DialectName, migration: Migration): string =>
  `INSERT ${dialect === 'mysql' ? 'IGNORE' : 'OR IGNORE'} INTO \`schema_migration\` (\`name\`) VALUES ('${migration.name}')`

/** Returns statements as a script that a database client runs. */
export const toScript = (statements: readonly string[]): string =>
  statements.map((statement) => `${statement};\n`).join('\n')

/**
 * Returns the whole schema as a script for a DBA, for an empty database or one that holds only the given tables.
 * It creates what is absent, changes nothing that is there, and records the migrations, so that the application needs
 * no DDL rights afterwards. On MySQL an index of a given table that is there already must be left out by hand.
 */
export function schemaSql(dialect: DialectName): string {
  const migrations = [...bookkeepingTables(dialect), ...MIGRATIONS]
  return toScript([
    ...migrations.flatMap((migration) => statementsOf(dialect, migration)),
    ...MIGRATIONS.map((migration) => recordByHand(dialect, migration)),
  ])
}
