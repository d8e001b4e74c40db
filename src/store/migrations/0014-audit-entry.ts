import type { TableMigration } from './migration.ts'

/** Calls through the door. */
export const auditEntry: TableMigration = {
  kind: 'table',
  name: '0014-audit-entry',
  table: 'audit_entry',
  columns: {
    id: 'varchar(20) NOT NULL',
    at: 'bigint NOT NULL',
    actor: 'longtext NOT NULL',
    operation: 'varchar(100) NOT NULL',
    effect: 'varchar(20) NOT NULL',
    input: 'longtext NOT NULL',
    outcome: 'varchar(100) NOT NULL',
    duration_ms: 'bigint NOT NULL',
  },
  primaryKey: ['id'],
  indexes: { idx_audit_entry_at: ['at'] },
  isGiven: false,
}
