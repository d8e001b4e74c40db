import type {
  FleetAssessment,
  ListedServer,
  MetricName,
  ServerAssessment,
  StaleServer,
} from '../../domain/assessment.ts'
import { type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import type { ReportContext } from '../report-context.ts'
import { maintenanceEntry } from './document-fields.ts'
import { environmentEntry } from './environment-entry.ts'
import { evidenceEntries } from './evidence-entry.ts'
import { distinctFindings, findingEntry } from './finding-entry.ts'
import { renderSystemMarkdown } from './system-markdown.ts'
import type { SystemDocument } from './system-schema.ts'
import { summariseSystem } from './system-summary.ts'

export { type SystemDocument, systemDocumentSchema } from './system-schema.ts'

const STALE_REASONS: Readonly<Record<StaleServer['reason'], Text>> = {
  never_collected: text('从未采集到数据', 'no sample was ever taken'),
  too_old: text('最新数据已过期', 'its latest sample is too old'),
  clock_ahead: text('数据时间超前,疑似时钟有误', 'its samples lie in the future: a clock is wrong'),
}

interface SystemDocumentInput {
  readonly assessment: FleetAssessment
  /** Newest inspections, for the sensor readings. */
  readonly environment: readonly ServerAssessment[]
  readonly context: ReportContext
}

/** Returns what service 001 says of the fleet, made from its assessment and the newest sensor readings. */
export function buildSystemDocument({
  assessment,
  environment,
  context,
}: SystemDocumentInput): SystemDocument {
  const localTime = localTimeFormatter(context.timeZone)
  const facts = {
    generated_at: localTime(context.now),
    time_zone: context.timeZone,
    language: context.language,
    thresholds: {
      cpu_percent: assessment.thresholds.cpuPercent,
      memory_percent: assessment.thresholds.memoryPercent,
      disk_percent: assessment.thresholds.diskPercent,
      network_percent: assessment.thresholds.networkPercent,
    },
    max_age_seconds: assessment.maxAgeMs / 1000,
    totals: {
      servers: assessment.totalCount,
      healthy: assessment.healthyCount,
      abnormal: assessment.abnormal.filter(({ maintenance }) => maintenance === null).length,
      stale: assessment.stale.filter(({ maintenance }) => maintenance === null).length,
      in_maintenance: assessment.inMaintenance.length,
      recovered: assessment.recovered.length,
    },
    ...abnormalPart(assessment, localTime),
    recovered: assessment.recovered.map((entry) => ({
      ...machine(entry.server),
      metric: entry.metric,
      now: entry.nowPercent,
      peak: entry.peakPercent,
      last_exceeded_at: localTime(entry.lastExceededAt),
    })),
    stale: assessment.stale.map((entry) => ({
      ...machine(entry.server),
      last_collected_at: entry.lastCollectedAt === null ? null : localTime(entry.lastCollectedAt),
      reason: entry.reason,
      explanation: STALE_REASONS[entry.reason],
      in_maintenance: maintenanceEntry(entry.maintenance, localTime),
    })),
    in_maintenance: assessment.inMaintenance.map(({ server, maintenance, state }) => ({
      ...machine(server),
      until: localTime(maintenance.until),
      reason: maintenance.reason,
      state,
    })),
    environment: environmentEntry(environment, localTime),
    findings: findingsPart(assessment, environment, localTime),
    evidence: environment.flatMap(({ server, inspection }) =>
      evidenceEntries(server, inspection, ['sensors'], localTime),
    ),
  }
  const withSummary = { ...facts, summary: summariseSystem(facts) }
  return { ...withSummary, report_markdown: renderSystemMarkdown(withSummary, context.language) }
}

function abnormalPart(assessment: FleetAssessment, localTime: (at: Date) => string) {
  const listOf = (metric: MetricName): string[] => [
    ...new Set(
      assessment.abnormal
        .filter(({ exceedances }) => exceedances.some((exceedance) => exceedance.metric === metric))
        .map(({ server }) => server.ip),
    ),
  ]
  return {
    abnormal: assessment.abnormal.map((entry) => ({
      ...machine(entry.server),
      collected_at: localTime(entry.collectedAt),
      cpu_usage: entry.cpuPercent,
      memory_usage: entry.memoryPercent,
      disk_usage: entry.diskPercent,
      exceedances: entry.exceedances.map((exceedance) => ({
        metric: exceedance.metric,
        value: exceedance.percent,
        threshold: exceedance.thresholdPercent,
        threshold_source: exceedance.thresholdSource,
        mount: exceedance.mount,
        status: exceedance.status,
        since: localTime(exceedance.sinceAt),
        since_is_lower_bound: exceedance.sinceIsEarliestSeen,
        peak: exceedance.peakPercent,
        peak_at: localTime(exceedance.peakAt),
        trend: exceedance.trend,
        percent_per_hour: exceedance.percentPerHour,
      })),
      in_maintenance: maintenanceEntry(entry.maintenance, localTime),
    })),
    cpu_list: listOf('cpu'),
    memory_list: listOf('memory'),
    disk_list: listOf('disk'),
  }
}

function findingsPart(
  assessment: FleetAssessment,
  environment: readonly ServerAssessment[],
  localTime: (at: Date) => string,
) {
  const cloudAreas = new Map<string, number>()
  for (const { server } of [...assessment.abnormal, ...assessment.stale, ...assessment.recovered])
    cloudAreas.set(server.serverId ?? `${server.bkCloudId}:${server.ip}`, server.bkCloudId)
  for (const { server } of environment) cloudAreas.set(server.id, server.bkCloudId)
  const ofSensors = environment.flatMap(({ findings }) =>
    findings.filter(({ subject }) => subject.kind === 'sensor'),
  )
  return distinctFindings([...assessment.findings, ...ofSensors]).map((finding) =>
    findingEntry(finding, cloudAreas.get(finding.subject.serverId) ?? 0, localTime),
  )
}

const machine = (server: ListedServer) => ({
  ip: server.ip,
  bk_cloud_id: server.bkCloudId,
  name: server.name,
  group: server.group,
})
