import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'

const auditRowSchema = z.strictObject({
  at: z.string().describe('本地时间 / local time, YYYY-MM-DD HH:mm:ss'),
  actor: z.string(),
  actor_kind: z.enum(['local_administrator', 'token', 'system']),
  surface: z.enum(['cli', 'http', 'mcp', 'schedule', 'startup']),
  operation: z.string(),
  effect: z.enum(['read', 'collect', 'send', 'change']),
  input: z.string().describe('JSON,密钥已隐去 / JSON, secrets redacted'),
  outcome: z.string().describe('OK 或错误码 / OK or an error code'),
  duration_ms: z.number(),
})

/** Lists who called what with which outcome, newest first. */
export const listAudit = defineOperation({
  name: 'audit_list',
  serviceId: null,
  title: text('审计记录', 'Audit trail'),
  description: text(
    '谁、何时、从哪里、调用了什么、结果如何;最新在前。',
    'Who called what, when, from where and with which outcome; newest first.',
  ),
  keywords: ['审计', 'audit', 'who'],
  input: z.strictObject({
    limit: z.number().int().min(1).max(1000).default(50).describe('最多返回几条 / how many at the most'),
  }),
  output: z.strictObject({ entries: z.array(auditRowSchema) }),
  effect: 'read',
  idempotent: true,
  command: ['audit', 'list'],
  async run(context, { limit }) {
    const entries = await context.store.audit.list(limit)
    return {
      entries: entries.map((entry) => ({
        at: formatLocalTime(entry.at, context.timeZone),
        actor: entry.actor.name,
        actor_kind: entry.actor.kind,
        surface: entry.actor.surface,
        operation: entry.operation,
        effect: entry.effect,
        input: entry.input,
        outcome: entry.outcome,
        duration_ms: entry.durationMs,
      })),
    }
  },
  message: ({ entries }) => text(`${entries.length} 条审计记录`, `${entries.length} audit entries`),
  toMarkdown({ entries }, language) {
    const head =
      language === 'zh'
        ? ['时间', '谁', '入口', '操作', '结果', '毫秒']
        : ['Time', 'Who', 'Surface', 'Operation', 'Outcome', 'ms']
    return markdownTable(
      head,
      entries.map((entry) => [
        entry.at,
        escapeMarkdown(entry.actor),
        entry.surface,
        escapeMarkdown(entry.operation),
        entry.outcome,
        String(entry.duration_ms),
      ]),
    )
  },
})
