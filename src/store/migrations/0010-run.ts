import type { TableMigration } from './migration.ts'

/** Executions of flows, each with the lease of the process that executes it. */
export const run: TableMigration = {
  kind: 'table',
  name: '0010-run',
  table: 'run',
  columns: {
    id: 'varchar(20) NOT NULL',
    flow: 'varchar(50) NOT NULL',
    state: 'varchar(20) NOT NULL',
    input: 'longtext',
    started_by: 'longtext NOT NULL',
    started_at: 'bigint NOT NULL',
    finished_at: 'bigint DEFAULT NULL',
    cancel_requested: 'int NOT NULL',
    result: 'longtext',
    error: 'longtext',
    lease_owner: 'varchar(255) DEFAULT NULL',
    lease_until: 'bigint DEFAULT NULL',
    fence: 'int NOT NULL',
  },
  primaryKey: ['id'],
  indexes: { idx_run_state: ['state', 'lease_until'], idx_run_started: ['started_at'] },
  isGiven: false,
}
