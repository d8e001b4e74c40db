import type { IndexMigration } from './migration.ts'

/** One of the further indexes of the product specification §4. */
export const idxMemoryUsage: IndexMigration = {
  kind: 'index',
  name: '0005-idx-memory-usage',
  table: 'howso_server_performance_metrics',
  index: 'idx_memory_usage',
  columns: ['memory_usage'],
}
