import { systemInspection } from './service_001_system_inspection/index.ts'
import { memoryInspection } from './service_002_memory_inspection/index.ts'
import { diskInspection } from './service_003_disk_inspection/index.ts'
import { hardwareSummary } from './service_004_hardware_summary/index.ts'
import { fullInspection } from './service_005_full_inspection/index.ts'
import { platformMonitoring } from './service_010_platform_monitoring/index.ts'
import type { AnyOperation } from './service-definition.ts'

/** The numbered services. One line each; every surface loops over this. */
export const services = {
  service_001_system_inspection: systemInspection,
  service_002_memory_inspection: memoryInspection,
  service_003_disk_inspection: diskInspection,
  service_004_hardware_summary: hardwareSummary,
  service_005_full_inspection: fullInspection,
  service_010_platform_monitoring: platformMonitoring,
} as const satisfies Record<string, AnyOperation>
