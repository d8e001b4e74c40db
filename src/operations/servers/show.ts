import { z } from 'zod'
import { serverKey } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { findNewestSamples } from '../../pipeline/newest-samples.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { refuseUnknown, requireServers } from './require-servers.ts'
import { sampleRowSchema, toSampleRow } from './sample-document.ts'
import { serverRowSchema, toServerRow } from './server-document.ts'
import { cloudAreaField } from './server-input.ts'

const inspectionSchema = z.strictObject({
  finished_at: z.string(),
  run_id: z.string().nullable().describe('null 表示不属于任何运行 / null: outside a run'),
  unreachable: z
    .strictObject({ reason: z.string(), message: z.string() })
    .nullable()
    .describe('null 表示可达 / null: it was reached'),
  sections: z.array(z.strictObject({ id: z.string(), status: z.string() })),
})

const output = z.strictObject({
  server: serverRowSchema,
  inspection: inspectionSchema.nullable().describe('null 表示从未巡检 / null: never inspected'),
  sample: sampleRowSchema.nullable().describe('null 表示没有样本 / null: no sample'),
})

/** Returns the rows of a table of everything that is known: name of the field, then its content. */
function fieldRows({ server, inspection, sample }: z.output<typeof output>): readonly (readonly string[])[] {
  const flat = Object.entries({
    ...server,
    inspected_at: inspection?.finished_at ?? null,
    unreachable: inspection?.unreachable?.message ?? null,
    sample_at: sample?.collected_at ?? null,
    cpu_percent: sample?.cpu_percent ?? null,
    memory_percent: sample?.memory_percent ?? null,
    disk_percent: sample?.disk_percent ?? null,
  })
  return flat.map(([field, value]) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return [field, '-']
    return [field, escapeMarkdown(typeof value === 'object' ? JSON.stringify(value) : String(value))]
  })
}

/** Shows one server with its newest inspection and sample. */
export const showServer = defineOperation({
  name: 'servers_show',
  serviceId: null,
  title: text('查看服务器', 'Show a server'),
  description: text(
    '查看一台服务器的全部清单字段、最近一次巡检的状态与最新指标样本。',
    'Shows all inventory fields of one server, the state of its newest inspection and its newest sample.',
  ),
  keywords: ['服务器', '详情', 'server', 'details'],
  input: z.strictObject({ ip: z.string().describe('IP 地址 / address'), bk_cloud_id: cloudAreaField }),
  output,
  effect: 'read',
  idempotent: true,
  command: ['servers', 'show'],
  async run(context, { ip, bk_cloud_id }) {
    const { servers, inspections } = context.store
    const [server] = await requireServers(context, [ip], bk_cloud_id)
    if (server === undefined) return await refuseUnknown([ip], bk_cloud_id, servers)
    const stored = await inspections.latestOf(server.id)
    const newest = await findNewestSamples(context)
    const sample = newest.byServer.get(serverKey(server.bkCloudId, server.ip))
    return {
      server: toServerRow(server, context.timeZone),
      inspection:
        stored === null
          ? null
          : {
              finished_at: formatLocalTime(stored.inspection.finishedAt, context.timeZone),
              run_id: stored.runId,
              unreachable: stored.inspection.unreachable,
              sections: stored.inspection.sections.map(({ id, status }) => ({ id, status })),
            },
      sample: sample === undefined ? null : toSampleRow(sample, context.timeZone),
    }
  },
  message: ({ server }) => text(`${server.ip}(${server.name})`, `${server.ip} (${server.name})`),
  toMarkdown: (data, language) =>
    markdownTable(language === 'zh' ? ['字段', '内容'] : ['Field', 'Content'], fieldRows(data)),
})
