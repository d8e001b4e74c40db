import type { IndexMigration } from './migration.ts'

/** Makes the latest sample of every server a skip scan and the history of one server a range. */
export const idxIpCollectTime: IndexMigration = {
  kind: 'index',
  name: '0004-idx-ip-collect-time',
  table: 'howso_server_performance_metrics',
  index: 'idx_ip_collect_time',
  columns: ['ip', 'collect_time'],
}
