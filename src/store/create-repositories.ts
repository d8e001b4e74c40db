import { createAuditRepository } from './repositories/audit.ts'
import { createInspectionRepository } from './repositories/inspections.ts'
import { createKnownHostRepository } from './repositories/known-hosts.ts'
import { createLiveEventRepository } from './repositories/live-events.ts'
import { createMetricsReadingRepository } from './repositories/readings.ts'
import { createReportRepository } from './repositories/reports.ts'
import { createRunRepository } from './repositories/runs.ts'
import { createMetricSampleRepository } from './repositories/samples.ts'
import { createScheduleRepository } from './repositories/schedules.ts'
import { createServerRepository } from './repositories/servers.ts'
import { createSecretRepository, createSettingRepository } from './repositories/settings.ts'
import { createSudoRefusalRepository } from './repositories/sudo-refusals.ts'
import type { Repositories } from './repositories.ts'
import type { RepositoryContext } from './repository-context.ts'

/** Returns all repositories over one database or one transaction. */
export const createRepositories = (context: RepositoryContext): Repositories => ({
  servers: createServerRepository(context),
  knownHosts: createKnownHostRepository(context),
  sudoRefusals: createSudoRefusalRepository(context),
  samples: createMetricSampleRepository(context),
  readings: createMetricsReadingRepository(context),
  inspections: createInspectionRepository(context),
  runs: createRunRepository(context),
  audit: createAuditRepository(context),
  liveEvents: createLiveEventRepository(context),
  reports: createReportRepository(context),
  settings: createSettingRepository(context),
  secrets: createSecretRepository(context),
  schedules: createScheduleRepository(context),
})
