import type { TableMigration } from './migration.ts'

/** The given table of daily and weekly analyses, exactly as the product specification §4 has it. */
export const operationAnalysisSummary: TableMigration = {
  kind: 'table',
  name: '0003-operation-analysis-summary',
  table: 'operation_analysis_summary',
  columns: {
    id: 'varchar(20) NOT NULL',
    report_date: 'date NOT NULL',
    report_type: 'varchar(20) NOT NULL',
    operation_daily: 'text',
    exception_analysis: 'text',
    exception_data: 'longtext',
    risk_prediction: 'text',
    operation_suggestion: 'text',
    key_focus: 'text',
    moderate_focus: 'text',
    created_at: 'datetime DEFAULT NULL',
  },
  primaryKey: ['id'],
  isGiven: true,
}
