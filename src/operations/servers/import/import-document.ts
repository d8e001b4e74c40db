import { z } from 'zod'
import { INVENTORY_FORMATS, type ParsedInventory } from '../../../collect/inventory/parsed-inventory.ts'
import { type Language, pick } from '../../../domain/text.ts'
import { escapeMarkdown } from '../../../report/markdown.ts'
import { markdownTable } from '../../../report/markdown-table.ts'
import type { ImportPlan } from './plan-import.ts'

const serverSchema = z.strictObject({ bk_cloud_id: z.number().int(), ip: z.string(), name: z.string() })

/** Result of an import or of its preview. */
export const importDocumentSchema = z.strictObject({
  applied: z.boolean().describe('false:仅预览,未改动 / false: a preview, nothing was changed'),
  format: z.enum(INVENTORY_FORMATS),
  encoding: z.enum(['utf-8', 'utf-8-bom', 'gb18030', 'utf-16le']),
  to_add: z.array(serverSchema.extend({ line: z.number().int() })),
  to_change: z.array(
    serverSchema.extend({
      line: z.number().int(),
      changes: z.array(z.strictObject({ field: z.string(), before: z.string(), after: z.string() })),
    }),
  ),
  unchanged: z.array(serverSchema),
  skipped: z.array(serverSchema).describe('已在清单中,按 on_existing=skip 保持 / kept as they are'),
  duplicates: z
    .array(
      z.strictObject({ bk_cloud_id: z.number().int(), ip: z.string(), lines: z.array(z.number().int()) }),
    )
    .describe('文件中重复的服务器 / servers listed more than once in the file'),
  problems: z.array(
    z.strictObject({
      kind: z.enum(['error', 'note']),
      line: z.number().int().nullable().describe('null: 整个文件 / the whole file'),
      field: z.string().nullable(),
      found: z.string(),
      allowed: z.string(),
    }),
  ),
  ignored_columns: z.array(z.string()),
})
/** See {@link importDocumentSchema}. */
export type ImportDocument = z.output<typeof importDocumentSchema>

const identityOf = (server: { readonly bkCloudId: number; readonly ip: string; readonly name?: string }) => ({
  bk_cloud_id: server.bkCloudId,
  ip: server.ip,
  name: server.name ?? server.ip,
})

/** Returns the plan as the operation's result. */
export const toImportDocument = (
  parsed: ParsedInventory,
  plan: ImportPlan,
  applied: boolean,
  language: Language,
): ImportDocument => ({
  applied,
  format: parsed.format,
  encoding: parsed.encoding,
  to_add: plan.toAdd.map(({ line, draft }) => ({ line, ...identityOf(draft) })),
  to_change: plan.toChange.map(({ line, server, fields }) => ({
    line,
    ...identityOf(server),
    changes: fields.map((change) => ({ ...change })),
  })),
  unchanged: plan.unchanged.map(identityOf),
  skipped: plan.skipped.map(identityOf),
  duplicates: plan.duplicates.map(({ bkCloudId, ip, lines }) => ({
    bk_cloud_id: bkCloudId,
    ip,
    lines: [...lines],
  })),
  problems: plan.problems.map((problem) => ({ ...problem, allowed: pick(problem.allowed, language) })),
  ignored_columns: [...parsed.ignoredColumns],
})

const WORDS = {
  zh: {
    head: ['行', '字段', '内容', '允许 / 说明'],
    servers: ['行', 'IP', '名称', '动作'],
    add: '新增',
    problems: '问题',
    preview: '以上为预览,未改动;加 --apply 导入。',
    ignored: '未使用的列:',
  },
  en: {
    head: ['Line', 'Field', 'Found', 'Allowed / remark'],
    servers: ['Line', 'IP', 'Name', 'Action'],
    add: 'add',
    problems: 'Problems',
    preview: 'This is a preview, nothing was changed; import with --apply.',
    ignored: 'Columns not used: ',
  },
} as const

/** Returns the result as Markdown: what is added and changed, then every problem. */
export function importMarkdown(data: ImportDocument, language: Language): string {
  const words = WORDS[language]
  const rows = [
    ...data.to_add.map((one) => [String(one.line), one.ip, escapeMarkdown(one.name), words.add]),
    ...data.to_change.map((one) => [
      String(one.line),
      one.ip,
      escapeMarkdown(one.name),
      one.changes
        .map(({ field, before, after }) => escapeMarkdown(`${field}: ${before || '-'} → ${after || '-'}`))
        .join(language === 'zh' ? ';' : '; '),
    ]),
  ]
  const problems = data.problems.map((one) => [
    `${one.kind === 'error' ? '✗' : '!'} ${one.line ?? '-'}`,
    escapeMarkdown(one.field ?? '-'),
    escapeMarkdown(one.found),
    escapeMarkdown(one.allowed),
  ])
  return [
    ...(rows.length > 0 ? [markdownTable(words.servers, rows)] : []),
    ...(problems.length > 0 ? [`## ${words.problems}`, markdownTable(words.head, problems)] : []),
    ...(data.ignored_columns.length > 0
      ? [words.ignored + escapeMarkdown(data.ignored_columns.join(', '))]
      : []),
    ...(data.applied ? [] : [words.preview]),
  ].join('\n\n')
}
