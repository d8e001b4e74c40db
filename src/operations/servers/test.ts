import { z } from 'zod'
import { UNREACHABLE_REASONS } from '../../domain/inspection.ts'
import type { ServerCheck } from '../../domain/server-check.ts'
import { type Language, pick, text } from '../../domain/text.ts'
import { checkServers } from '../../pipeline/check-servers.ts'
import { selectServers } from '../../pipeline/select-servers.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { addressesField } from './server-input.ts'

const toolSchema = z.strictObject({
  name: z.string(),
  path: z.string().nullable().describe('null:没有 / null: not there'),
  purpose: z.string(),
  install_command: z
    .string()
    .nullable()
    .describe('装上它的命令;null:已有或无从得知 / installs it; null: there already, or not known'),
})

const checkSchema = z.strictObject({
  ip: z.string(),
  reachable: z.boolean(),
  reason: z.enum(UNREACHABLE_REASONS).nullable(),
  message: z.string().nullable().describe('不可达的原因 / why it is not reachable'),
  user: z.string().nullable(),
  is_root: z.boolean().nullable(),
  tools: z.array(toolSchema),
  privileges: z.array(
    z.strictObject({ command: z.string(), state: z.enum(['root', 'permitted', 'refused', 'no_sudo']) }),
  ),
  sudoers: z
    .string()
    .nullable()
    .describe('用 visudo 加入即可;null:没有被拒绝的命令 / lines for visudo; null: nothing is refused'),
})

function toRow(check: ServerCheck, language: Language): z.output<typeof checkSchema> {
  return {
    ip: check.serverIp,
    reachable: check.unreachable === null,
    reason: check.unreachable?.reason ?? null,
    message: check.unreachable?.message ?? null,
    user: check.login?.user ?? null,
    is_root: check.login?.isRoot ?? null,
    tools: check.tools.map((tool) => ({
      name: tool.name,
      path: tool.path,
      purpose: pick(tool.purpose, language),
      install_command: tool.installCommand,
    })),
    privileges: check.privileges.map(({ command, state }) => ({ command, state })),
    sudoers: check.sudoersFragment,
  }
}

const codeBlock = (body: string): string => `\`\`\`text\n${body.trimEnd()}\n\`\`\``

function serverMarkdown(row: z.output<typeof checkSchema>, language: Language): string {
  const zh = language === 'zh'
  if (!row.reachable) return `## ${row.ip} ✗\n\n${escapeMarkdown(`${row.reason}: ${row.message}`)}`
  const login = `${row.user ?? '?'}${row.is_root === true ? ' (root)' : ''}`
  const missing = row.tools.filter(({ path }) => path === null)
  const refused = row.privileges.filter(({ state }) => state === 'refused' || state === 'no_sudo')
  return [
    `## ${row.ip} ✓ ${escapeMarkdown(login)}`,
    missing.length === 0
      ? zh
        ? '所需工具齐全。'
        : 'Every tool is there.'
      : markdownTable(
          zh ? ['缺少', '用于', '安装'] : ['Missing', 'Needed for', 'Install'],
          missing.map((tool) => [tool.name, tool.purpose, `\`${tool.install_command ?? '-'}\``]),
        ),
    refused.length === 0 || row.sudoers === null
      ? ''
      : `${zh ? '用 `visudo -f /etc/sudoers.d/smart-ops` 加入:' : 'Add with `visudo -f /etc/sudoers.d/smart-ops`:'}\n\n${codeBlock(row.sudoers)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Tests servers before they are inspected: reachable, host key, login, tools, rights, and what mends each. */
export const testServers = defineOperation({
  name: 'servers_test',
  serviceId: null,
  title: text('测试服务器', 'Test servers'),
  description: text(
    '逐台测试:能否连接、主机密钥、登录、sudo、探针所需工具;给出缺什么、安装命令与最小授权的 sudoers 片段。不改动服务器。',
    'Tests each server: reachable, host key, login, sudo, the tools probes need; says what is missing, the command that installs it and the least sudoers lines. Changes nothing there.',
  ),
  keywords: ['测试', '连通', 'sudo', 'test', 'reachable', 'login'],
  input: z.strictObject({
    ips: addressesField.optional(),
    group: z.string().min(1).max(100).optional().describe('分组,默认全部 / group; default: all'),
  }),
  output: z.strictObject({ checks: z.array(checkSchema) }),
  effect: 'collect',
  idempotent: true,
  command: ['servers', 'test'],
  async run(context, { ips, group }) {
    const servers = await selectServers(context, { ips: ips ?? null, group: group ?? null })
    const checks = await checkServers(context, servers)
    return { checks: checks.map((check) => toRow(check, context.language)) }
  },
  message({ checks }) {
    const reached = checks.filter(({ reachable }) => reachable).length
    return text(
      `${checks.length} 台中 ${reached} 台可登录`,
      `${reached} of ${checks.length} can be logged in to`,
    )
  },
  toMarkdown: ({ checks }, language) => checks.map((row) => serverMarkdown(row, language)).join('\n\n'),
})
