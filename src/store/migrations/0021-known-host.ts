import type { TableMigration } from './migration.ts'

/** The key that each host showed when it was first met. */
export const knownHost: TableMigration = {
  kind: 'table',
  name: '0021-known-host',
  table: 'known_host',
  columns: {
    host: 'varchar(255) NOT NULL',
    port: 'int NOT NULL',
    key_type: 'varchar(100) NOT NULL',
    fingerprint: 'varchar(255) NOT NULL',
    first_seen: 'bigint NOT NULL',
    last_seen: 'bigint NOT NULL',
  },
  primaryKey: ['host', 'port'],
  isGiven: false,
}
