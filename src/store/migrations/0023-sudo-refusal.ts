import type { TableMigration } from './migration.ts'

/** What sudo refused on each server, so that it is not asked again too soon. */
export const sudoRefusal: TableMigration = {
  kind: 'table',
  name: '0023-sudo-refusal',
  table: 'sudo_refusal',
  columns: {
    server_id: 'varchar(20) NOT NULL',
    refusals: 'longtext NOT NULL',
  },
  primaryKey: ['server_id'],
  isGiven: false,
}
