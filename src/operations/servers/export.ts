import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { EXPORT_ENCODINGS, EXPORT_FORMATS, exportCsv, exportXlsx, exportYaml } from './export/export-table.ts'

/** Returns the inventory as a file that {@link importServers} reads back. */
export const exportServers = defineOperation({
  name: 'servers_export',
  serviceId: null,
  title: text('导出服务器', 'Export servers'),
  description: text(
    '把清单导出为 CSV、XLSX 或 YAML,可再导入。CSV 与 XLSX 中以 = + - @ 开头的单元格前加单引号,避免被表格软件当作公式;导入时去掉。不含密码。',
    'Exports the inventory as CSV, XLSX or YAML that can be imported again. In CSV and XLSX a cell that begins with = + - @ gets an apostrophe before it, so that no spreadsheet program takes it for a formula; import takes it away. Holds no passwords.',
  ),
  keywords: ['导出', '清单', 'export', 'inventory', 'CSV', 'XLSX'],
  input: z.strictObject({
    format: z.enum(EXPORT_FORMATS).default('csv').describe('文件格式 / format'),
    encoding: z.enum(EXPORT_ENCODINGS).default('utf-8-bom').describe('CSV 的编码 / encoding of CSV'),
    group: z.string().min(1).max(100).optional().describe('分组,默认全部 / group; default: all'),
  }),
  output: z.strictObject({
    format: z.enum(EXPORT_FORMATS),
    encoding: z
      .enum(['utf-8-bom', 'gb18030', 'utf-8'])
      .describe('XLSX 与 YAML 为 utf-8 / utf-8 for XLSX and YAML'),
    filename: z.string(),
    count: z.number().int(),
    content_base64: z.string().describe('文件内容的 Base64 / the file as base64'),
  }),
  effect: 'read',
  idempotent: true,
  command: ['servers', 'export'],
  async run(context, { format, encoding, group }) {
    const servers = (await context.store.servers.list()).filter(
      (server) => group === undefined || server.group === group,
    )
    const content =
      format === 'csv'
        ? exportCsv(servers, encoding, context.language)
        : format === 'xlsx'
          ? await exportXlsx(servers, context.language)
          : exportYaml(servers)
    const day = formatLocalTime(context.clock.now(), context.timeZone).slice(0, 10)
    return {
      format,
      encoding: format === 'csv' ? encoding : ('utf-8' as const),
      filename: `servers-${day}.${format}`,
      count: servers.length,
      content_base64: content.toString('base64'),
    }
  },
  message: ({ count, filename }) =>
    text(`已导出 ${count} 台:${filename}`, `Exported ${count} servers: ${filename}`),
  toMarkdown({ count, filename }, language) {
    return language === 'zh'
      ? `已导出 ${count} 台:${filename};命令行用 \`--save FILE\` 写入文件,\`--json\` 给出 content_base64。`
      : `Exported ${count} servers: ${filename}; on the command line \`--save FILE\` writes it, \`--json\` gives content_base64.`
  },
})
