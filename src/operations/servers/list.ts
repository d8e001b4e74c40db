import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'

const serverRowSchema = z.strictObject({
  server_id: z.string(),
  ip: z.string(),
  bk_cloud_id: z.number().int().describe('云区域,0 为默认 / cloud area, 0 is the default one'),
  name: z.string(),
  transport: z.enum(['local', 'ssh']),
  group: z.string().nullable(),
  enabled: z.boolean(),
  registered_at: z.string(),
})

/** Lists the inventory. */
export const listServers = defineOperation({
  name: 'servers_list',
  serviceId: null,
  title: text('服务器清单', 'List servers'),
  description: text('列出清单中的服务器。', 'Lists the servers of the inventory.'),
  keywords: ['服务器', '清单', 'servers', 'inventory'],
  input: z.strictObject({}),
  output: z.strictObject({ servers: z.array(serverRowSchema) }),
  effect: 'read',
  idempotent: true,
  command: ['servers', 'list'],
  async run(context) {
    const servers = await context.store.servers.list()
    return {
      servers: servers.map((server) => ({
        server_id: server.id,
        ip: server.ip,
        bk_cloud_id: server.bkCloudId,
        name: server.name,
        transport: server.transport,
        group: server.group,
        enabled: server.enabled,
        registered_at: formatLocalTime(server.registeredAt, context.timeZone),
      })),
    }
  },
  message: ({ servers }) =>
    servers.length === 0
      ? text('清单为空;`npm start` 会登记本机', 'The inventory is empty; `npm start` registers this machine')
      : text(`${servers.length} 台服务器`, `${servers.length} servers`),
  toMarkdown({ servers }, language) {
    const head =
      language === 'zh'
        ? ['IP', '名称', '方式', '分组', '启用']
        : ['IP', 'Name', 'Transport', 'Group', 'Enabled']
    return markdownTable(
      head,
      servers.map((server) => [
        server.ip,
        escapeMarkdown(server.name),
        server.transport,
        escapeMarkdown(server.group ?? '-'),
        server.enabled ? '✓' : '✗',
      ]),
    )
  },
})
