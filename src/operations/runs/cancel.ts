import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { cancelFullInspection } from '../../pipeline/full-inspection.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { runIdInput, runRowSchema, toRunRow } from './run-document.ts'

/** Asks a running run to stop; the process that executes it sees this within two seconds. */
export const cancelRun = defineOperation({
  name: 'runs_cancel',
  serviceId: null,
  title: text('取消运行', 'Cancel a run'),
  description: text(
    '取消一次正在执行或中断的运行;执行它的进程两秒内停下。已保存的部分保留。',
    'Cancels a run that is executing or was interrupted; its process stops within two seconds. What is stored stays.',
  ),
  keywords: ['取消', '停止', 'cancel'],
  input: runIdInput,
  output: z.strictObject({ run: runRowSchema }),
  effect: 'change',
  idempotent: true,
  command: ['runs', 'cancel'],
  async run(context, { run_id }) {
    const run = await cancelFullInspection(context, run_id)
    if (run === null)
      throw new AppError(
        'RUN_FINISHED',
        text(`run_id:运行 ${run_id} 已经结束`, `run_id: run ${run_id} has ended already`),
        {
          details: { field: 'run_id', found: run_id },
        },
      )
    return { run: toRunRow(run, context) }
  },
  message: ({ run }) =>
    run.state === 'cancelled'
      ? text(`运行 ${run.run_id} 已取消`, `Run ${run.run_id} is cancelled`)
      : text(`已请求取消运行 ${run.run_id}`, `Run ${run.run_id} was asked to stop`),
  toMarkdown: ({ run }, language) =>
    language === 'zh' ? `运行 ${run.run_id}:${run.state}` : `Run ${run.run_id}: ${run.state}`,
})
