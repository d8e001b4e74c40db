import type { ServerAssessment } from '../../domain/assessment.ts'
import { SEVERITIES } from '../../domain/finding.ts'
import { type Text, text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatPercent } from '../format-percent.ts'
import { shorten } from '../shorten.ts'
import type { FindingEntry } from './finding-entry.ts'
import { isLacking, SEVERITY_TITLES } from './finding-markdown.ts'
import { listedText } from './listed-text.ts'
import type { MemoryServer } from './memory-schema.ts'
import { refs, usageText } from './summary-advice.ts'
import type { Claim, SummaryDocument, SummaryFacts, UpgradeAdvice } from './summary-schema.ts'
import { formatReading } from './system-markdown.ts'

type Part = SummaryDocument['analysis'][number]

/** Findings written out in the third part; the rest is counted. */
const ALERTS_SHOWN = 50
const COMMAND_CHARACTERS = 40

interface PartsInput {
  readonly facts: SummaryFacts
  readonly assessments: readonly ServerAssessment[]
  readonly findings: readonly FindingEntry[]
  readonly advice: readonly UpgradeAdvice[]
}

/** Returns the analysis in its five parts, each statement with what it rests on. */
export function analysisParts({ facts, assessments, findings, advice }: PartsInput): Part[] {
  return [
    {
      part: 'inspection_state',
      title: text('巡检状态', 'Inspection state'),
      claims: inspectionClaims(facts, assessments),
    },
    {
      part: 'environment',
      title: text('环境异常', 'Environment anomalies'),
      claims: environmentClaims(facts),
    },
    { part: 'alerts', title: text('监控告警', 'Monitoring alerts'), claims: alertClaims(facts, findings) },
    {
      part: 'memory',
      title: text('各服务器内存现状', 'Memory of each server'),
      claims: facts.memory.servers.length === 0 ? [NOTHING_INSPECTED] : facts.memory.servers.map(memoryClaim),
    },
    {
      part: 'upgrade_advice',
      title: text('各服务器升级建议', 'Upgrade advice for each server'),
      claims:
        advice.length === 0
          ? [NOTHING_INSPECTED]
          : advice.map(({ ip, reason, evidence }) => ({ ip, text: sentence(reason), evidence })),
    },
  ]
}

/** Returns a statement about all servers. */
export const generalClaim = (statement: Text, evidence: readonly string[] = []): Claim => ({
  ip: null,
  text: statement,
  evidence: [...evidence],
})

/** Returns the words as a sentence. */
export const sentence = (words: Text): Text =>
  text(`${words.zh}。`, `${words.en.charAt(0).toUpperCase()}${words.en.slice(1)}.`)

/** What can be said where nothing was looked at. */
export const NOTHING_READ: Text = text(
  '没有巡检过任何服务器,情况未知。',
  'No server was inspected; nothing is known.',
)

/** True when neither memory nor disk of any server was read. */
export const nothingRead = ({ memory, disk }: SummaryFacts): boolean =>
  ![...memory.servers, ...disk.servers].some(({ reached }) => reached)

const NOTHING_INSPECTED = generalClaim(
  text('本次没有检查任何服务器的内存,情况未知。', 'The memory of no server was inspected; it is unknown.'),
)

function inspectionClaims(facts: SummaryFacts, assessments: readonly ServerAssessment[]): Claim[] {
  const claims = [generalClaim(facts.system.summary)]
  const lost = assessments.filter(({ inspection }) => inspection.unreachable !== null)
  const reachedCount = assessments.length - lost.length
  claims.push(
    generalClaim(
      assessments.length === 0
        ? text(
            '没有深入巡检过任何服务器,硬件状况未知。',
            'No server was inspected in depth; the hardware is unknown.',
          )
        : text(
            `深入巡检 ${assessments.length} 台,读到 ${reachedCount} 台。`,
            `${assessments.length} server(s) inspected in depth, ${reachedCount} read.`,
          ),
    ),
  )
  for (const { server, inspection } of lost)
    claims.push({
      ip: server.ip,
      text: text(
        `无法访问,状态未知:${inspection.unreachable?.message ?? ''}`,
        `Unreachable, its state is unknown: ${inspection.unreachable?.message ?? ''}`,
      ),
      evidence: [],
    })
  if (facts.system.stale.length > 0) {
    const list = listedText(facts.system.stale.map(({ ip }) => ip))
    claims.push(
      generalClaim(
        text(`没有新数据、状态未知:${list.zh}。`, `Without fresh data, state unknown: ${list.en}.`),
      ),
    )
  }
  return [...claims, ...recoveredClaims(facts), ...unreadClaims(facts)]
}

