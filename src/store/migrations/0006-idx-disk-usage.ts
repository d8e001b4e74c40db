import type { IndexMigration } from './migration.ts'

/** One of the further indexes of the product specification §4. */
export const idxDiskUsage: IndexMigration = {
  kind: 'index',
  name: '0006-idx-disk-usage',
  table: 'howso_server_performance_metrics',
  index: 'idx_disk_usage',
  columns: ['disk_usage'],
}
