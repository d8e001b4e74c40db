import { chooseNextStep } from '../decide/next-step/choose-next-step.ts'
import type { Actor } from '../domain/actor.ts'
import { AppError, toAppError } from '../domain/errors.ts'
import type { Run, StepChoice } from '../domain/run.ts'
import { text } from '../domain/text.ts'
import type { RunLease } from '../store/repositories.ts'
import type { PipelineContext } from './context.ts'
import {
  type FullInspectionInput,
  fullInspectionInputSchema,
  nextStepFacts,
  type StepName,
  stepNameSchema,
} from './full-inspection-state.ts'
import { runStep } from './full-inspection-steps.ts'
import { requireRun } from './hardware-summary.ts'
import { isShutdown, LEASE_MS, withLease } from './run-lease.ts'

/** Starts a full inspection and executes it to its end. Returns the run as it ended. */
export async function startFullInspection(
  context: PipelineContext,
  input: FullInspectionInput,
  startedBy: Actor,
): Promise<Run> {
  const run = await context.store.runs.create({
    flow: 'full_inspection',
    input,
    startedBy,
    startedAt: context.clock.now(),
  })
  return await execute(context, run.id)
}

/**
 * Goes on with a run whose process died or was stopped, at the step it was in; what is stored is not done again.
 * Throws RUN_UNKNOWN, RUN_FINISHED, or RUN_ACTIVE when another process holds the run.
 */
export async function resumeFullInspection(context: PipelineContext, runId: string): Promise<Run> {
  const run = await requireRun(context, runId)
  if (run.state !== 'running')
    throw new AppError(
      'RUN_FINISHED',
      text(
        `run_id:运行 ${runId} 已结束(${run.state}),不能继续`,
        `run_id: run ${runId} has ended (${run.state}) and cannot be resumed`,
      ),
      { details: { field: 'run_id', found: runId, state: run.state } },
    )
  return await execute(context, runId)
}

async function execute(context: PipelineContext, runId: string): Promise<Run> {
  await withLease(context, runId, async (leased, lease) => {
    try {
      await walk(leased, lease)
    } catch (error) {
      if (isShutdown(leased.signal)) throw error
      await endRun(
        context,
        lease,
        leased.signal.aborted ? toAppError(leased.signal.reason) : toAppError(error),
      )
    }
  })
  return await requireRun(context, runId)
}

/** The flow: do the step that was chosen, store what it came to together with the next choice, until there is none. */
async function walk(context: PipelineContext, lease: RunLease): Promise<void> {
  for (;;) {
    const run = await requireRun(context, lease.runId)
    context.signal.throwIfAborted()
    const input = fullInspectionInputSchema.parse(run.input)
    const choice =
      run.steps.findLast((step) => step.state === 'done')?.choice ??
      chooseNextStep(nextStepFacts(input, run.steps))
    if (choice.action === 'finish') {
      const summary = run.steps.find((step) => step.name === 'service_004_hardware_summary')
      const end = {
        state: 'succeeded',
        result: summary?.output ?? null,
        error: null,
        at: context.clock.now(),
      } as const
      await context.store.runs.finish(lease, end)
      return
    }
    await doStep(context, lease, { run, input, name: stepNameSchema.parse(choice.action), ips: choice.ips })
  }
}

interface StepToDo {
  readonly run: Run
  readonly input: FullInspectionInput
  readonly name: StepName
  readonly ips: readonly string[]
}

async function doStep(
  context: PipelineContext,
  lease: RunLease,
  { run, input, name, ips }: StepToDo,
): Promise<void> {
  const position = run.steps.filter((step) => step.state === 'done').length
  await context.store.runs.enterStep(lease, position, name, context.clock.now())
  try {
    const output = await runStep(context, { name, input, run, ips })
    context.signal.throwIfAborted()
    const steps = [
      ...run.steps.filter((step) => step.state === 'done'),
      { name, state: 'done' as const, output },
    ]
    const choice: StepChoice = chooseNextStep(nextStepFacts(input, steps))
    await context.store.runs.finishStep(lease, position, { output, choice, at: context.clock.now() })
    await announce(context, { runId: lease.runId, step: name, choice, position })
  } catch (error) {
    if (!isShutdown(context.signal)) {
      const reason = context.signal.aborted ? toAppError(context.signal.reason) : toAppError(error)
      await context.store.runs.failStep(
        lease,
        position,
        { code: reason.code, message: reason.message },
        context.clock.now(),
      )
    }
    throw error
  }
}

async function announce(
  context: PipelineContext,
  { runId, step, choice, position }: { runId: string; step: string; choice: StepChoice; position: number },
): Promise<void> {
  const message = text(
    `完成 ${step};下一步 ${choice.action}:${choice.reason.zh}`,
    `${step} done; next ${choice.action}: ${choice.reason.en}`,
  )
  const event = { runId, step, done: position + 1, total: null, message }
  await context.store.liveEvents.append({ ...event, at: context.clock.now() })
  context.progress(event)
}

async function endRun(context: PipelineContext, lease: RunLease, error: AppError): Promise<void> {
  const state = error.code === 'CANCELLED' ? 'cancelled' : 'failed'
  const end = {
    state,
    result: null,
    error: { code: error.code, message: error.message },
    at: context.clock.now(),
  } as const
  await context.store.runs.finish(lease, end)
  context.logger[state === 'failed' ? 'error' : 'info'](
    { runId: lease.runId, code: error.code, err: error },
    `run ${state}`,
  )
}

/**
 * Asks a run to stop and returns it; null when it has ended. A run that no process executes (its lease is free)
 * is ended here at once.
 * Throws RUN_UNKNOWN.
 */
export async function cancelFullInspection(context: PipelineContext, runId: string): Promise<Run | null> {
  await requireRun(context, runId)
  const { runs } = context.store
  if (!(await runs.requestCancel(runId))) return null
  const lease = await runs.acquire(runId, context.owner, context.clock.now(), LEASE_MS)
  if (lease !== null) {
    const sentence = text(`运行 ${runId} 已被取消`, `run ${runId} was cancelled`)
    await endRun(context, lease, new AppError('CANCELLED', sentence))
  }
  return await requireRun(context, runId)
}
