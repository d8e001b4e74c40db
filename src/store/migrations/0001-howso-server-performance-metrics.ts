import type { TableMigration } from './migration.ts'

/** The given table of metric samples, exactly as the product specification §4 has it. */
export const howsoServerPerformanceMetrics: TableMigration = {
  kind: 'table',
  name: '0001-howso-server-performance-metrics',
  table: 'howso_server_performance_metrics',
  columns: {
    id: 'varchar(20) NOT NULL',
    ip: 'varchar(50) NOT NULL',
    collect_time: 'datetime NOT NULL',
    cpu_usage: 'decimal(5,2) DEFAULT NULL',
    memory_usage: 'decimal(5,2) DEFAULT NULL',
    disk_usage: 'decimal(5,2) DEFAULT NULL',
    cpu_status: 'varchar(20) DEFAULT NULL',
    memory_status: 'varchar(20) DEFAULT NULL',
    disk_status: 'varchar(20) DEFAULT NULL',
    network_status: 'varchar(20) DEFAULT NULL',
    bk_cloud_id: 'int DEFAULT NULL',
    insert_time: 'datetime NOT NULL',
  },
  primaryKey: ['id'],
  indexes: { idx_ip: ['ip'], idx_collect_time: ['collect_time'] },
  isGiven: true,
}
