import { AppError, ERRORS, type ErrorCode } from '../domain/errors.ts'
import type { Run } from '../domain/run.ts'
import { text } from '../domain/text.ts'
import {
  buildFullInspectionDocument,
  type FullInspectionDocument,
} from '../report/documents/full-inspection-document.ts'
import type { PipelineContext } from './context.ts'
import { summaryOfRun } from './hardware-summary.ts'

/** Returns what a run came to, as service 005 and the run operations show it. A failed or cancelled run is shown too. */
export async function describeFullInspection(
  context: PipelineContext,
  run: Run,
): Promise<FullInspectionDocument> {
  const rows = await context.store.inspections.findByRun(run.id)
  const servers = rows.map(({ inspection }) => ({
    ip: inspection.serverIp,
    state: inspection.unreachable === null ? ('inspected' as const) : ('unreachable' as const),
    reason:
      inspection.unreachable === null
        ? null
        : text(inspection.unreachable.message, inspection.unreachable.message),
  }))
  return buildFullInspectionDocument({
    run,
    summary: await summaryOfRun(context, run.id),
    servers,
    context: { language: context.language, timeZone: context.timeZone, now: context.clock.now() },
  })
}

/** Returns the document of a run that succeeded; throws the run's own error when it failed or was cancelled. */
export async function fullInspectionResult(
  context: PipelineContext,
  run: Run,
): Promise<FullInspectionDocument> {
  if (run.state === 'succeeded') return await describeFullInspection(context, run)
  const code: ErrorCode =
    run.error !== null && run.error.code in ERRORS ? (run.error.code as ErrorCode) : 'INTERNAL'
  const reason = run.error?.message ?? run.state
  throw new AppError(
    code,
    text(
      `运行 ${run.id} 未完成(${run.state}):${reason}`,
      `run ${run.id} did not succeed (${run.state}): ${reason}`,
    ),
    {
      details: { run_id: run.id, state: run.state },
    },
  )
}
