import type { TableMigration } from './migration.ts'

/** Which probes' facts an inspection holds, so that the newest with some facts is found without reading documents. */
export const inspectionProbe: TableMigration = {
  kind: 'table',
  name: '0019-inspection-probe',
  table: 'inspection_probe',
  columns: {
    inspection_id: 'varchar(20) NOT NULL',
    probe: 'varchar(20) NOT NULL',
    server_id: 'varchar(20) NOT NULL',
    finished_at: 'bigint NOT NULL',
  },
  primaryKey: ['inspection_id', 'probe'],
  indexes: { idx_inspection_probe_latest: ['probe', 'server_id', 'finished_at'] },
  isGiven: false,
}
