import type { TableMigration } from './migration.ts'

/** What happens in runs, for those who watch. */
export const liveEvent: TableMigration = {
  kind: 'table',
  name: '0012-live-event',
  table: 'live_event',
  columns: {
    id: 'varchar(20) NOT NULL',
    run_id: 'varchar(20) DEFAULT NULL',
    at: 'bigint NOT NULL',
    step: 'varchar(255) NOT NULL',
    done_count: 'int NOT NULL',
    total_count: 'int DEFAULT NULL',
    message: 'longtext NOT NULL',
  },
  primaryKey: ['id'],
  indexes: { idx_live_event_run: ['run_id', 'id'], idx_live_event_at: ['at'] },
  isGiven: false,
}
