import type { TableMigration } from './migration.ts'

/** What the inventory knows of a server beyond the table `server`; a server without a row has none of it. */
export const serverDetail: TableMigration = {
  kind: 'table',
  name: '0020-server-detail',
  table: 'server_detail',
  columns: {
    server_id: 'varchar(20) NOT NULL',
    port: 'int DEFAULT NULL',
    credential: 'varchar(255) DEFAULT NULL',
    jump_host: 'varchar(255) DEFAULT NULL',
    tags: 'longtext',
    os: 'varchar(255) DEFAULT NULL',
    role: 'varchar(255) DEFAULT NULL',
    maintenance_windows: 'longtext',
    owner: 'varchar(255) DEFAULT NULL',
    serial_number: 'varchar(255) DEFAULT NULL',
    rack: 'varchar(255) DEFAULT NULL',
    rack_unit: 'int DEFAULT NULL',
    warranty_end_day: 'varchar(10) DEFAULT NULL',
    note: 'longtext',
    thresholds: 'longtext',
  },
  primaryKey: ['server_id'],
  isGiven: false,
}
