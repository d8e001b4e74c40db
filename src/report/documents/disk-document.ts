import type { DiskGrowth, ServerAssessment } from '../../domain/assessment.ts'
import { type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import { formatPercent } from '../format-percent.ts'
import type { ReportContext } from '../report-context.ts'
import { diskEntry } from './disk-entry.ts'
import { renderDiskMarkdown } from './disk-markdown.ts'
import type { DiskDocument, DiskServer } from './disk-schema.ts'
import { notInspected } from './not-inspected.ts'

export { type DiskDocument, diskDocumentSchema } from './disk-schema.ts'

interface DiskDocumentInput {
  readonly assessments: readonly ServerAssessment[]
  /** By server id, of those whose samples say how their fullest filesystem grows. */
  readonly growth?: ReadonlyMap<string, DiskGrowth>
  /** Addresses the caller named; null when the list came from service 001. */
  readonly requestedIps: readonly string[] | null
  readonly context: ReportContext
}

/** Returns what service 003 says of the inspected servers, in the order of `assessments`. */
export function buildDiskDocument({
  assessments,
  growth,
  requestedIps,
  context,
}: DiskDocumentInput): DiskDocument {
  const localTime = localTimeFormatter(context.timeZone)
  const servers = assessments.map((assessment) =>
    diskEntry(assessment, growth?.get(assessment.server.id) ?? null, localTime),
  )
  const missing = notInspected(assessments, requestedIps)
  const facts = {
    generated_at: localTime(context.now),
    time_zone: context.timeZone,
    language: context.language,
    requested_ips: requestedIps === null ? null : [...requestedIps],
    not_inspected: missing,
    servers,
    summary: summarise(servers, missing),
  }
  return { ...facts, report_markdown: renderDiskMarkdown(facts, context.language) }
}

function summarise(servers: readonly DiskServer[], missing: readonly string[]): Text {
  const left =
    missing.length === 0
      ? text('', '')
      : text(`未检查:${missing.join('、')}。`, ` Not inspected: ${missing.join(', ')}.`)
  if (servers.length === 0)
    return text(`没有需要检查磁盘的服务器。${left.zh}`, `No server needed a disk inspection.${left.en}`)
  const reached = servers.filter((server) => server.reached)
  const warned = reached.filter((server) => server.warnings.some(({ severity }) => severity !== 'info'))
  const drives = reached.flatMap((server) => server.drives ?? [])
  const failing = drives.filter(({ verdict }) => verdict === 'critical').length
  const allJudged =
    drives.filter(({ verdict }) => verdict === 'unknown').length === 0 &&
    reached.every(({ drives: read }) => read !== null)
  return text(
    `检查磁盘 ${servers.length} 台:${warned.length} 台有告警,${servers.length - reached.length} 台无法访问,严重硬盘 ${failing} 块。${allJudged ? '' : '部分硬盘的健康状况未知。'}${fullestText(reached).zh}${left.zh}`,
    `Disks of ${servers.length} server(s): ${warned.length} with warnings, ${servers.length - reached.length} unreachable, ${failing} drive(s) critical.${allJudged ? '' : ' The health of some drives is unknown.'}${fullestText(reached).en}${left.en}`,
  )
}

function fullestText(servers: readonly DiskServer[]): Text {
  const all = servers.flatMap(({ ip, filesystems }) =>
    (filesystems ?? []).map((filesystem) => ({ ip, ...filesystem })),
  )
  const fullest = all.reduce<(typeof all)[number] | null>(
    (worst, entry) => (worst === null || entry.used_percent > worst.used_percent ? entry : worst),
    null,
  )
  if (fullest === null) return text('', '')
  const percent = formatPercent(fullest.used_percent)
  return text(
    `最满:${fullest.ip} ${fullest.mount} ${percent}。`,
    ` Fullest: ${fullest.ip} ${fullest.mount}, ${percent}.`,
  )
}
