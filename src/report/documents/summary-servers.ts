import type { ServerAssessment } from '../../domain/assessment.ts'
import { SEVERITIES, type Severity } from '../../domain/finding.ts'
import { type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import { type FindingEntry, findingEntry } from './finding-entry.ts'
import type { SummaryDocument, SummaryFacts, Verdict } from './summary-schema.ts'
import { METRIC_TITLES } from './system-summary.ts'

type ServerState = SummaryDocument['servers'][number]
type Machine = Pick<ServerState, 'ip' | 'bk_cloud_id' | 'name' | 'group'>

const STATE_ORDER = ['critical', 'attention', 'unknown', 'healthy'] as const satisfies readonly Verdict[]

/** Returns the name that tells machines apart: the same address in two cloud areas is two machines. */
const machineKey = (machine: { readonly ip: string; readonly bk_cloud_id: number }): string =>
  `${machine.ip}@${machine.bk_cloud_id}`

/** Returns all findings of the fleet and of the inspections, each once, most severe first. */
export function allFindings(
  facts: SummaryFacts,
  assessments: readonly ServerAssessment[],
  timeZone: string,
): FindingEntry[] {
  const localTime = localTimeFormatter(timeZone)
  const ofInspections = assessments.flatMap(({ server, findings }) =>
    findings.map((finding) => findingEntry(finding, server.bkCloudId, localTime)),
  )
  const byKey = new Map<string, FindingEntry>()
  // An inspection's own finding has its evidence with it, so it stands over the same finding in a document.
  for (const finding of [
    ...facts.system.findings,
    ...facts.memory.servers.flatMap(({ warnings }) => warnings),
    ...facts.disk.servers.flatMap(({ warnings }) => warnings),
    ...ofInspections,
  ])
    byKey.set(`${machineKey(finding)} ${finding.id}`, finding)
  return [...byKey.values()].sort(
    (one, other) =>
      SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity) ||
      (one.id < other.id ? -1 : one.id > other.id ? 1 : 0),
  )
}

/** Returns the findings that ask for attention: those of servers that are in no maintenance window. */
export function outsideMaintenance(
  facts: SummaryFacts,
  findings: readonly FindingEntry[],
): readonly FindingEntry[] {
  const maintained = new Set(facts.system.in_maintenance.map(machineKey))
  return findings.filter((finding) => !maintained.has(machineKey(finding)))
}

/** Returns how each listed server stands, worst first and those in maintenance last: inspected, above a threshold, stale, or with a finding. */
export function serverStates(
  facts: SummaryFacts,
  assessments: readonly ServerAssessment[],
  findings: readonly FindingEntry[],
): ServerState[] {
  const machines = new Map<string, Machine>()
  for (const { ip, bk_cloud_id, name, group } of [
    ...findings.map((finding) => ({
      ip: finding.ip,
      bk_cloud_id: finding.bk_cloud_id,
      name: null,
      group: null,
    })),
    ...facts.system.stale,
    ...facts.system.abnormal,
    ...assessments.map(({ server }) => ({ ...server, bk_cloud_id: server.bkCloudId })),
  ])
    machines.set(machineKey({ ip, bk_cloud_id }), { ip, bk_cloud_id, name, group })
  const views = indexFacts(facts, assessments, findings)
  return [...machines.entries()]
    .map(([key, machine]) => serverState(machine, key, views))
    .sort(
      (one, other) =>
        Number(one.in_maintenance !== null) - Number(other.in_maintenance !== null) ||
        STATE_ORDER.indexOf(one.state) - STATE_ORDER.indexOf(other.state) ||
        compareCounts(one.findings, other.findings) ||
        (machineKey(one) < machineKey(other) ? -1 : 1),
    )
}

type Views = ReturnType<typeof indexFacts>

function indexFacts(
  facts: SummaryFacts,
  assessments: readonly ServerAssessment[],
  findings: readonly FindingEntry[],
) {
  return {
    findings: Map.groupBy(findings, machineKey),
    stale: new Map(facts.system.stale.map((entry) => [machineKey(entry), entry])),
    abnormal: new Map(facts.system.abnormal.map((entry) => [machineKey(entry), entry])),
    maintained: new Map(facts.system.in_maintenance.map((entry) => [machineKey(entry), entry])),
    memory: new Map(facts.memory.servers.map((entry) => [machineKey(entry), entry])),
    disk: new Map(facts.disk.servers.map((entry) => [machineKey(entry), entry])),
    inspections: new Map(
      assessments.map(({ server, inspection }) => [
        machineKey({ ip: server.ip, bk_cloud_id: server.bkCloudId }),
        inspection,
      ]),
    ),
  }
}

