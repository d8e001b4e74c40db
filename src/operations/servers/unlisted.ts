import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { formatPercent } from '../../report/format-percent.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { findUnlisted } from './find-unlisted.ts'
import { limitField, offsetField } from './paging.ts'
import { sampleRowSchema, toSampleRow } from './sample-document.ts'

const show = (percent: number | null | undefined): string =>
  percent === null || percent === undefined ? '-' : formatPercent(percent)

/** Lists machines that have samples and are not in the inventory. */
export const listUnlistedServers = defineOperation({
  name: 'servers_unlisted',
  serviceId: null,
  title: text('仅见于指标的服务器', 'Servers known only from metrics'),
  description: text(
    '列出有指标样本却不在清单中的机器及其最新样本;用 servers_adopt 加入清单。',
    'Lists machines that have metric samples but are not in the inventory, with the newest sample; servers_adopt adds them.',
  ),
  keywords: ['未登记', '指标', 'unlisted', 'metrics only'],
  input: z.strictObject({ limit: limitField, offset: offsetField }),
  output: z.strictObject({
    servers: z.array(
      z.strictObject({
        ip: z.string(),
        bk_cloud_id: z.number().int(),
        sample: sampleRowSchema
          .nullable()
          .describe('null 表示样本时间都在未来 / null: all samples lie ahead'),
      }),
    ),
    total: z.number().int(),
  }),
  effect: 'read',
  idempotent: true,
  command: ['servers', 'unlisted'],
  async run(context, { limit, offset }) {
    const unlisted = await findUnlisted(context)
    return {
      servers: unlisted.slice(offset, offset + limit).map(({ bkCloudId, ip, sample }) => ({
        ip,
        bk_cloud_id: bkCloudId,
        sample: sample === null ? null : toSampleRow(sample, context.timeZone),
      })),
      total: unlisted.length,
    }
  },
  message: ({ total }) =>
    text(`${total} 台机器有指标但不在清单中`, `${total} machines have metrics but are not in the inventory`),
  toMarkdown({ servers }, language) {
    const head =
      language === 'zh'
        ? ['IP', '云区域', '最新样本', 'CPU', '内存', '磁盘']
        : ['IP', 'Cloud area', 'Newest sample', 'CPU', 'Memory', 'Disk']
    return markdownTable(
      head,
      servers.map(({ ip, bk_cloud_id, sample }) => [
        escapeMarkdown(ip),
        String(bk_cloud_id),
        sample?.collected_at ?? '-',
        show(sample?.cpu_percent),
        show(sample?.memory_percent),
        show(sample?.disk_percent),
      ]),
    )
  },
})
