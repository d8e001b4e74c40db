import { AppError } from '../../domain/errors.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import { text } from '../../domain/text.ts'
import { duplicateKeyOf } from '../dialects/database-errors.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { MetricSampleRow } from '../tables.ts'
import { recordOwn } from './own-samples.ts'
import { createSampleRowWriter, SAMPLES, type SampleRowWriter, toSample } from './sample-rows.ts'

/** Rows in one INSERT: 12 columns each, below SQLite's 32,766 parameters; some 400 kB of MySQL's packet (1 MB at least). */
const ROWS_PER_INSERT = 2_000
const MAX_ATTEMPTS = 10

/** Inserts samples under new ids and records them as ours. */
export async function insertAll(
  context: RepositoryContext,
  samples: readonly Omit<MetricSample, 'id'>[],
): Promise<MetricSample[]> {
  const { db, zone, nextId } = context
  if (samples.length === 0) return []
  const toRow = createSampleRowWriter(zone, await context.statusWords(db))
  const stored: MetricSample[] = []
  for (let from = 0; from < samples.length; from += ROWS_PER_INSERT) {
    const part = samples.slice(from, from + ROWS_PER_INSERT)
    let rows: MetricSampleRow[] = []
    // A taken id refuses the whole statement, so that the part gets new ids.
    await insertWithId(nextId, async (firstId) => {
      rows = []
      for (const sample of part) rows.push(toRow(rows.length === 0 ? firstId : await nextId(), sample))
      await db.insertInto(SAMPLES).values(rows).execute()
    })
    const inserted = rows.map((row) => toSample(zone, row))
    await recordOwn(context, inserted)
    stored.push(...inserted)
  }
  return stored
}

/** Inserts samples under their own ids, leaving out those that are there already; returns how many went in. */
export async function insertOnce(
  context: RepositoryContext,
  samples: readonly MetricSample[],
): Promise<number> {
  if (samples.length === 0) return 0
  const toRow = createSampleRowWriter(context.zone, await context.statusWords(context.db))
  let inserted = 0
  for (let from = 0; from < samples.length; from += ROWS_PER_INSERT)
    inserted += await insertPartOnce(context, toRow, samples.slice(from, from + ROWS_PER_INSERT))
  return inserted
}

async function insertPartOnce(
  context: RepositoryContext,
  toRow: SampleRowWriter,
  part: readonly MetricSample[],
): Promise<number> {
  let wanted = part
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    if (wanted.length === 0) return 0
    const rows = wanted.map((sample) => toRow(sample.id, sample))
    try {
      await context.db.insertInto(SAMPLES).values(rows).execute()
      await recordOwn(context, wanted)
      return wanted.length
    } catch (error) {
      if (duplicateKeyOf(error) === null) throw error
      wanted = await withoutStored(context, wanted)
    }
  }
  throw new AppError(
    'INTERNAL',
    text(
      `${part.length} 个样本的编号反复被占用,未写入`,
      `The ids of ${part.length} samples were taken again and again; they were not written`,
    ),
  )
}

/** Drops the samples that are stored; one whose id a row of another writer has gets a new id. */
async function withoutStored(
  { db, zone, nextId }: RepositoryContext,
  samples: readonly MetricSample[],
): Promise<readonly MetricSample[]> {
  const ids = samples.map(({ id }) => id)
  const rows = await db
    .selectFrom(SAMPLES)
    .select(['id', 'ip', 'collect_time'])
    .where('id', 'in', ids)
    .execute()
  const stored = new Map(rows.map((row) => [row.id, row]))
  const wanted: MetricSample[] = []
  for (const sample of samples) {
    const row = stored.get(sample.id)
    if (row === undefined) wanted.push(sample)
    else if (row.ip !== sample.ip || row.collect_time !== zone.toLocal(sample.collectedAt))
      wanted.push({ ...sample, id: await nextId() })
  }
  return wanted
}
