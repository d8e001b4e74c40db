import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import { createSnowflakeGenerator, type SnowflakeGenerator, WORKER_ID_COUNT } from '../lib/snowflake.ts'
import { duplicateKeyOf } from './dialects/database-errors.ts'
import type { Tables } from './tables.ts'

/** A process that was killed keeps its worker id from others for so long. */
const LEASE_MS = 300_000
/** Renewed when less than half is left, so that a pause within a transaction stays inside the lease. */
const RENEW_BELOW_MS = LEASE_MS / 2
const MAX_ATTEMPTS = 50

/** Makes ids under a worker id that no other process has. */
export interface IdSource {
  /** Takes or renews the worker id where that is due; not to be called inside a transaction. */
  ready(): Promise<void>
  /** Returns a new id; {@link ready} must have been called before. */
  next(): string
  /** True when {@link next} can give an id, also when the database could not be asked whether the lease still holds. */
  isReady(): boolean
  /** Gives the worker id back. */
  release(): Promise<void>
}

export interface IdSourceOptions {
  readonly db: Kysely<Tables>
  readonly clock: Clock
  /** Returns a number in [0, 1); spreads processes over the worker ids. */
  readonly random: () => number
}

interface Lease {
  readonly workerId: number
  readonly generator: SnowflakeGenerator
  expiresAtMs: number
}

/** Takes a worker id that is free or whose lease has ended; null when another process was faster. */
async function tryTake({ db, clock, random }: IdSourceOptions, owner: string): Promise<Lease | null> {
  const nowMs = clock.now().getTime()
  const expiresAtMs = nowMs + LEASE_MS
  const rows = await db.selectFrom('id_worker_lease').select(['worker_id', 'expires_at']).execute()
  const expiries = new Map(rows.map((row) => [row.worker_id, row.expires_at]))
  const free = Array.from({ length: WORKER_ID_COUNT }, (_, id) => id).filter(
    (id) => (expiries.get(id) ?? 0) <= nowMs,
  )
  const workerId = free[Math.floor(random() * free.length)]
  if (workerId === undefined)
    throw new AppError(
      'DATABASE_UNAVAILABLE',
      text(
        `全部 ${WORKER_ID_COUNT} 个编号段都被占用`,
        `All ${WORKER_ID_COUNT} worker ids of id_worker_lease are taken`,
      ),
    )
  const lease = { workerId, generator: createSnowflakeGenerator(workerId, clock), expiresAtMs }
  const known = expiries.get(workerId)
  if (known !== undefined) {
    const taken = await db
      .updateTable('id_worker_lease')
      .set({ owner, expires_at: expiresAtMs })
      .where('worker_id', '=', workerId)
      .where('expires_at', '=', known)
      .executeTakeFirstOrThrow()
    return taken.numUpdatedRows > 0n ? lease : null
  }
  try {
    await db
      .insertInto('id_worker_lease')
      .values({ worker_id: workerId, owner, expires_at: expiresAtMs })
      .execute()
    return lease
  } catch (error) {
    if (duplicateKeyOf(error) === null) throw error
    return null
  }
}

/** Returns an id source that leases its worker id at first use. */
export function createIdSource(options: IdSourceOptions): IdSource {
  const { db, clock } = options
  const owner = randomUUID()
  let lease: Lease | null = null
  let taking: Promise<void> | null = null

  const renew = async (held: Lease): Promise<boolean> => {
    const expiresAtMs = clock.now().getTime() + LEASE_MS
    const kept = await db
      .updateTable('id_worker_lease')
      .set({ expires_at: expiresAtMs })
      .where('worker_id', '=', held.workerId)
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow()
    if (kept.numUpdatedRows === 0n) return false
    held.expiresAtMs = expiresAtMs
    return true
  }
  const takeOrRenew = async (): Promise<void> => {
    if (lease !== null && (await renew(lease))) return
    lease = null
    for (let attempt = 1; lease === null && attempt <= MAX_ATTEMPTS; attempt += 1)
      lease = await tryTake(options, owner)
    if (lease === null)
      throw new AppError(
        'DATABASE_UNAVAILABLE',
        text('未能取得编号段', 'No worker id could be taken from id_worker_lease'),
      )
  }
  return {
    async ready() {
      if (lease !== null && lease.expiresAtMs - clock.now().getTime() > RENEW_BELOW_MS) return
      taking ??= takeOrRenew().finally(() => {
        taking = null
      })
      await taking
    },
    next() {
      if (lease === null) throw new Error('an id was asked for before a worker id was leased')
      return lease.generator.next()
    },
    isReady: () => lease !== null,
    async release() {
      if (lease === null) return
      const { workerId } = lease
      lease = null
      await db
        .updateTable('id_worker_lease')
        .set({ expires_at: 0 })
        .where('worker_id', '=', workerId)
        .where('owner', '=', owner)
        .execute()
    },
  }
}
