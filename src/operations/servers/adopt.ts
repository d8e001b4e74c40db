import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { completeDraft } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import type { ServiceContext } from '../../services/context.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { checkServerFields } from './check-server-fields.ts'
import { findUnlisted } from './find-unlisted.ts'
import { serverRowSchema, serverTable, toServerRow } from './server-document.ts'
import { addressesField, cloudAreaField, serverFields, toServerChange } from './server-input.ts'
import { refuseProblems } from './server-problems.ts'

/** Throws SERVER_UNKNOWN for addresses without samples; of those in the inventory already the store says so itself. */
async function refuseWithoutSamples(
  context: ServiceContext,
  ips: readonly string[],
  bkCloudId: number,
): Promise<void> {
  const unlisted = new Set(
    (await findUnlisted(context)).filter((one) => one.bkCloudId === bkCloudId).map((one) => one.ip),
  )
  const listed = new Set(
    (await context.store.servers.list()).filter((one) => one.bkCloudId === bkCloudId).map((one) => one.ip),
  )
  const missing = ips.filter((ip) => !unlisted.has(ip) && !listed.has(ip))
  if (missing.length === 0) return
  const shown = missing.slice(0, 10).join(', ') + (missing.length > 10 ? ' …' : '')
  throw new AppError(
    'SERVER_UNKNOWN',
    text(
      `云区域 ${bkCloudId} 中没有 ${shown} 的指标样本(共 ${missing.length} 个);没有样本的服务器用 servers_add 添加`,
      `no metric samples of ${shown} in cloud area ${bkCloudId} (${missing.length} in all); servers_add adds a server without samples`,
    ),
    { details: { found: missing, bk_cloud_id: bkCloudId } },
  )
}

const { group, credential, jump_host, tags, enabled } = serverFields

/** Adds machines that are known from metrics to the inventory. */
export const adoptServers = defineOperation({
  name: 'servers_adopt',
  serviceId: null,
  title: text('收录仅见于指标的服务器', 'Adopt servers known from metrics'),
  description: text(
    '把有指标样本却不在清单中的机器加入清单,名称先取其 IP;全部加入或全部不加。',
    'Adds machines known only from metrics to the inventory, named by their address; all of them or none.',
  ),
  keywords: ['收录', '未登记', 'adopt', 'unlisted'],
  input: z.strictObject({
    ips: addressesField,
    bk_cloud_id: cloudAreaField,
    group,
    credential,
    jump_host,
    tags,
    enabled,
  }),
  output: z.strictObject({ servers: z.array(serverRowSchema) }),
  effect: 'change',
  idempotent: false,
  command: ['servers', 'adopt'],
  async run(context, input) {
    const { ips, bk_cloud_id, ...fields } = input
    const wanted = [...new Set(ips)]
    await refuseWithoutSamples(context, wanted, bk_cloud_id)
    const change = toServerChange(fields)
    // The address is kept as the samples write it, so that they stay this server's.
    const drafts = wanted.map((ip) => ({ ...change, ip, bkCloudId: bk_cloud_id }))
    refuseProblems(checkServerFields({ ...change, bkCloudId: bk_cloud_id }, context.connectionNames), input)
    refuseProblems(wanted.flatMap((ip) => checkServerFields({ ip }, context.connectionNames)))
    const at = context.clock.now()
    const added = await context.store.servers.insertMany(drafts.map((draft) => completeDraft(draft, at)))
    return { servers: added.map((server) => toServerRow(server, context.timeZone)) }
  },
  message: ({ servers }) =>
    text(`已收录 ${servers.length} 台服务器`, `${servers.length} servers were added to the inventory`),
  toMarkdown: ({ servers }, language) => serverTable(servers, language),
})
