import type { ServerAssessment } from '../../domain/assessment.ts'
import { type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import { formatPercent } from '../format-percent.ts'
import type { ReportContext } from '../report-context.ts'
import { memoryEntry } from './memory-entry.ts'
import { renderMemoryMarkdown } from './memory-markdown.ts'
import type { MemoryDocument, MemoryServer } from './memory-schema.ts'
import { notInspected } from './not-inspected.ts'

export { type MemoryDocument, memoryDocumentSchema } from './memory-schema.ts'

interface MemoryDocumentInput {
  readonly assessments: readonly ServerAssessment[]
  /** Addresses the caller named; null when the list came from service 001. */
  readonly requestedIps: readonly string[] | null
  readonly context: ReportContext
}

/** Returns what service 002 says of the inspected servers, in the order of `assessments`. */
export function buildMemoryDocument({
  assessments,
  requestedIps,
  context,
}: MemoryDocumentInput): MemoryDocument {
  const localTime = localTimeFormatter(context.timeZone)
  const servers = assessments.map((assessment) => memoryEntry(assessment, localTime))
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
  return { ...facts, report_markdown: renderMemoryMarkdown(facts, context.language) }
}

function summarise(servers: readonly MemoryServer[], missing: readonly string[]): Text {
  const left =
    missing.length === 0
      ? text('', '')
      : text(`未检查:${missing.join('、')}。`, ` Not inspected: ${missing.join(', ')}.`)
  if (servers.length === 0)
    return text(`没有需要检查内存的服务器。${left.zh}`, `No server needed a memory inspection.${left.en}`)
  const reached = servers.filter((server) => server.reached)
  const warned = reached.filter((server) => server.warnings.some(({ severity }) => severity !== 'info'))
  const lost = servers.length - reached.length
  const unread = reached.filter((server) => server.usage === null).length
  const fullest = reached.reduce<MemoryServer | null>(
    (worst, server) =>
      (server.usage?.used_percent ?? -1) > (worst?.usage?.used_percent ?? -1) ? server : worst,
    null,
  )
  const worst =
    fullest?.usage == null
      ? text('', '')
      : text(
          `使用率最高:${fullest.ip} ${formatPercent(fullest.usage.used_percent)}。`,
          ` Highest usage: ${fullest.ip}, ${formatPercent(fullest.usage.used_percent)}.`,
        )
  return text(
    `检查内存 ${servers.length} 台:${warned.length} 台有告警,${lost} 台无法访问,${unread} 台使用情况未知。${worst.zh}${left.zh}`,
    `Memory of ${servers.length} server(s): ${warned.length} with warnings, ${lost} unreachable, ${unread} with unknown usage.${worst.en}${left.en}`,
  )
}
