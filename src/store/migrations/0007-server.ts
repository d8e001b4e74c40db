import type { TableMigration } from './migration.ts'

/** The inventory. */
export const server: TableMigration = {
  kind: 'table',
  name: '0007-server',
  table: 'server',
  columns: {
    id: 'varchar(20) NOT NULL',
    bk_cloud_id: 'int NOT NULL',
    ip: 'varchar(50) NOT NULL',
    name: 'varchar(255) NOT NULL',
    transport: 'varchar(20) NOT NULL',
    server_group: 'varchar(255) DEFAULT NULL',
    enabled: 'int NOT NULL',
    registered_at: 'bigint NOT NULL',
  },
  primaryKey: ['id'],
  uniqueKeys: { uq_server_ip: ['ip', 'bk_cloud_id'] },
  isGiven: false,
}