function recoveredClaims({ system }: SummaryFacts): Claim[] {
  if (system.recovered.length === 0) return []
  const list = listedText([...new Set(system.recovered.map(({ ip }) => ip))])
  return [
    generalClaim(
      text(`近期曾超阈值、现已恢复:${list.zh}。`, `Above a threshold lately and back to normal: ${list.en}.`),
    ),
  ]
}

function unreadClaims(facts: SummaryFacts): Claim[] {
  const sections = [...facts.memory.servers, ...facts.disk.servers].flatMap(({ not_read: unread }) => unread)
  const all = [...sections, ...facts.environment.not_read]
  const unread = all.filter((section) => !isLacking(section))
  if (unread.length === 0) return []
  const mendable = unread.filter(({ remedy }) => remedy !== null).length
  return [
    generalClaim(
      text(
        `有 ${unread.length} 项内容未读到,其中 ${mendable} 项可按提示补上;未读到的一律视为未知。`,
        `${unread.length} section(s) were not read, ${mendable} of which can be made readable; what was not read counts as unknown.`,
      ),
    ),
  ]
}

function environmentClaims({ environment }: SummaryFacts): Claim[] {
  const { readings, out_of_range: outOfRange } = environment
  if (readings.length === 0)
    return [
      generalClaim(
        text('没有读到任何传感器,环境状况未知。', 'No sensor was read; the environment is unknown.'),
      ),
    ]
  const claims = outOfRange.map((entry): Claim => {
    const name = `${entry.chip} ${entry.label}`
    const measured = formatReading(entry.reading, entry.unit)
    const limits = [entry.warn_above, entry.critical_above].filter((limit) => limit !== null)
    const limit = limits.map((above) => formatReading(above, entry.unit)).join(' / ')
    return {
      ip: entry.ip,
      text:
        limit === ''
          ? text(
              `${name} ${measured},被 BMC 判为异常。`,
              `${name} reads ${measured}; its BMC calls that wrong.`,
            )
          : text(
              `${name} ${measured},设备限值 ${limit}。`,
              `${name} reads ${measured}; the limit of the device is ${limit}.`,
            ),
      evidence: refs([entry.evidence]),
    }
  })
  const judged = readings.filter(({ status }) => status === 'normal').length + outOfRange.length
  return [
    generalClaim(
      text(
        `读到 ${readings.length} 个传感器,其中 ${judged} 个有设备限值,${outOfRange.length} 个超限。`,
        `${readings.length} sensor(s) read, ${judged} of them with a limit of the device, ${outOfRange.length} above it.`,
      ),
      [...new Set(refs(readings.map(({ evidence }) => evidence)))].slice(0, 20),
    ),
    ...claims,
  ]
}

function alertClaims(facts: SummaryFacts, findings: readonly FindingEntry[]): Claim[] {
  if (findings.length === 0)
    return [
      generalClaim(
        nothingRead(facts)
          ? NOTHING_READ
          : text('在读到的数据中没有发现问题。', 'Nothing wrong was found in what was read.'),
      ),
    ]
  const claims = [countsClaim(findings), ...findings.slice(0, ALERTS_SHOWN).map(alertClaim)]
  const left = findings.length - ALERTS_SHOWN
  if (left > 0) claims.push(generalClaim(text(`另有 ${left} 项,见数据。`, `${left} more stand in the data.`)))
  return claims
}

