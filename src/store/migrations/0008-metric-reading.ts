import type { TableMigration } from './migration.ts'

/** The last reading of each server with its counters. */
export const metricReading: TableMigration = {
  kind: 'table',
  name: '0008-metric-reading',
  table: 'metric_reading',
  columns: {
    server_id: 'varchar(20) NOT NULL',
    collected_at: 'bigint NOT NULL',
    reading: 'longtext NOT NULL',
    computed: 'longtext NOT NULL',
  },
  primaryKey: ['server_id'],
  isGiven: false,
}
