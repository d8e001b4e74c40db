import { z } from 'zod'
import { INVENTORY_FIELDS } from '../../collect/inventory/inventory-fields.ts'
import { parseInventory } from '../../collect/inventory/parse-inventory.ts'
import { INVENTORY_FORMATS } from '../../collect/inventory/parsed-inventory.ts'
import { AppError } from '../../domain/errors.ts'
import { completeDraft } from '../../domain/server.ts'
import { type Text, text } from '../../domain/text.ts'
import type { ServiceContext } from '../../services/context.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { importDocumentSchema, importMarkdown, toImportDocument } from './import/import-document.ts'
import { type ImportPlan, ON_EXISTING, planImport } from './import/plan-import.ts'

/** Servers of one file; the product is made for 5,000. */
const MOST_ROWS = 20_000
/** Base64 of 16 MiB. */
const MOST_BASE64 = 22_400_000
/** Everything of the input besides the file. */
const OTHER_INPUT_BYTES = 65_536

const errorsOf = (plan: ImportPlan) => plan.problems.filter((problem) => problem.kind === 'error')

/** Errors that the refusal of an import names one by one; the preview names all. */
const ERRORS_TOLD = 20

/** Returns an error as a line: where, what was found, what is allowed. */
function errorLine({ line, field, found, allowed }: ImportPlan['problems'][number]): Text {
  const place = (row: string): string =>
    [line === null ? '' : row, field ?? ''].filter((one) => one !== '').join(' ')
  const shown = JSON.stringify(found)
  return text(
    `${place(`第 ${line} 行`)} ${shown},允许:${allowed.zh}`,
    `${place(`line ${line}`)} ${shown}, allowed: ${allowed.en}`,
  )
}

/** Throws AppError INPUT_INVALID naming the first broken rows when there are any. */
function requireNoErrors(plan: ImportPlan): void {
  const errors = errorsOf(plan)
  const [first] = errors
  if (first === undefined) return
  const told = errors.slice(0, ERRORS_TOLD).map(errorLine)
  const more = errors.length - told.length
  const lines = (language: 'zh' | 'en', left: string): string =>
    [...told.map((one) => `  ${one[language]}`), ...(more === 0 ? [] : [`  ${left}`])].join('\n')
  throw new AppError(
    'INPUT_INVALID',
    text(
      `content_base64:文件有 ${errors.length} 处错误,未导入;不带 apply 可查看全部,skip_broken 跳过有错的行:\n${lines('zh', `另有 ${more} 处`)}`,
      `content_base64: the file has ${errors.length} errors, nothing was imported; call without apply to see all, skip_broken leaves broken rows out:\n${lines('en', `${more} more`)}`,
    ),
    { details: { field: 'content_base64', errors: errors.length, line: first.line } },
  )
}

/** The repositories of the one transaction that an import is. */
type Writable = Pick<ServiceContext['store'], 'servers'>

async function applyPlan(repositories: Writable, plan: ImportPlan, now: Date): Promise<void> {
  for (const { server, change } of plan.toChange) await repositories.servers.update(server.id, change)
  if (plan.toAdd.length > 0)
    await repositories.servers.insertMany(plan.toAdd.map(({ draft }) => completeDraft(draft, now)))
}

/** Imports servers from a foreign inventory file, or shows what that would do. */
export const importServers = defineOperation({
  name: 'servers_import',
  serviceId: null,
  title: text('导入服务器', 'Import servers'),
  description: text(
    '从文件导入服务器:CSV(UTF-8、GB18030)、XLSX、YAML、Ansible 清单(INI、YAML)、OpenSSH 配置;蓝鲸 CMDB 的导出可直接使用。默认只预览将新增、修改什么以及全部问题;apply=true 才导入,有错误则全部不导入,除非 skip_broken=true。空单元格不改动已有值。密码从不导入。',
    'Imports servers from a file: CSV (UTF-8, GB18030), XLSX, YAML, Ansible inventory (INI, YAML), OpenSSH configuration; an export of BlueKing CMDB loads as it is. By default a preview of what would be added and changed and of every problem; apply=true imports, all or nothing unless skip_broken=true. Empty cells change nothing. Passwords are never imported.',
  ),
  keywords: ['导入', '清单', 'CMDB', 'import', 'inventory', 'CSV', 'Ansible'],
  input: z.strictObject({
    content_base64: z
      .base64()
      .min(1)
      .max(MOST_BASE64)
      .describe('文件内容的 Base64;命令行用 @文件 / the file as base64; on the command line @FILE'),
    format: z
      .enum(INVENTORY_FORMATS)
      .optional()
      .describe('文件格式;默认按内容识别 / format; default: seen from the content'),
    columns: z
      .record(z.string().min(1).max(100), z.enum(INVENTORY_FIELDS))
      .optional()
      .describe('列名 → 字段,用于无法识别的列名 / column name → field, for names that are not known'),
    apply: z.boolean().default(false).describe('导入;默认仅预览 / import; default: preview only'),
    skip_broken: z.boolean().default(false).describe('跳过有错误的行 / leave rows with errors out'),
    on_existing: z
      .enum(ON_EXISTING)
      .default('update')
      .describe(
        '已在清单中的服务器:更新、跳过或视为错误 / servers in the inventory already: update, skip or refuse',
      ),
  }),
  output: importDocumentSchema,
  largestInputBytes: MOST_BASE64 + OTHER_INPUT_BYTES,
  effect: 'change',
  idempotent: true,
  command: ['servers', 'import'],
  async run(context, input) {
    const bytes = new Uint8Array(Buffer.from(input.content_base64, 'base64'))
    const parsed = await parseInventory(bytes, {
      format: input.format,
      columns: input.columns,
      maxRows: MOST_ROWS,
    })
    const options = { onExisting: input.on_existing, names: context.connectionNames }
    const plan = input.apply
      ? await context.store.transaction(async (repositories) => {
          const made = planImport(parsed, await repositories.servers.list(), options)
          if (!input.skip_broken) requireNoErrors(made)
          await applyPlan(repositories, made, context.clock.now())
          return made
        })
      : planImport(parsed, await context.store.servers.list(), options)
    return toImportDocument(parsed, plan, input.apply, context.language)
  },
  message(data) {
    const errors = data.problems.filter((problem) => problem.kind === 'error').length
    const zh = `新增 ${data.to_add.length} 台,修改 ${data.to_change.length} 台,不变 ${data.unchanged.length + data.skipped.length} 台,错误 ${errors} 处`
    const en = `${data.to_add.length} to add, ${data.to_change.length} to change, ${data.unchanged.length + data.skipped.length} as they are, ${errors} errors`
    return data.applied ? text(`已导入:${zh}`, `Imported: ${en}`) : text(`预览:${zh}`, `Preview: ${en}`)
  },
  toMarkdown: importMarkdown,
})
