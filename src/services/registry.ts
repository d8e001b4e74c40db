// The numbered services, one line each. Every surface loops over what this module exports.
export { systemInspection as service_001_system_inspection } from './service_001_system_inspection/index.ts'
export { memoryInspection as service_002_memory_inspection } from './service_002_memory_inspection/index.ts'
export { diskInspection as service_003_disk_inspection } from './service_003_disk_inspection/index.ts'
export { hardwareSummary as service_004_hardware_summary } from './service_004_hardware_summary/index.ts'
export { fullInspection as service_005_full_inspection } from './service_005_full_inspection/index.ts'
export { platformMonitoring as service_010_platform_monitoring } from './service_010_platform_monitoring/index.ts'
