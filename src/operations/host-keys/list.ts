import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'

/** Lists the host keys that were recorded. */
export const listHostKeys = defineOperation({
  name: 'host_keys_list',
  serviceId: null,
  title: text('主机密钥列表', 'List host keys'),
  description: text(
    '列出首次连接时记录的 SSH 主机密钥指纹。',
    'Lists the SSH host key fingerprints recorded on first use.',
  ),
  keywords: ['主机密钥', '指纹', 'host key', 'fingerprint'],
  input: z.strictObject({
    host: z.string().min(1).optional().describe('只列这台主机 / only this host'),
  }),
  output: z.strictObject({
    host_keys: z.array(
      z.strictObject({
        host: z.string(),
        port: z.number().int(),
        key_type: z.string(),
        fingerprint: z.string(),
        first_seen: z.string(),
        last_seen: z.string(),
      }),
    ),
  }),
  effect: 'read',
  idempotent: true,
  command: ['host-keys', 'list'],
  async run(context, { host }) {
    const keys = await context.store.knownHosts.list()
    return {
      host_keys: keys
        .filter((key) => host === undefined || key.host === host)
        .map((key) => ({
          host: key.host,
          port: key.port,
          key_type: key.keyType,
          fingerprint: key.fingerprint,
          first_seen: formatLocalTime(key.firstSeenAt, context.timeZone),
          last_seen: formatLocalTime(key.lastSeenAt, context.timeZone),
        })),
    }
  },
  message: ({ host_keys }) => text(`${host_keys.length} 个主机密钥`, `${host_keys.length} host keys`),
  toMarkdown({ host_keys }, language) {
    const head =
      language === 'zh'
        ? ['主机', '端口', '类型', '指纹', '首次', '最近']
        : ['Host', 'Port', 'Type', 'Fingerprint', 'First seen', 'Last seen']
    return markdownTable(
      head,
      host_keys.map((key) => [
        escapeMarkdown(key.host),
        String(key.port),
        escapeMarkdown(key.key_type),
        escapeMarkdown(key.fingerprint),
        key.first_seen,
        key.last_seen,
      ]),
    )
  },
})
