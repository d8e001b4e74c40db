import type { TableMigration } from './migration.ts'

/** Firings of schedules that some process has taken. */
export const scheduleFire: TableMigration = {
  kind: 'table',
  name: '0017-schedule-fire',
  table: 'schedule_fire',
  columns: { schedule: 'varchar(255) NOT NULL', fire_at: 'bigint NOT NULL' },
  primaryKey: ['schedule', 'fire_at'],
  isGiven: false,
}
