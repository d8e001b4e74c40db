import type { TableMigration } from './migration.ts'

/**
 * Which rows of the given table of metrics are ours: runs of consecutive ids, each of which we gave to a row in the
 * transaction that wrote the run. `until_at` is the newest time of collection among them.
 */
export const ownSampleRun: TableMigration = {
  kind: 'table',
  name: '0022-own-sample-run',
  table: 'own_sample_run',
  columns: {
    from_id: 'varchar(20) NOT NULL',
    to_id: 'varchar(20) NOT NULL',
    until_at: 'bigint NOT NULL',
  },
  primaryKey: ['from_id'],
  indexes: { idx_own_sample_run_until: ['until_at'] },
  isGiven: false,
}
