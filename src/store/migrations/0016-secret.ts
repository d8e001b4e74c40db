import type { TableMigration } from './migration.ts'

/** Encrypted secrets. */
export const secret: TableMigration = {
  kind: 'table',
  name: '0016-secret',
  table: 'secret',
  columns: { name: 'varchar(255) NOT NULL', ciphertext: 'longtext NOT NULL' },
  primaryKey: ['name'],
  isGiven: false,
}
