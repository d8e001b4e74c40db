import { AppError } from '../../domain/errors.ts'
import type { Run } from '../../domain/run.ts'
import { text } from '../../domain/text.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { RunRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { encodeOrNull } from '../stored-json.ts'
import type { RunRow } from '../tables.ts'
import { toRun } from './run-rows.ts'
import { createLeaseMethods, createStepMethods } from './run-writes.ts'

async function withSteps(db: RepositoryContext['db'], rows: readonly RunRow[]): Promise<Run[]> {
  if (rows.length === 0) return []
  const steps = await db
    .selectFrom('run_step')
    .selectAll()
    .where(
      'run_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('run_id')
    .orderBy('position')
    .execute()
  const byRun = Map.groupBy(steps, (step) => step.run_id)
  return rows.map((row) => toRun(row, byRun.get(row.id) ?? []))
}

/** Runs over one database or transaction. */
export function createRunRepository(context: RepositoryContext): RunRepository {
  const { db, nextId } = context
  const find = async (id: string): Promise<Run | null> => {
    const rows = await db.selectFrom('run').selectAll().where('id', '=', id).execute()
    return (await withSteps(db, rows))[0] ?? null
  }
  return {
    ...createLeaseMethods(context),
    ...createStepMethods(context),
    find,
    async create(run) {
      const row = {
        flow: run.flow,
        state: 'running',
        input: encodeOrNull(run.input),
        started_by: encodeTypedJson(run.startedBy),
        started_at: run.startedAt.getTime(),
        cancel_requested: 0,
        fence: 0,
      }
      const id = await insertWithId(nextId, (newId) =>
        db
          .insertInto('run')
          .values({ id: newId, ...row })
          .execute(),
      )
      const created = id === null ? null : await find(id)
      if (created === null)
        throw new AppError(
          'INTERNAL',
          text('新建的运行不见了', 'The run vanished while it was being created'),
        )
      return created
    },
    async list(limit) {
      const query = db.selectFrom('run').selectAll().orderBy('started_at', 'desc').orderBy('id', 'desc')
      return withSteps(db, await query.limit(limit).execute())
    },
    async listOrphans(now) {
      const rows = await db
        .selectFrom('run')
        .selectAll()
        .where('state', '=', 'running')
        .where((where) =>
          where.or([where('lease_owner', 'is', null), where('lease_until', '<=', now.getTime())]),
        )
        .orderBy('started_at')
        .orderBy('id')
        .execute()
      return withSteps(db, rows)
    },
    async requestCancel(id) {
      const asked = await db
        .updateTable('run')
        .set({ cancel_requested: 1 })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .executeTakeFirstOrThrow()
      return asked.numUpdatedRows > 0n
    },
    async isCancelRequested(id) {
      const row = await db
        .selectFrom('run')
        .select('cancel_requested')
        .where('id', '=', id)
        .executeTakeFirst()
      return row !== undefined && row.cancel_requested !== 0
    },
  }
}
