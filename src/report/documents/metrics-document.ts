import { z } from 'zod'
import type { MetricsCollection } from '../../domain/assessment.ts'
import type { MaintenanceNow } from '../../domain/inventory-fields.ts'
import { type Language, type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import { formatPercent } from '../format-percent.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import type { ReportContext } from '../report-context.ts'
import {
  countField,
  documentHead,
  machineFields,
  maintenanceEntry,
  maintenanceField,
  percentOrNull,
  textField,
  timeField,
} from './document-fields.ts'
import { distinctFindings, findingEntry, findingEntrySchema } from './finding-entry.ts'
import { findingsMarkdown, markdownCellOf, markdownOf } from './finding-markdown.ts'
import { listedText } from './listed-text.ts'

/** `data` of service 010. */
export const metricsDocumentSchema = z.strictObject({
  ...documentHead,
  totals: z
    .strictObject({
      servers: countField('Servers asked'),
      collected: countField('Servers that gave a sample'),
      failed: countField('Servers that gave none'),
    })
    .describe('Every server is in exactly one of collected and failed'),
  servers: z
    .array(
      z.strictObject({
        server_id: z.string().describe('Id in the inventory'),
        ...machineFields,
        collected: z.boolean().describe('True when a sample was taken and stored'),
        collected_at: timeField('When it was taken').nullable().describe('Null without a sample'),
        cpu_usage: percentOrNull('CPU share between two readings'),
        memory_usage: percentOrNull('Memory share'),
        disk_usage: percentOrNull('Share of the fullest filesystem'),
        network_usage: percentOrNull('Share of the busiest network interface against its link speed'),
        gaps: z.array(z.string()).describe('Why a share is null, for example `cpu: first_reading`'),
        failure: textField('Why there is no sample').nullable().describe('Null when there is one'),
        in_maintenance: maintenanceField,
      }),
    )
    .describe('One entry per server, in the order asked'),
  findings: z
    .array(findingEntrySchema)
    .describe('Shares above a threshold or unusual for the server, most severe first'),
  summary: textField('One or two sentences'),
  report_markdown: z.string().describe('The report for people, in `language`'),
})
/** What service 010 returns. */
export type MetricsDocument = z.output<typeof metricsDocumentSchema>

interface MetricsDocumentInput {
  readonly collections: readonly MetricsCollection[]
  /** By server id: those in a maintenance window. */
  readonly maintenance: ReadonlyMap<string, MaintenanceNow>
  readonly context: ReportContext
}

/** Returns what service 010 says of one collection of metrics, in the order of `collections`. */
export function buildMetricsDocument({
  collections,
  maintenance,
  context,
}: MetricsDocumentInput): MetricsDocument {
  const localTime = localTimeFormatter(context.timeZone)
  const cloudAreas = new Map(collections.map(({ server }) => [server.id, server.bkCloudId]))
  const servers = collections.map((collection) => ({
    ...metricsEntry(collection, localTime),
    in_maintenance: maintenanceEntry(maintenance.get(collection.server.id) ?? null, localTime),
  }))
  const findings = distinctFindings(collections.flatMap((collection) => [...collection.findings])).map(
    (finding) => findingEntry(finding, cloudAreas.get(finding.subject.serverId) ?? 0, localTime),
  )
  const collected = servers.filter((server) => server.collected).length
  const facts = {
    generated_at: localTime(context.now),
    time_zone: context.timeZone,
    language: context.language,
    totals: { servers: servers.length, collected, failed: servers.length - collected },
    servers,
    findings,
  }
  const document = { ...facts, summary: summarise(facts) }
  return { ...document, report_markdown: renderMetricsMarkdown(document, context.language) }
}

function metricsEntry(
  { server, values, failure }: MetricsCollection,
  localTime: (at: Date) => string,
): Omit<MetricsDocument['servers'][number], 'in_maintenance'> {
  return {
    server_id: server.id,
    ip: server.ip,
    bk_cloud_id: server.bkCloudId,
    name: server.name,
    group: server.group,
    collected: values !== null,
    collected_at: values === null ? null : localTime(values.collectedAt),
    cpu_usage: values?.cpuPercent ?? null,
    memory_usage: values?.memoryPercent ?? null,
    disk_usage: values?.diskPercent ?? null,
    network_usage: values?.networkPercent ?? null,
    gaps: [...(values?.gaps ?? [])],
    failure,
  }
}

function summarise({
  totals,
  servers,
  findings,
}: Pick<MetricsDocument, 'totals' | 'servers' | 'findings'>): Text {
  if (totals.servers === 0) return text('没有可采集的服务器。', 'There was no server to collect from.')
  const failed = listedText(servers.filter(({ collected }) => !collected).map(({ ip }) => ip))
  const lost =
    totals.failed === 0 ? text('', '') : text(`未采集到:${failed.zh}。`, ` Nothing from: ${failed.en}.`)
  const problems = findings.filter(({ severity }) => severity !== 'info').length
  return text(
    `采集 ${totals.servers} 台,成功 ${totals.collected} 台,异常 ${problems} 项。${lost.zh}`,
    `Collected from ${totals.collected} of ${totals.servers} server(s); anomalies: ${problems}.${lost.en}`,
  )
}

/** Returns the report of service 010 for people. */
function renderMetricsMarkdown(
  document: Omit<MetricsDocument, 'report_markdown'>,
  language: Language,
): string {
  const zh = language === 'zh'
  const share = (percent: number | null): string => (percent === null ? '' : formatPercent(percent))
  const findings = findingsMarkdown(document.findings, language)
  return markdownBlocks([
    `# ${zh ? '指标采集' : 'Metrics'}`,
    `${document.generated_at} (${escapeMarkdown(document.time_zone)})`,
    markdownOf(document.summary, language),
    markdownTable(
      zh
        ? ['服务器', '名称', 'CPU', '内存', '磁盘', '网络', '时间', '说明']
        : ['Server', 'Name', 'CPU', 'Memory', 'Disk', 'Network', 'Time', 'Note'],
      document.servers.map((server) => [
        escapeMarkdown(server.ip),
        escapeMarkdown(server.name ?? ''),
        share(server.cpu_usage),
        share(server.memory_usage),
        share(server.disk_usage),
        share(server.network_usage),
        server.collected_at ?? '',
        [
          server.failure === null
            ? escapeMarkdown(server.gaps.join('; '))
            : markdownCellOf(server.failure, language),
          server.in_maintenance === null
            ? ''
            : zh
              ? `维护中,至 ${server.in_maintenance.until}`
              : `in maintenance until ${server.in_maintenance.until}`,
        ]
          .filter((note) => note !== '')
          .join('; '),
      ]),
    ),
    findings === '' ? '' : `## ${zh ? '发现' : 'Findings'}\n\n${findings}`,
  ])
}
