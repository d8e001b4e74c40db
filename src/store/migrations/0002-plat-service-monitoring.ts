import type { TableMigration } from './migration.ts'

/** The given table of service checks, exactly as the product specification §4 has it. */
export const platServiceMonitoring: TableMigration = {
  kind: 'table',
  name: '0002-plat-service-monitoring',
  table: 'plat_service_monitoring',
  columns: {
    id: 'varchar(20) NOT NULL',
    batch_id: 'varchar(50) NOT NULL',
    platform: 'varchar(100) DEFAULT NULL',
    server_name: 'varchar(100) DEFAULT NULL',
    server_ip: 'varchar(50) DEFAULT NULL',
    service_name: 'varchar(100) DEFAULT NULL',
    service_id: 'varchar(100) DEFAULT NULL',
    port: 'int DEFAULT NULL',
    status: 'varchar(20) DEFAULT NULL',
    process_status: 'varchar(20) DEFAULT NULL',
    response_time: 'varchar(50) DEFAULT NULL',
    start_cmd: 'text',
    stop_cmd: 'text',
    insert_time: 'datetime DEFAULT NULL',
    local_ip: 'varchar(500) DEFAULT NULL',
    hostname: 'varchar(100) DEFAULT NULL',
    os_type: 'varchar(50) DEFAULT NULL',
  },
  primaryKey: ['id'],
  isGiven: true,
}
