import { isIP } from 'node:net'
import { z } from 'zod'
import { readRecording } from '../../collect/offline/read-recording.ts'
import { AppError } from '../../domain/errors.ts'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import { type InventoryServer, serverKey } from '../../domain/server.ts'
import { type Language, text } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { canonicalIp } from '../../lib/net/canonical-ip.ts'
import { inspectRecording } from '../../pipeline/inspect-recording.ts'
import { summaryDocumentSchema } from '../../report/documents/summary-document.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { renderReportPage } from '../../report/render-report-page.ts'
import type { ServiceContext } from '../../services/context.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { contentFields, contentOf, LARGEST_INPUT_BYTES } from './recorded-content.ts'

const input = z.strictObject({
  ...contentFields,
  name: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      '不在清单中的服务器在报告中的名称;默认取其主机名 / name in the report of a server that the inventory does not hold; default: what it calls itself',
    ),
  ip: z
    .string()
    .max(45)
    .optional()
    .describe(
      '服务器的 IP 地址;在清单中则按其设定判断 / its address; judged by its own settings when in the inventory',
    ),
  bk_cloud_id: z.number().int().default(0).describe('云区域 / cloud area'),
  save: z
    .boolean()
    .default(false)
    .describe(
      '存为该服务器(ip,须在清单中)的巡检 / store it as an inspection of the server `ip` of the inventory',
    ),
  html: z.boolean().default(false).describe('同时给出 HTML 报告 / give the report as an HTML page too'),
})
type Input = z.output<typeof input>

const time = z
  .string()
  .nullable()
  .describe('按服务器自己的时钟;null 为未记录 / by its own clock; null: not told')
const output = z.strictObject({
  recording: z.strictObject({
    hostname: z.string().nullable(),
    started_at: time,
    finished_at: time,
    probes: z.array(z.enum(PROBE_NAMES)),
  }),
  server: z.strictObject({
    ip: z.string().describe('未给出 ip 时为名称 / the name where no ip was given'),
    bk_cloud_id: z.number().int(),
    name: z.string(),
    in_inventory: z.boolean(),
    saved: z.boolean(),
  }),
  report: summaryDocumentSchema,
  page_html: z.string().nullable().describe('null 为未要求 / null: not asked for'),
})

/** Returns the server of the inventory that the call names; null for one that it does not hold, unless that is to be saved. */
async function findServer(
  context: ServiceContext,
  { ip, bk_cloud_id: cloudArea, save }: Input,
): Promise<InventoryServer | null> {
  if (ip === undefined) {
    if (save)
      throw wrongIp('save=true 时必须给出服务器地址', 'the address of the server is needed with save=true')
    return null
  }
  if (isIP(ip) === 0) {
    const shown = JSON.stringify(ip)
    throw wrongIp(`${shown} 不是 IPv4 或 IPv6 地址`, `${shown} is no IPv4 or IPv6 address`)
  }
  const key = serverKey(cloudArea, canonicalIp(ip))
  const known = await context.store.servers.list()
  const server = known.find((one) => serverKey(one.bkCloudId, one.ip) === key)
  if (server !== undefined || !save) return server ?? null
  throw new AppError(
    'SERVER_UNKNOWN',
    text(
      `ip:清单的云区域 ${cloudArea} 中没有 ${ip};请先加入清单,或去掉 save`,
      `ip: ${ip} is not in cloud area ${cloudArea} of the inventory; add it first, or leave save out`,
    ),
    { details: { field: 'ip', found: ip } },
  )
}

const wrongIp = (zh: string, en: string): AppError =>
  new AppError('INPUT_INVALID', text(`ip:${zh}`, `ip: ${en}`), { details: { field: 'ip' } })

/** Where the recording is from, before the report itself. */
function heading({ recording, server }: z.output<typeof output>, language: Language): string {
  const at = recording.finished_at ?? (language === 'zh' ? '时间未知' : 'at an unknown time')
  const name = escapeMarkdown(server.name)
  if (language === 'zh')
    return `> 离线巡检:${name},录制于 ${at}(服务器时钟);${server.saved ? '已存入清单' : '未存储'}。`
  return `> Offline inspection of ${name}, recorded ${at} (the server's clock); ${server.saved ? 'stored' : 'not stored'}.`
}

/** Inspects a server that we cannot reach, by what the script of `probes show` printed there. */
export const inspectRecorded = defineOperation({
  name: 'recordings_inspect',
  serviceId: null,
  title: text('离线巡检', 'Inspect a recording'),
  description: text(
    '读取在不联网的服务器上执行 `smart-ops probes show --script` 所得脚本的输出,给出与在线巡检相同的事实、判断与报告。默认不存储。',
    'Reads what the script of `smart-ops probes show --script` printed on an air-gapped server and gives the facts, judgement and report of a live inspection. Stores nothing by default.',
  ),
  keywords: ['离线', '录制', '巡检', 'offline', 'air-gapped', 'recording'],
  input,
  output,
  largestInputBytes: LARGEST_INPUT_BYTES,
  effect: 'collect',
  idempotent: true,
  command: ['inspect', 'recording'],
  commandLine: { options: { content_base64: 'from' }, isDefault: true },
  async run(context, call) {
    const read = readRecording(contentOf(call))
    if ('problem' in read)
      throw new AppError('INPUT_INVALID', read.problem, { details: { field: 'content_base64' } })
    const { recording } = read
    const server = await findServer(context, call)
    const { assessment, summary } = await inspectRecording(context, {
      recording,
      server,
      called: { name: call.name ?? null, ip: call.ip ?? null },
      isStored: call.save,
    })
    const local = (at: Date | null) => (at === null ? null : formatLocalTime(at, context.timeZone))
    const { language, timeZone } = context
    const page = {
      summary,
      run: null,
      context: { language, timeZone, now: context.clock.now() },
      productVersion: null,
      isStandalone: true,
    }
    return {
      recording: {
        hostname: recording.hostname,
        started_at: local(recording.startedAt),
        finished_at: local(recording.finishedAt),
        probes: [...recording.probes],
      },
      server: {
        ip: assessment.server.ip,
        bk_cloud_id: assessment.server.bkCloudId,
        name: assessment.server.name,
        in_inventory: server !== null,
        saved: call.save,
      },
      report: summary,
      page_html: call.html ? renderReportPage(page) : null,
    }
  },
  message: ({ report }) => report.summary,
  toMarkdown: (data, language) => `${heading(data, language)}\n\n${data.report.report_markdown}`,
  toPlainText: ({ page_html: page }) => page,
})
