import type { TableMigration } from './migration.ts'

/** Stored documents for people. */
export const report: TableMigration = {
  kind: 'table',
  name: '0013-report',
  table: 'report',
  columns: {
    id: 'varchar(20) NOT NULL',
    kind: 'varchar(50) NOT NULL',
    run_id: 'varchar(20) DEFAULT NULL',
    created_at: 'bigint NOT NULL',
    title: 'longtext NOT NULL',
    document: 'longtext NOT NULL',
  },
  primaryKey: ['id'],
  uniqueKeys: { uq_report_kind_run: ['kind', 'run_id'] },
  indexes: { idx_report_kind_created: ['kind', 'created_at'] },
  isGiven: false,
}
