import { text } from '../../domain/text.ts'
import { resumeFullInspection } from '../../pipeline/full-inspection.ts'
import { fullInspectionResult } from '../../pipeline/full-inspection-result.ts'
import { fullInspectionDocumentSchema } from '../../report/documents/full-inspection-document.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { runIdInput } from './run-document.ts'

/** Goes on with a run whose process died. What is stored is not done again. */
export const resumeRun = defineOperation({
  name: 'runs_resume',
  serviceId: null,
  title: text('继续运行', 'Resume a run'),
  description: text(
    '从中断处继续一次运行(进程被杀、机器重启之后)。已保存的结果不重做。仍在执行的运行会被拒绝(最后一次心跳 10 秒内)。',
    'Goes on with a run where it stopped (its process was killed, the machine restarted). What is stored is not done again. Refused while a process still executes it (a heartbeat within 10 s).',
  ),
  keywords: ['继续', '恢复', 'resume'],
  input: runIdInput,
  output: fullInspectionDocumentSchema,
  effect: 'collect',
  idempotent: true,
  command: ['runs', 'resume'],
  async run(context, { run_id }) {
    return await fullInspectionResult(context, await resumeFullInspection(context, run_id))
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
