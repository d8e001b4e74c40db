import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { duplicateKeyOf } from './dialects/database-errors.ts'
import type { Tables } from './tables.ts'

const LOCK_ID = 1
const LEASE_MS = 30_000
const RENEWAL_MS = 5000

/** The right to migrate a MySQL database. */
export interface MigrationLock {
  release(): Promise<void>
}

/**
 * Takes the lock when nobody holds it, else returns null. It is a row with an expiry, not GET_LOCK: a Galera node and
 * a Vitess or TiDB front end keep GET_LOCK to themselves, and it ends with its connection, which a pool may change.
 * A holder that was killed is forgotten after 30 s. Every statement of a migration may be run twice, so that two
 * holders (clocks 30 s apart) would do no harm either.
 */
export async function tryMigrationLock(
  db: Kysely<Tables>,
  clock: Clock,
  logger: Logger,
): Promise<MigrationLock | null> {
  const owner = randomUUID()
  const expiry = (): number => clock.now().getTime() + LEASE_MS
  const { numUpdatedRows } = await db
    .updateTable('schema_migration_lock')
    .set({ owner, expires_at: expiry() })
    .where('id', '=', LOCK_ID)
    .where('expires_at', '<=', clock.now().getTime())
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) {
    try {
      await db
        .insertInto('schema_migration_lock')
        .values({ id: LOCK_ID, owner, expires_at: expiry() })
        .execute()
    } catch (error) {
      if (duplicateKeyOf(error) !== null) return null
      throw error
    }
  }
  const renew = async (): Promise<void> => {
    await db
      .updateTable('schema_migration_lock')
      .set({ expires_at: expiry() })
      .where('owner', '=', owner)
      .execute()
  }
  const timer = setInterval(() => {
    renew().catch((error: unknown) => logger.warn({ error }, 'the migration lock could not be renewed'))
  }, RENEWAL_MS)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      await db.deleteFrom('schema_migration_lock').where('owner', '=', owner).execute()
    },
  }
}
