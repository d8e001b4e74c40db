import type { TableMigration } from './migration.ts'

/** Settings kept in the database. */
export const setting: TableMigration = {
  kind: 'table',
  name: '0015-setting',
  table: 'setting',
  columns: { name: 'varchar(255) NOT NULL', content: 'longtext NOT NULL' },
  primaryKey: ['name'],
  isGiven: false,
}
