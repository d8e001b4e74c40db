import type { TableMigration } from './migration.ts'

/** Steps of runs. */
export const runStep: TableMigration = {
  kind: 'table',
  name: '0011-run-step',
  table: 'run_step',
  columns: {
    run_id: 'varchar(20) NOT NULL',
    position: 'int NOT NULL',
    name: 'varchar(255) NOT NULL',
    state: 'varchar(20) NOT NULL',
    started_at: 'bigint NOT NULL',
    finished_at: 'bigint DEFAULT NULL',
    attempts: 'int NOT NULL',
    output: 'longtext',
    choice: 'longtext',
    error: 'longtext',
  },
  primaryKey: ['run_id', 'position'],
  isGiven: false,
}
