import { z } from 'zod'
import type { InventoryServer } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { limitField, offsetField } from './paging.ts'
import { serverRowSchema, serverTable, toServerRow } from './server-document.ts'

/** Fields in which a text is looked for. */
const searchedText = (server: InventoryServer): string =>
  [
    server.ip,
    server.name,
    server.group,
    server.os,
    server.role,
    server.owner,
    server.serialNumber,
    server.rack,
    server.note,
    ...server.tags,
  ]
    .filter((part) => part !== null)
    .join('\n')
    .toLowerCase()

/** Lists the inventory. */
export const listServers = defineOperation({
  name: 'servers_list',
  serviceId: null,
  title: text('服务器清单', 'List servers'),
  description: text(
    '列出清单中的服务器,可按分组、标签、文字筛选并分页。',
    'Lists the servers of the inventory, filtered by group, tag or text, page by page.',
  ),
  keywords: ['服务器', '清单', 'servers', 'inventory'],
  input: z.strictObject({
    group: z.string().min(1).optional().describe('分组 / group'),
    tag: z.string().min(1).optional().describe('标签 / tag'),
    text: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe(
        'IP、名称、标签、负责人等字段中的文字,不分大小写 / text in the address, name, tags, owner and so on, in any case',
      ),
    enabled: z.boolean().optional().describe('只列启用或停用的 / only enabled or only disabled ones'),
    limit: limitField,
    offset: offsetField,
  }),
  output: z.strictObject({
    servers: z.array(serverRowSchema),
    matched: z.number().int().describe('符合筛选的台数 / how many match the filter'),
    total: z.number().int().describe('清单总台数 / how many the inventory holds'),
  }),
  effect: 'read',
  idempotent: true,
  command: ['servers', 'list'],
  async run(context, { group, tag, text: wanted, enabled, limit, offset }) {
    const all = await context.store.servers.list()
    const needle = wanted?.toLowerCase()
    const matching = all.filter(
      (server) =>
        (group === undefined || server.group === group) &&
        (tag === undefined || server.tags.includes(tag)) &&
        (enabled === undefined || server.enabled === enabled) &&
        (needle === undefined || searchedText(server).includes(needle)),
    )
    const page = matching.slice(offset, offset + limit)
    return {
      servers: page.map((server) => toServerRow(server, context.timeZone)),
      matched: matching.length,
      total: all.length,
    }
  },
  message({ servers, matched, total }) {
    if (total === 0)
      return text(
        '清单为空;`npm start` 会登记本机',
        'The inventory is empty; `npm start` registers this machine',
      )
    return matched === total && servers.length === total
      ? text(`${total} 台服务器`, `${total} servers`)
      : text(
          `显示 ${servers.length} 台;符合筛选 ${matched} 台,共 ${total} 台`,
          `${servers.length} servers shown of ${matched} that match, ${total} in all`,
        )
  },
  toMarkdown: ({ servers }, language) => serverTable(servers, language),
})
