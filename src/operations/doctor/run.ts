import { z } from 'zod'
import { pick, text } from '../../domain/text.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'

const checkSchema = z.strictObject({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'failed', 'not_configured']),
  found: z.string(),
  remedy: z.string().nullable().describe('如何修复;null 为无需处理 / how to mend it; null: nothing to do'),
})

const MARKS = { ok: '✓', warning: '!', failed: '✗', not_configured: '–' } as const

/** Looks at each thing the product depends on and says how to mend it. */
export const runDoctor = defineOperation({
  name: 'doctor_run',
  serviceId: null,
  title: text('自检', 'Doctor'),
  description: text(
    '检查运行所依赖的每一项(Node、数据库、主密钥、目录、探针工具等),并说明如何修复。',
    'Checks each thing the product depends on (Node, database, master key, folders, probe tools …) and says how to mend it.',
  ),
  keywords: ['自检', '诊断', 'doctor', 'health'],
  input: z.strictObject({}),
  output: z.strictObject({
    healthy: z.boolean().describe('没有 failed 项 / no check failed'),
    checks: z.array(checkSchema),
  }),
  effect: 'read',
  idempotent: true,
  command: ['doctor'],
  async run(context) {
    const checks = await context.doctor(context.signal)
    return {
      healthy: checks.every((check) => check.state !== 'failed'),
      checks: checks.map((check) => ({
        name: check.name,
        state: check.state,
        found: pick(check.found, context.language),
        remedy: check.remedy === null ? null : pick(check.remedy, context.language),
      })),
    }
  },
  message: ({ healthy }) =>
    healthy ? text('自检通过', 'All checks passed') : text('自检发现问题', 'Some checks failed'),
  toMarkdown({ checks }, language) {
    const head = language === 'zh' ? ['', '项目', '结果', '处理'] : ['', 'Check', 'Found', 'Remedy']
    return markdownTable(
      head,
      checks.map((check) => [
        MARKS[check.state],
        check.name,
        escapeMarkdown(check.found),
        escapeMarkdown(check.remedy ?? ''),
      ]),
    )
  },
})
