import type { TableMigration } from './migration.ts'

/** Inspections; those without a run may be many for one server, since a null differs from every null in a unique key. */
export const inspection: TableMigration = {
  kind: 'table',
  name: '0009-inspection',
  table: 'inspection',
  columns: {
    id: 'varchar(20) NOT NULL',
    run_id: 'varchar(20) DEFAULT NULL',
    server_id: 'varchar(20) NOT NULL',
    server_ip: 'varchar(50) NOT NULL',
    started_at: 'bigint NOT NULL',
    finished_at: 'bigint NOT NULL',
    document: 'longtext NOT NULL',
    sensors: 'longtext',
  },
  primaryKey: ['id'],
  uniqueKeys: { uq_inspection_run_server: ['run_id', 'server_id'] },
  indexes: { idx_inspection_server_finished: ['server_id', 'finished_at'] },
  isGiven: false,
}
