import { z } from 'zod'
import type { Run } from '../../domain/run.ts'
import { type Language, pick } from '../../domain/text.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'

/** A run in one line. Times are local, `YYYY-MM-DD HH:mm:ss`. */
export const runRowSchema = z.strictObject({
  run_id: z.string().describe('运行编号 / id of the run'),
  flow: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  started_at: z.string(),
  finished_at: z.string().nullable().describe('null: 尚未结束 / not ended'),
  started_by: z.string(),
  current_step: z.string().nullable().describe('最后进入的步骤 / the step entered last'),
  last_choice: z.string().nullable().describe('最近一次选择及理由 / the last choice and its reason'),
})
export type RunRow = z.output<typeof runRowSchema>

/** The input of every operation on one run. */
export const runIdInput = z.strictObject({
  run_id: z
    .string()
    .regex(/^\d{1,20}$/)
    .describe('运行编号 / id of the run'),
})

/** Returns the row of a run. */
export function toRunRow(
  run: Run,
  context: { readonly language: Language; readonly timeZone: string },
): RunRow {
  const last = run.steps.at(-1)
  const choice = run.steps.findLast((step) => step.choice !== null)?.choice ?? null
  return {
    run_id: run.id,
    flow: run.flow,
    state: run.state,
    started_at: formatLocalTime(run.startedAt, context.timeZone),
    finished_at: run.finishedAt === null ? null : formatLocalTime(run.finishedAt, context.timeZone),
    started_by: run.startedBy.name,
    current_step: last?.name ?? null,
    last_choice: choice === null ? null : `${choice.action}: ${pick(choice.reason, context.language)}`,
  }
}
