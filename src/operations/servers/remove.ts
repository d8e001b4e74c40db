import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { requireServers } from './require-servers.ts'
import { serverRowSchema, serverTable, toServerRow } from './server-document.ts'
import { addressesField, cloudAreaField } from './server-input.ts'

/** Takes servers out of the inventory. */
export const removeServers = defineOperation({
  name: 'servers_remove',
  serviceId: null,
  title: text('移除服务器', 'Remove servers'),
  description: text(
    '把服务器移出清单;其指标样本、巡检记录和报告都保留。只想停止采集时用 servers_edit 停用。',
    'Takes servers out of the inventory; their samples, inspections and reports stay. To only stop collecting, disable them with servers_edit.',
  ),
  keywords: ['移除', '删除', 'remove', 'delete'],
  input: z.strictObject({ ips: addressesField, bk_cloud_id: cloudAreaField }),
  output: z.strictObject({ removed: z.array(serverRowSchema) }),
  effect: 'change',
  idempotent: false,
  command: ['servers', 'remove'],
  async run(context, { ips, bk_cloud_id }) {
    const wanted = await requireServers(context, ips, bk_cloud_id)
    await context.store.transaction(async ({ servers }) => {
      for (const { id } of wanted) await servers.remove(id)
    })
    return { removed: wanted.map((server) => toServerRow(server, context.timeZone)) }
  },
  message: ({ removed }) =>
    text(`已移除 ${removed.length} 台服务器`, `${removed.length} servers were removed from the inventory`),
  toMarkdown: ({ removed }, language) => serverTable(removed, language),
})
