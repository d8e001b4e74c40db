import { text } from '../../domain/text.ts'
import { describeFullInspection } from '../../pipeline/full-inspection-result.ts'
import { requireRun } from '../../pipeline/hardware-summary.ts'
import { fullInspectionDocumentSchema } from '../../report/documents/full-inspection-document.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { runIdInput } from './run-document.ts'

/** Shows one run with its steps, choices and servers, whatever its state. */
export const showRun = defineOperation({
  name: 'runs_show',
  serviceId: null,
  title: text('查看运行', 'Show a run'),
  description: text(
    '查看一次运行:各步骤的状态、选择与理由、涉及的服务器、结论。',
    'Shows one run: the state of each step, what was chosen and why, the servers, the verdict.',
  ),
  keywords: ['运行', '详情', 'run', 'steps'],
  input: runIdInput,
  output: fullInspectionDocumentSchema,
  effect: 'read',
  idempotent: true,
  command: ['runs', 'show'],
  async run(context, { run_id }) {
    return await describeFullInspection(context, await requireRun(context, run_id))
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
