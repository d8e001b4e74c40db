import type { ServerAssessment } from '../../domain/assessment.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import type { FindingEntry } from './finding-entry.ts'
import type { SummaryDocument, SummaryFacts, Verdict } from './summary-schema.ts'

type Area = SummaryDocument['areas'][number]

interface AreaView {
  readonly area: Area['area']
  readonly title: Text
  /** Findings that bear on it. */
  readonly findings: readonly FindingEntry[]
  /** How many servers it was read on, of how many. */
  readonly readCount: number
  readonly ofCount: number
}

const NOTES = {
  none: text('没有检查过', 'not looked at'),
  unread: text('没有读到数据', 'nothing could be read'),
  fine: text('未见异常', 'nothing wrong found'),
} as const

interface AreaInput {
  readonly facts: SummaryFacts
  readonly assessments: readonly ServerAssessment[]
  /** Those of servers that are in no maintenance window. */
  readonly findings: readonly FindingEntry[]
}

/** Returns how each thing that was looked at stands over all inspected servers. */
export function areaStates({ facts, assessments, findings }: AreaInput): Area[] {
  const memory = facts.memory.servers
  const disk = facts.disk.servers
  const about = (test: (finding: FindingEntry) => boolean): FindingEntry[] => findings.filter(test)
  const isModule = ({ rule, kind }: FindingEntry): boolean =>
    kind === 'dimm' || (rule.startsWith('memory.') && !USAGE_RULES.test(rule))
  const sensorServers = new Set(facts.environment.readings.map(({ ip }) => ip))
  const silentServers = new Set(facts.environment.not_read.map(({ ip }) => ip))
  const judgedCount = facts.system.totals.servers - facts.system.totals.in_maintenance
  const views: AreaView[] = [
    {
      area: 'metrics',
      title: text('实时指标', 'Live metrics'),
      findings: about(({ kind, rule }) => kind === 'cpu' || rule.startsWith('metrics.')),
      readCount: judgedCount - facts.system.totals.stale,
      ofCount: judgedCount,
    },
    {
      area: 'memory',
      title: text('内存使用', 'Memory usage'),
      findings: about((finding) => finding.kind === 'memory' && !isModule(finding)),
      readCount: memory.filter(({ usage }) => usage !== null).length,
      ofCount: memory.length,
    },
    {
      area: 'modules',
      title: text('内存条', 'Memory modules'),
      findings: about(isModule),
      readCount: memory.filter(({ inventory, edac }) => inventory !== null || edac !== null).length,
      ofCount: memory.length,
    },
    {
      area: 'filesystems',
      title: text('磁盘空间', 'Disk space'),
      findings: about(({ kind }) => kind === 'filesystem'),
      readCount: disk.filter(({ filesystems }) => filesystems !== null).length,
      ofCount: disk.length,
    },
    {
      area: 'drives',
      title: text('硬盘健康', 'Drive health'),
      findings: about(({ kind }) => kind === 'drive'),
      readCount: disk.filter(({ drives }) => drives?.some(({ verdict }) => verdict !== 'unknown')).length,
      ofCount: disk.length,
    },
    {
      area: 'environment',
      title: text('温度与环境', 'Temperature and environment'),
      findings: about(({ kind }) => kind === 'sensor'),
      readCount: sensorServers.size,
      ofCount: new Set([...sensorServers, ...silentServers]).size,
    },
  ]
  views.push(...deviceAreas(assessments, about))
  return views.map((view) =>
    areaState(view, view.area === 'metrics' ? facts.system.totals.abnormal : 0, facts),
  )
}

/** Network cards and GPUs: no tile where no inspection looked at them, none for GPUs where there is none. */
function deviceAreas(
  assessments: readonly ServerAssessment[],
  about: (test: (finding: FindingEntry) => boolean) => FindingEntry[],
): AreaView[] {
  const views: AreaView[] = []
  const networks = assessments.flatMap(({ inspection }) => inspection.facts.network ?? [])
  const onNetwork = about(({ kind, rule }) => kind === 'network' && !rule.startsWith('metrics.'))
  if (networks.length > 0 || onNetwork.length > 0)
    views.push({
      area: 'network',
      title: text('网络', 'Network'),
      findings: onNetwork,
      readCount: networks.filter(({ interfaces }) => interfaces.status === 'ok').length,
      ofCount: networks.length,
    })
  const withGpu = assessments
    .flatMap(({ inspection }) => inspection.facts.gpu ?? [])
    .filter(({ pci }) => (outcomeValue(pci) ?? []).length > 0)
  const onGpu = about(({ kind }) => kind === 'gpu')
  if (withGpu.length > 0 || onGpu.length > 0)
    views.push({
      area: 'gpu',
      title: text('GPU', 'GPU'),
      findings: onGpu,
      readCount: withGpu.filter(({ nvidia, npu }) => nvidia.status === 'ok' || npu.status === 'ok').length,
      ofCount: withGpu.length,
    })
  return views
}

/** Rules about how memory is used; those about modules and slots have the memory as a whole as their subject, too. */
const USAGE_RULES = /^memory\.(?:usage|pressure|swap|oom|hugepages|numa_placement)/

/** A reading names its machine by its evidence: `ip#…`, outside cloud area 0 `ip@area#…`. */
function readingsOutsideMaintenance(facts: SummaryFacts): SummaryFacts['environment']['out_of_range'] {
  const maintained = new Set(
    facts.system.in_maintenance.map(({ ip, bk_cloud_id: area }) => (area === 0 ? ip : `${ip}@${area}`)),
  )
  return facts.environment.out_of_range.filter(
    ({ ip, evidence }) => !maintained.has(evidence?.slice(0, evidence.indexOf('#')) ?? ip),
  )
}

function areaState(view: AreaView, exceeding: number, facts: SummaryFacts): Area {
  const { area, title } = view
  const severe = view.findings.filter(({ severity }) => severity !== 'info')
  const outOfRange = area === 'environment' ? readingsOutsideMaintenance(facts) : []
  const problems = severe.length > 0 ? severe.length : exceeding > 0 ? exceeding : outOfRange.length
  const state: Verdict =
    severe.some(({ severity }) => severity === 'critical') ||
    outOfRange.some(({ status }) => status === 'critical')
      ? 'critical'
      : problems > 0
        ? 'attention'
        : view.readCount === 0 || view.readCount < view.ofCount
          ? 'unknown'
          : 'healthy'
  return { area, title, state, note: areaNote(view, state, problems) }
}

function areaNote({ readCount, ofCount }: AreaView, state: Verdict, problems: number): Text {
  if (state === 'healthy') return NOTES.fine
  if (state !== 'unknown')
    return text(`${problems} 项异常`, `${problems} problem${problems === 1 ? '' : 's'}`)
  if (ofCount === 0) return NOTES.none
  if (readCount === 0) return NOTES.unread
  return text(`${ofCount} 台中读到 ${readCount} 台`, `read on ${readCount} of ${ofCount}`)
}
