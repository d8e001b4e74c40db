import type { Kysely } from 'kysely'
import { duplicateKeyOf } from './dialects/database-errors.ts'
import type { Tables } from './tables.ts'

/** Setting that says whether the given table of metrics held rows of others when we came. */
const ADOPTED = 'database.adopted'

async function storedAnswer(db: Kysely<Tables>): Promise<boolean | null> {
  const row = await db.selectFrom('setting').select('content').where('name', '=', ADOPTED).executeTakeFirst()
  return row === undefined ? null : row.content === 'true'
}

/**
 * Whatever we collect is stored together with its reading, so that samples without any reading are not ours. That also
 * tells a database of an earlier version, which wrote no setting, from one that others filled.
 */
async function holdsOnlyRowsOfOthers(db: Kysely<Tables>): Promise<boolean> {
  const reading = await db.selectFrom('metric_reading').select('server_id').limit(1).execute()
  if (reading.length > 0) return false
  const sample = await db.selectFrom('howso_server_performance_metrics').select('id').limit(1).execute()
  return sample.length > 0
}

/** Decides once, at the end of the first migration, whether the database is an adopted one. */
export async function decideAdoption(db: Kysely<Tables>): Promise<void> {
  if ((await storedAnswer(db)) !== null) return
  const content = String(await holdsOnlyRowsOfOthers(db))
  try {
    await db.insertInto('setting').values({ name: ADOPTED, content }).execute()
  } catch (error) {
    // Another process decided at the same time, on the same rows.
    if (duplicateKeyOf(error) === null) throw error
  }
}

/** Returns what was decided; before that, what would be. */
export const isAdoptedDatabase = async (db: Kysely<Tables>): Promise<boolean> =>
  (await storedAnswer(db)) ?? (await holdsOnlyRowsOfOthers(db))
