import { sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import type { RunLease, RunRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { encodeOrNull } from '../stored-json.ts'

const leaseLost = (lease: RunLease): AppError =>
  new AppError(
    'RUN_ACTIVE',
    text(
      `运行 ${lease.runId} 已不由 ${lease.owner} 执行`,
      `Run ${lease.runId} is no longer executed by ${lease.owner}: the lease was lost or the run has ended`,
    ),
    { details: { runId: lease.runId, owner: lease.owner, fence: lease.fence } },
  )

/** The one condition under which a holder may write: nobody took the lease after it, and it was not given back. */
const heldRun = (db: RepositoryContext['db'], lease: RunLease) =>
  db
    .updateTable('run')
    .where('id', '=', lease.runId)
    .where('fence', '=', lease.fence)
    .where('lease_owner', '=', lease.owner)
    .where('state', '=', 'running')

/** Locks the run's row until the end of the transaction. Throws AppError RUN_ACTIVE when the lease was lost. */
async function assertHeld(db: RepositoryContext['db'], lease: RunLease): Promise<void> {
  const touched = await heldRun(db, lease).set({ fence: lease.fence }).executeTakeFirstOrThrow()
  if (touched.numUpdatedRows === 0n) throw leaseLost(lease)
}

async function updateStep(
  context: RepositoryContext,
  lease: RunLease,
  position: number,
  values: {
    state: string
    finished_at: number
    output?: string | null
    choice?: string | null
    error?: string
  },
): Promise<void> {
  await context.atomically(async ({ db }) => {
    await assertHeld(db, lease)
    const query = db
      .updateTable('run_step')
      .where('run_id', '=', lease.runId)
      .where('position', '=', position)
    const updated = await query.set(values).executeTakeFirstOrThrow()
    if (updated.numUpdatedRows === 0n)
      throw new AppError(
        'INTERNAL',
        text(
          `运行 ${lease.runId} 的第 ${position} 步尚未开始`,
          `Step ${position} of run ${lease.runId} was never entered`,
        ),
      )
  })
}

type LeaseMethods = Pick<RunRepository, 'acquire' | 'heartbeat' | 'release'>

/** Taking, keeping and giving back the right to execute a run. */
export const createLeaseMethods = (context: RepositoryContext): LeaseMethods => ({
  acquire: (id, owner, now, leaseMs) =>
    context.atomically(async ({ db }) => {
      const taken = await db
        .updateTable('run')
        .set({ fence: sql`fence + 1`, lease_owner: owner, lease_until: now.getTime() + leaseMs })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .where((where) =>
          where.or([where('lease_owner', 'is', null), where('lease_until', '<=', now.getTime())]),
        )
        .executeTakeFirstOrThrow()
      if (taken.numUpdatedRows === 0n) return null
      const row = await db.selectFrom('run').select('fence').where('id', '=', id).executeTakeFirstOrThrow()
      return { runId: id, owner, fence: row.fence }
    }),
  async heartbeat(lease, now, leaseMs) {
    const kept = await heldRun(context.db, lease)
      .set({ lease_until: now.getTime() + leaseMs })
      .executeTakeFirstOrThrow()
    return kept.numUpdatedRows > 0n
  },
  async release(lease) {
    await heldRun(context.db, lease).set({ lease_owner: null, lease_until: null }).execute()
  },
})

type StepMethods = Pick<RunRepository, 'enterStep' | 'finishStep' | 'failStep' | 'finish'>

/** What the holder of a lease writes; each checks the fence in the same transaction. */
export const createStepMethods = (context: RepositoryContext): StepMethods => ({
  enterStep: (lease, position, name, at) =>
    context.atomically(async ({ db }) => {
      await assertHeld(db, lease)
      const begun = { name, state: 'running', started_at: at.getTime() }
      const again = await db
        .updateTable('run_step')
        .set({
          ...begun,
          finished_at: null,
          output: null,
          choice: null,
          error: null,
          attempts: sql`attempts + 1`,
        })
        .where('run_id', '=', lease.runId)
        .where('position', '=', position)
        .executeTakeFirstOrThrow()
      if (again.numUpdatedRows === 0n)
        await db
          .insertInto('run_step')
          .values({ run_id: lease.runId, position, ...begun, attempts: 1 })
          .execute()
    }),
  finishStep: (lease, position, step) =>
    updateStep(context, lease, position, {
      state: 'done',
      finished_at: step.at.getTime(),
      output: encodeOrNull(step.output),
      choice: encodeOrNull(step.choice),
    }),
  failStep: (lease, position, error, at) =>
    updateStep(context, lease, position, {
      state: 'failed',
      finished_at: at.getTime(),
      error: encodeTypedJson(error),
    }),
  async finish(lease, end) {
    const ended = await heldRun(context.db, lease)
      .set({
        state: end.state,
        result: encodeOrNull(end.result),
        error: encodeOrNull(end.error),
        finished_at: end.at.getTime(),
        lease_owner: null,
        lease_until: null,
      })
      .executeTakeFirstOrThrow()
    if (ended.numUpdatedRows === 0n) throw leaseLost(lease)
  },
})
