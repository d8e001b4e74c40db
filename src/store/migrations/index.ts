import { howsoServerPerformanceMetrics } from './0001-howso-server-performance-metrics.ts'
import { platServiceMonitoring } from './0002-plat-service-monitoring.ts'
import { operationAnalysisSummary } from './0003-operation-analysis-summary.ts'
import { idxIpCollectTime } from './0004-idx-ip-collect-time.ts'
import { idxMemoryUsage } from './0005-idx-memory-usage.ts'
import { idxDiskUsage } from './0006-idx-disk-usage.ts'
import { server } from './0007-server.ts'
import { metricReading } from './0008-metric-reading.ts'
import { inspection } from './0009-inspection.ts'
import { run } from './0010-run.ts'
import { runStep } from './0011-run-step.ts'
import { liveEvent } from './0012-live-event.ts'
import { report } from './0013-report.ts'
import { auditEntry } from './0014-audit-entry.ts'
import { setting } from './0015-setting.ts'
import { secret } from './0016-secret.ts'
import { scheduleFire } from './0017-schedule-fire.ts'
import { idWorkerLease } from './0018-id-worker-lease.ts'
import { inspectionProbe } from './0019-inspection-probe.ts'
import { serverDetail } from './0020-server-detail.ts'
import { knownHost } from './0021-known-host.ts'
import { ownSampleRun } from './0022-own-sample-run.ts'
import { sudoRefusal } from './0023-sudo-refusal.ts'
import type { Migration } from './migration.ts'

/** All migrations in the order in which they are applied. New ones are added at the end; none is ever changed. */
export const MIGRATIONS: readonly Migration[] = [
  howsoServerPerformanceMetrics,
  platServiceMonitoring,
  operationAnalysisSummary,
  idxIpCollectTime,
  idxMemoryUsage,
  idxDiskUsage,
  server,
  metricReading,
  inspection,
  run,
  runStep,
  liveEvent,
  report,
  auditEntry,
  setting,
  secret,
  scheduleFire,
  idWorkerLease,
  inspectionProbe,
  serverDetail,
  knownHost,
  ownSampleRun,
  sudoRefusal,
]
