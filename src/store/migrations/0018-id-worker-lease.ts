import type { TableMigration } from './migration.ts'

/** Which process makes ids with which worker id. */
export const idWorkerLease: TableMigration = {
  kind: 'table',
  name: '0018-id-worker-lease',
  table: 'id_worker_lease',
  columns: { worker_id: 'int NOT NULL', owner: 'varchar(64) NOT NULL', expires_at: 'bigint NOT NULL' },
  primaryKey: ['worker_id'],
  isGiven: false,
}
