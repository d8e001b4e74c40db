import type { MetricSample } from '../../domain/metrics.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { SAMPLES } from './sample-rows.ts'

/** Rows deleted in one transaction: few enough that nobody waits for their locks. */
const ROWS_PER_DELETE = 500

interface Run {
  readonly fromId: bigint
  readonly toId: bigint
  readonly untilAt: number
}

/** Returns the runs of consecutive ids that the samples make, each with the newest time of collection in it. */
function runsOf(samples: readonly Pick<MetricSample, 'id' | 'collectedAt'>[]): readonly Run[] {
  const sorted = samples
    .map(({ id, collectedAt }) => ({ id: BigInt(id), at: collectedAt.getTime() }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const runs: Run[] = []
  for (const { id, at } of sorted) {
    const last = runs.at(-1)
    const isFull = last !== undefined && last.toId - last.fromId + 1n >= BigInt(ROWS_PER_DELETE)
    if (last !== undefined && !isFull && last.toId + 1n === id)
      runs[runs.length - 1] = { ...last, toId: id, untilAt: Math.max(last.untilAt, at) }
    else runs.push({ fromId: id, toId: id, untilAt: at })
  }
  return runs
}

/** Records rows as ours; belongs into the transaction that inserts them. */
export async function recordOwn(
  { db }: RepositoryContext,
  samples: readonly Pick<MetricSample, 'id' | 'collectedAt'>[],
): Promise<void> {
  const rows = runsOf(samples).map(({ fromId, toId, untilAt }) => ({
    from_id: String(fromId),
    to_id: String(toId),
    until_at: untilAt,
  }))
  if (rows.length > 0) await db.insertInto('own_sample_run').values(rows).execute()
}

/** Deletes runs that end before the instant, in one transaction; returns how many runs and how many rows went. */
async function deleteSome(
  { db }: RepositoryContext,
  before: Date,
  limit: number,
): Promise<{ readonly runs: number; readonly rows: number }> {
  const due = await db
    .selectFrom('own_sample_run')
    .selectAll()
    .where('until_at', '<', before.getTime())
    .orderBy('until_at')
    .orderBy('from_id')
    .limit(ROWS_PER_DELETE)
    .execute()
  const taken: string[] = []
  const ids: string[] = []
  for (const run of due) {
    const length = Number(BigInt(run.to_id) - BigInt(run.from_id)) + 1
    if (ids.length + length > Math.min(limit, ROWS_PER_DELETE)) break
    taken.push(run.from_id)
    for (let id = BigInt(run.from_id); id <= BigInt(run.to_id); id += 1n) ids.push(String(id))
  }
  if (taken.length === 0) return { runs: 0, rows: 0 }
  const deleted = await db.deleteFrom(SAMPLES).where('id', 'in', ids).executeTakeFirstOrThrow()
  await db.deleteFrom('own_sample_run').where('from_id', 'in', taken).execute()
  return { runs: taken.length, rows: Number(deleted.numDeletedRows) }
}

/** See MetricSampleRepository.deleteOwnOlderThan. */
export async function deleteOwnOlderThan(
  context: RepositoryContext,
  before: Date,
  limit: number,
): Promise<number> {
  let rows = 0
  while (rows < limit) {
    const some = await context.atomically((inside) => deleteSome(inside, before, limit - rows))
    rows += some.rows
    if (some.runs === 0) break
  }
  return rows
}
