import { z } from 'zod'
import { assessHeadroom, type MetricHeadroom } from '../../analyse/fleet/assess-headroom.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import { type InventoryServer, serverKey } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { type Thresholds, thresholdsFor } from '../../domain/thresholds.ts'
import { findNewestSamples } from '../../pipeline/newest-samples.ts'
import { usualMaxAgeMs } from '../../pipeline/system-inspection.ts'
import { formatPercent } from '../../report/format-percent.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'

const metricSchema = z
  .strictObject({
    server_count: z.number().int(),
    mean_percent: z.number(),
    threshold_percent: z.number(),
    may_fail_count: z.number().int(),
    is_over_now: z.boolean(),
  })
  .nullable()
  .describe('null 表示没有新鲜样本 / null: no fresh sample')

const groupSchema = z.strictObject({
  group: z.string().nullable().describe('null 表示未分组 / null: servers without a group'),
  server_count: z.number().int(),
  enabled_count: z.number().int(),
  fresh_count: z.number().int().describe('有新鲜样本的台数 / servers with a fresh sample'),
  cpu: metricSchema,
  memory: metricSchema,
  disk: metricSchema,
  may_fail_count: z
    .number()
    .int()
    .nullable()
    .describe('其余过载前可失效的台数;null 表示未知 / servers that may fail before the rest is overloaded'),
  limited_by: z.enum(['cpu', 'memory', 'disk']).nullable(),
})
type GroupRow = z.output<typeof groupSchema>

const METRICS = ['cpu', 'memory', 'disk'] as const

const toMetricRow = (headroom: MetricHeadroom | null): GroupRow['cpu'] =>
  headroom === null
    ? null
    : {
        server_count: headroom.serverCount,
        mean_percent: Math.round(headroom.meanPercent * 100) / 100,
        threshold_percent: headroom.thresholdPercent,
        may_fail_count: headroom.mayFailCount,
        is_over_now: headroom.isOverNow,
      }

function toGroupRow(
  group: string | null,
  servers: readonly InventoryServer[],
  fresh: readonly MetricSample[],
  thresholds: Thresholds,
): GroupRow {
  const measured = (read: (sample: MetricSample) => number | null) =>
    fresh.map(read).filter((percent) => percent !== null)
  const metrics = {
    cpu: toMetricRow(
      assessHeadroom(
        measured((sample) => sample.cpuPercent),
        thresholds.cpuPercent,
      ),
    ),
    memory: toMetricRow(
      assessHeadroom(
        measured((sample) => sample.memoryPercent),
        thresholds.memoryPercent,
      ),
    ),
    disk: toMetricRow(
      assessHeadroom(
        measured((sample) => sample.diskPercent),
        thresholds.diskPercent,
      ),
    ),
  }
  let limitedBy: GroupRow['limited_by'] = null
  let mayFail: number | null = null
  for (const name of METRICS) {
    const count = metrics[name]?.may_fail_count
    if (count === undefined || (mayFail !== null && count >= mayFail)) continue
    mayFail = count
    limitedBy = name
  }
  return {
    group,
    server_count: servers.length,
    enabled_count: servers.filter((server) => server.enabled).length,
    fresh_count: fresh.length,
    ...metrics,
    may_fail_count: mayFail,
    limited_by: limitedBy,
  }
}

const show = (metric: GroupRow['cpu']): string => (metric === null ? '-' : formatPercent(metric.mean_percent))

/** Lists the groups with their totals, loads and headroom. */
export const listGroups = defineOperation({
  name: 'groups_list',
  serviceId: null,
  title: text('分组总览', 'List groups'),
  description: text(
    '列出分组:台数、CPU/内存/磁盘平均使用率,以及其余过载前可失效几台(假定各台相同、负载均摊:均值×n÷(n−k) 不超过阈值)。',
    'Lists groups: servers, mean CPU, memory and disk use, and how many may fail before the rest is overloaded (servers alike, load spread evenly: mean × n ÷ (n − k) not above the threshold).',
  ),
  keywords: ['分组', '余量', 'groups', 'headroom'],
  input: z.strictObject({}),
  output: z.strictObject({ groups: z.array(groupSchema) }),
  effect: 'read',
  idempotent: true,
  command: ['groups', 'list'],
  async run(context) {
    const servers = await context.store.servers.list()
    const { byServer } = await findNewestSamples(context)
    const oldestMs = context.clock.now().getTime() - usualMaxAgeMs(context.metricsIntervalMs)
    const freshOf = (server: InventoryServer): readonly MetricSample[] => {
      const sample = byServer.get(serverKey(server.bkCloudId, server.ip))
      const isFresh = server.enabled && sample !== undefined && sample.collectedAt.getTime() >= oldestMs
      return isFresh ? [sample] : []
    }
    const groups = [...Map.groupBy(servers, (server) => server.group)]
      .map(([group, members]) =>
        toGroupRow(
          group,
          members,
          members.flatMap(freshOf),
          thresholdsFor({ group, thresholds: null }, context.thresholds),
        ),
      )
      .sort((a, b) => Number(a.group === null) - Number(b.group === null) || compare(a.group, b.group))
    return { groups }
  },
  message: ({ groups }) => text(`${groups.length} 个分组`, `${groups.length} groups`),
  toMarkdown({ groups }, language) {
    const head =
      language === 'zh'
        ? ['分组', '台数', '启用', '有样本', 'CPU', '内存', '磁盘', '可失效', '受限于']
        : ['Group', 'Servers', 'Enabled', 'Fresh', 'CPU', 'Memory', 'Disk', 'May fail', 'Limited by']
    return markdownTable(
      head,
      groups.map((row) => [
        escapeMarkdown(row.group ?? '-'),
        String(row.server_count),
        String(row.enabled_count),
        String(row.fresh_count),
        show(row.cpu),
        show(row.memory),
        show(row.disk),
        row.may_fail_count === null ? '-' : String(row.may_fail_count),
        row.limited_by ?? '-',
      ]),
    )
  },
})

/** By code unit, so that the order is the same in every locale. */
const compare = (a: string | null, b: string | null): number => {
  const [left, right] = [a ?? '', b ?? '']
  return left < right ? -1 : left > right ? 1 : 0
}
