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

/** Returns how each thing that was looked at stands over all inspected servers. */
export function areaStates(facts: SummaryFacts, findings: readonly FindingEntry[]): Area[] {
  const memory = facts.memory.servers
  const disk = facts.disk.servers
  const about = (test: (finding: FindingEntry) => boolean): FindingEntry[] => findings.filter(test)
  const isModule = ({ rule, kind }: FindingEntry): boolean => kind === 'dimm' || MODULE_RULES.test(rule)
  const sensorServers = new Set(facts.environment.readings.map(({ ip }) => ip))
  const silentServers = new Set(facts.environment.not_read.map(({ ip }) => ip))
  const judgedCount = facts.system.totals.servers - facts.system.totals.in_maintenance
  const views: AreaView[] = [
    {
      area: 'metrics',
      title: text('实时指标', 'Live metrics'),
      findings: about(
        ({ kind, rule }) => kind === 'cpu' || kind === 'network' || rule.startsWith('metrics.'),
      ),
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
  return views.map((view) =>
    areaState(view, view.area === 'metrics' ? facts.system.totals.abnormal : 0, facts),
  )
}

/** Rules that are about modules and slots though their subject is the memory as a whole. */
const MODULE_RULES = /^memory\.(?:ecc|module|speed|channels|maximum|hardware|usable)/

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