function serverState(machine: Machine, key: string, views: Views): ServerState {
  const findings = views.findings.get(key) ?? []
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length
  const counts = {
    critical: count('critical'),
    urgent: count('urgent'),
    warning: count('warning'),
    info: count('info'),
  }
  const missing = missingReason(key, views)
  const worst = findings.find(({ severity }) => severity !== 'info')
  const exceedance = views.abnormal.get(key)?.exceedances[0]
  const state: Verdict =
    missing?.isWhole === true
      ? 'unknown'
      : counts.critical > 0
        ? 'critical'
        : worst !== undefined || exceedance !== undefined
          ? 'attention'
          : missing === null
            ? 'healthy'
            : 'unknown'
  const shares = exceedance === undefined ? null : METRIC_TITLES[exceedance.metric]
  const reason =
    state === 'unknown' && missing !== null
      ? missing.reason
      : (worst?.title ??
        (shares === null ? HEALTHY : text(`${shares.zh}超过阈值`, `${shares.en} is above its threshold`)))
  const maintained = views.maintained.get(key)
  return {
    ...machine,
    state,
    reason,
    in_maintenance: maintained === undefined ? null : { until: maintained.until, reason: maintained.reason },
    findings: counts,
  }
}

const HEALTHY = text('读到的数据中未见异常', 'nothing wrong in what was measured')

/** Why a server's state is not known: as a whole, or in the part that a verdict needs. */
function missingReason(
  key: string,
  views: Views,
): { readonly isWhole: boolean; readonly reason: Text } | null {
  const inspection = views.inspections.get(key)
  if (inspection?.unreachable != null) {
    const { message } = inspection.unreachable
    return { isWhole: true, reason: text(`无法访问:${message}`, `unreachable: ${message}`) }
  }
  const stale = views.stale.get(key)
  if (stale !== undefined) {
    const last = stale.last_collected_at
    const reason = text(
      `${stale.explanation.zh}${last === null ? '' : `(最后 ${last})`}`,
      `${stale.explanation.en}${last === null ? '' : ` (last ${last})`}`,
    )
    return { isWhole: inspection === undefined, reason }
  }
  if (views.memory.get(key)?.usage === null)
    return { isWhole: false, reason: text('内存使用情况未读到', 'memory usage was not read') }
  if (views.disk.get(key)?.filesystems === null)
    return {
      isWhole: false,
      reason: text('文件系统使用情况未读到', 'the usage of the filesystems was not read'),
    }
  return null
}

function compareCounts(one: ServerState['findings'], other: ServerState['findings']): number {
  return other.critical - one.critical || other.urgent - one.urgent || other.warning - one.warning
}

/** Returns the counts of servers by state; servers that are not listed are healthy by their metrics. */
export function countStates(
  facts: SummaryFacts,
  states: readonly ServerState[],
  inspectedCount: number,
): SummaryDocument['totals'] {
  const count = (state: Verdict): number =>
    states.filter((server) => server.state === state && server.in_maintenance === null).length
  const maintained = facts.system.totals.in_maintenance
  const servers = Math.max(facts.system.totals.servers, states.length)
  const [critical, attention, unknown] = [count('critical'), count('attention'), count('unknown')]
  const need = critical + attention + unknown
  return {
    servers,
    healthy: servers - need - maintained,
    attention,
    critical,
    unknown,
    inspected: inspectedCount,
    need_attention: need,
    in_maintenance: maintained,
  }
}

/** Returns how all servers that are not in maintenance stand together. Nothing known gives unknown; one unknown among known ones asks for attention. */
export function overallVerdict(totals: SummaryDocument['totals']): Verdict {
  if (totals.critical > 0) return 'critical'
  if (totals.attention > 0) return 'attention'
  if (totals.unknown === totals.servers - totals.in_maintenance) return 'unknown'
  return totals.unknown > 0 ? 'attention' : 'healthy'
}