function countsClaim(findings: readonly FindingEntry[]): Claim {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [{ severity, count }]
  })
  const servers = new Set(findings.map(({ ip, bk_cloud_id: area }) => `${ip}@${area}`)).size
  const listed = (language: 'zh' | 'en', between: string): string =>
    counts.map(({ severity, count }) => `${SEVERITY_TITLES[severity][language]} ${count}`).join(between)
  return generalClaim(
    text(
      `${servers} 台服务器上共 ${findings.length} 项:${listed('zh', '、')}。`,
      `${findings.length} finding(s) on ${servers} server(s): ${listed('en', ', ')}.`,
    ),
  )
}

/** What presses comes with what to do. */
function alertClaim({ ip, severity, title, next_step: next, evidence }: FindingEntry): Claim {
  const presses = next !== null && (severity === 'critical' || severity === 'urgent')
  return {
    ip,
    text: text(
      `【${SEVERITY_TITLES[severity].zh}】${title.zh}${presses ? `。下一步:${next.zh}` : ''}`,
      `(${SEVERITY_TITLES[severity].en}) ${title.en}${presses ? `. Next: ${next.en}` : ''}`,
    ),
    evidence,
  }
}

function memoryClaim(server: MemoryServer): Claim {
  if (!server.reached || server.usage === null)
    return { ip: server.ip, text: text('内存状况未知。', 'Its memory is unknown.'), evidence: [] }
  const { usage, pressure, inventory } = server
  const zh = [usageText(server).zh, `可用 ${formatBytes(usage.available_bytes)}`]
  const en = [usageText(server).en, `${formatBytes(usage.available_bytes)} available`]
  if (usage.swap_used_percent !== null) {
    zh.push(`交换已用 ${formatPercent(usage.swap_used_percent)}`)
    en.push(`swap ${formatPercent(usage.swap_used_percent)} used`)
  }
  if (pressure !== null) {
    zh.push(`60 秒内存压力 ${formatPercent(pressure.some_avg60)}`)
    en.push(`pressure over 60 s ${formatPercent(pressure.some_avg60)}`)
  }
  if (server.oom_kill_count !== null) {
    const last = server.oom?.kills[0]
    zh.push(
      `开机以来 OOM ${server.oom_kill_count} 次${last === undefined ? '' : `(最近被终止:${last.victim} ${last.at ?? ''})`}`,
    )
    en.push(
      `${server.oom_kill_count} OOM kill(s) since boot${last === undefined ? '' : ` (latest victim: ${last.victim} ${last.at ?? ''})`}`,
    )
  }
  const [largest] = server.top_processes ?? []
  if (largest !== undefined) {
    const size = formatBytes(largest.proportional_bytes ?? largest.resident_bytes)
    const name = shorten(largest.command, COMMAND_CHARACTERS)
    zh.push(`占用最多的进程 ${name}(用户 ${largest.user})${size}`)
    en.push(`largest process ${name} (user ${largest.user}) ${size}`)
  }
  if (inventory !== null) {
    const size = inventory.installed_bytes === null ? null : formatBytes(inventory.installed_bytes)
    zh.push(
      `内存条 ${inventory.slots_filled} 根${size === null ? '' : `共 ${size}`},空插槽 ${inventory.empty_slots.length}`,
    )
    en.push(
      `${inventory.slots_filled} module(s)${size === null ? '' : ` of ${size} in all`}, ${inventory.empty_slots.length} empty slot(s)`,
    )
  }
  return {
    ip: server.ip,
    text: sentence(text(zh.join(','), en.join(', '))),
    evidence: refs([
      usage.evidence,
      pressure?.evidence ?? null,
      server.vmstat_evidence,
      server.oom?.evidence ?? null,
      server.processes_evidence,
      inventory?.evidence ?? null,
    ]),
  }
}
