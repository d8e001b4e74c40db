import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { RunLease } from '../store/repositories.ts'
import type { PipelineContext } from './context.ts'

/** How long a run stays with a process that stopped saying that it lives. */
export const LEASE_MS = 10_000
const HEARTBEAT_MS = 2_000

/** Reason of a signal that is aborted because this process stops: its runs are given back, not ended. */
export class ShutdownReason extends Error {
  constructor() {
    super('this process is stopping')
    this.name = 'ShutdownReason'
  }
}

/** True when the signal was aborted because this process stops. */
export const isShutdown = (signal: AbortSignal): boolean =>
  signal.aborted && signal.reason instanceof ShutdownReason

const cancelled = (runId: string) =>
  new AppError('CANCELLED', text(`运行 ${runId} 已被取消`, `run ${runId} was cancelled`), {
    details: { runId },
  })

/**
 * Runs `work` while holding the lease of a run, with a signal that is also aborted when the run is cancelled from
 * anywhere or the lease is lost. Throws RUN_ACTIVE when another process holds it.
 */
export async function withLease(
  context: PipelineContext,
  runId: string,
  work: (context: PipelineContext, lease: RunLease) => Promise<void>,
): Promise<void> {
  const { runs } = context.store
  const lease = await runs.acquire(runId, context.owner, context.clock.now(), LEASE_MS)
  if (lease === null) throw active(runId)
  const stop = new AbortController()
  const beat = async () => {
    if (!(await runs.heartbeat(lease, context.clock.now(), LEASE_MS))) stop.abort(active(runId))
    else if (await runs.isCancelRequested(runId)) stop.abort(cancelled(runId))
  }
  const timer = setInterval(() => {
    beat().catch((error: unknown) => context.logger.warn({ runId, err: error }, 'heartbeat of a run failed'))
  }, HEARTBEAT_MS)
  const signal = AbortSignal.any([context.signal, stop.signal])
  try {
    if (await runs.isCancelRequested(runId)) stop.abort(cancelled(runId))
    await work({ ...context, signal }, lease)
  } finally {
    clearInterval(timer)
    if (isShutdown(context.signal)) await runs.release(lease)
  }
}

const active = (runId: string) =>
  new AppError(
    'RUN_ACTIVE',
    text(
      `run_id:运行 ${runId} 正由另一进程执行`,
      `run_id: run ${runId} is being executed by another process`,
    ),
    { details: { field: 'run_id', found: runId } },
  )
