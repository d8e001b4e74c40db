import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { markdownTable } from '../../report/markdown-table.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { runRowSchema, toRunRow } from './run-document.ts'

/** Lists runs, newest first. */
export const listRuns = defineOperation({
  name: 'runs_list',
  serviceId: null,
  title: text('运行列表', 'List runs'),
  description: text('列出全面巡检的运行,最新在前。', 'Lists the runs of full inspections, newest first.'),
  keywords: ['运行', '进度', 'runs', 'progress'],
  input: z.strictObject({
    limit: z.number().int().min(1).max(200).default(20).describe('最多返回几条 / how many at the most'),
  }),
  output: z.strictObject({ runs: z.array(runRowSchema) }),
  effect: 'read',
  idempotent: true,
  command: ['runs', 'list'],
  async run(context, { limit }) {
    const runs = await context.store.runs.list(limit)
    return { runs: runs.map((run) => toRunRow(run, context)) }
  },
  message: ({ runs }) =>
    runs.length === 0
      ? text(
          '还没有运行;用 `smart-ops inspect full` 发起一次',
          'No runs yet; start one with `smart-ops inspect full`',
        )
      : text(`${runs.length} 次运行`, `${runs.length} runs`),
  toMarkdown({ runs }, language) {
    const head =
      language === 'zh'
        ? ['编号', '状态', '开始', '结束', '步骤']
        : ['Id', 'State', 'Started', 'Ended', 'Step']
    return markdownTable(
      head,
      runs.map((run) => [
        run.run_id,
        run.state,
        run.started_at,
        run.finished_at ?? '-',
        run.current_step ?? '-',
      ]),
    )
  },
})
