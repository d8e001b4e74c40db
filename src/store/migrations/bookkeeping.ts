import type { TableMigration } from './migration.ts'

/** Which migrations were applied; `applied_at` is null where a DBA ran the printed SQL. Made before all others. */
export const schemaMigration: TableMigration = {
  kind: 'table',
  name: 'schema-migration',
  table: 'schema_migration',
  columns: { name: 'varchar(100) NOT NULL', applied_at: 'bigint DEFAULT NULL' },
  primaryKey: ['name'],
  isGiven: false,
}

/** Holds at most one row: the process that is migrating. Used on MySQL only; SQLite has the write lock of its file. */
export const schemaMigrationLock: TableMigration = {
  kind: 'table',
  name: 'schema-migration-lock',
  table: 'schema_migration_lock',
  columns: { id: 'int NOT NULL', owner: 'varchar(64) NOT NULL', expires_at: 'bigint NOT NULL' },
  primaryKey: ['id'],
  isGiven: false,
}
