import { z } from 'zod'
import { completeDraft } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { canonicalIp } from '../../lib/net/canonical-ip.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { checkServerFields } from './check-server-fields.ts'
import { serverRowSchema, serverTable, toServerRow } from './server-document.ts'
import { cloudAreaField, serverFields, toServerChange } from './server-input.ts'
import { refuseProblems } from './server-problems.ts'

/** Adds one server to the inventory. */
export const addServer = defineOperation({
  name: 'servers_add',
  serviceId: null,
  title: text('添加服务器', 'Add a server'),
  description: text(
    '把一台服务器加入清单;身份为 (云区域, IP),之后不可更改。',
    'Adds a server to the inventory; its identity (cloud area, ip) never changes afterwards.',
  ),
  keywords: ['添加', '服务器', 'add', 'inventory'],
  input: z.strictObject({
    ip: z.string().describe('IPv4 或 IPv6 地址 / IPv4 or IPv6 address'),
    bk_cloud_id: cloudAreaField,
    ...serverFields,
  }),
  output: z.strictObject({ server: serverRowSchema }),
  effect: 'change',
  idempotent: false,
  command: ['servers', 'add'],
  async run(context, input) {
    const { ip, bk_cloud_id, ...fields } = input
    const draft = { ...toServerChange(fields), ip: canonicalIp(ip), bkCloudId: bk_cloud_id }
    refuseProblems(checkServerFields(draft, context.connectionNames), input)
    const [server] = await context.store.servers.insertMany([completeDraft(draft, context.clock.now())])
    if (server === undefined) throw new Error('the store added a server and returned none')
    return { server: toServerRow(server, context.timeZone) }
  },
  message: ({ server }) =>
    text(`已添加 ${server.ip}(${server.name})`, `${server.ip} (${server.name}) was added`),
  toMarkdown: ({ server }, language) => serverTable([server], language),
})
