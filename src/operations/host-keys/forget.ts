import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../../services/service-definition.ts'

/** Forgets a host key, so that the next one is taken as the first. */
export const forgetHostKey = defineOperation({
  name: 'host_keys_forget',
  serviceId: null,
  title: text('忘记主机密钥', 'Forget a host key'),
  description: text(
    '删除一台主机的密钥记录,下次连接时重新记录。须先由人确认密钥确实更换(如重装系统),否则可能连到冒充者。',
    'Drops the recorded key of a host; the next connection records a new one. Only after a person has checked that the key really changed (a reinstallation, say): otherwise an impostor may be trusted.',
  ),
  keywords: ['主机密钥', '忘记', 'host key', 'forget'],
  input: z.strictObject({
    host: z.string().min(1).max(255).describe('主机地址或名称 / address or name of the host'),
    port: z.number().int().min(1).max(65_535).default(22).describe('SSH 端口 / SSH port'),
  }),
  output: z.strictObject({ host: z.string(), port: z.number().int(), fingerprint: z.string() }),
  effect: 'change',
  idempotent: false,
  command: ['host-keys', 'forget'],
  async run(context, { host, port }) {
    const known = await context.store.transaction(async ({ knownHosts }) => {
      const found = await knownHosts.find(host, port)
      await knownHosts.forget(host, port)
      return found
    })
    if (known === null)
      throw new AppError(
        'HOST_KEY_UNKNOWN',
        text(`没有记录 ${host}:${port} 的主机密钥`, `no host key of ${host}:${port} is recorded`),
        { details: { host, port } },
      )
    return { host, port, fingerprint: known.fingerprint }
  },
  message: ({ host, port, fingerprint }) =>
    text(
      `已忘记 ${host}:${port} 的密钥 ${fingerprint}`,
      `The key ${fingerprint} of ${host}:${port} is forgotten`,
    ),
  toMarkdown: ({ host, port, fingerprint }) => `\`${host}:${port}\` ${fingerprint}`,
})
