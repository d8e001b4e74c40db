import { z } from 'zod'
import { describeProbes } from '../../collect/describe-probes.ts'
import { renderRecorderScript } from '../../collect/offline/recorder-script.ts'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import { pick, text } from '../../domain/text.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'

const probeSchema = z.strictObject({
  name: z.enum(PROBE_NAMES),
  title: z.string(),
  sections: z.array(
    z.strictObject({
      id: z.string().describe('probe.section'),
      command: z.string().describe('在服务器上执行的命令 / what is run on the server'),
      privilege: z.enum(['none', 'root']).describe('root:需要 root 或 sudo -n / root: needs root or sudo -n'),
      timeout_seconds: z.number(),
    }),
  ),
})

/** Shows what the probes run on a server, and the very script that does it. */
export const showProbes = defineOperation({
  name: 'probes_show',
  serviceId: null,
  title: text('查看探针', 'Show probes'),
  description: text(
    '列出探针在服务器上执行的命令与所需权限;script=true 时给出完整脚本(POSIX sh,只读),可先审阅,或带到不联网的机器上执行,再用 recordings_inspect 读取其输出。',
    'Lists the commands that probes run on a server and the privileges they need; with script=true the whole script (POSIX sh, reads only), to review it or to carry it to an air-gapped machine whose output recordings_inspect then reads.',
  ),
  keywords: ['探针', '脚本', 'probes', 'script', 'commands'],
  input: z.strictObject({
    probes: z.array(z.enum(PROBE_NAMES)).min(1).optional().describe('探针名;默认全部 / probes; default: all'),
    script: z.boolean().default(false).describe('同时给出完整脚本 / give the whole script too'),
  }),
  output: z.strictObject({
    probes: z.array(probeSchema),
    script: z.string().nullable().describe('POSIX sh;null 为未要求 / null: not asked for'),
  }),
  effect: 'read',
  idempotent: true,
  command: ['probes', 'show'],
  async run(context, { probes, script }) {
    const names = PROBE_NAMES.filter((name) => probes === undefined || probes.includes(name))
    return {
      probes: describeProbes()
        .filter(({ name }) => names.includes(name))
        .map((probe) => ({
          name: probe.name,
          title: pick(probe.title, context.language),
          sections: probe.sections.map((section) => ({
            id: section.id,
            command: section.command,
            privilege: section.privilege,
            timeout_seconds: section.timeoutSeconds,
          })),
        })),
      script: script ? renderRecorderScript(names) : null,
    }
  },
  message: ({ probes }) => text(`${probes.length} 个探针`, `${probes.length} probes`),
  toPlainText: ({ script }) => script,
  toMarkdown({ probes }, language) {
    const head =
      language === 'zh' ? ['探针', '权限', '时限', '命令'] : ['Section', 'Privilege', 'Limit', 'Command']
    return markdownTable(
      head,
      probes.flatMap((probe) =>
        probe.sections.map((section) => [
          section.id,
          section.privilege,
          `${section.timeout_seconds} s`,
          `\`${section.command.replaceAll('|', '\\|')}\``,
        ]),
      ),
    )
  },
})
