import { z } from 'zod'
import type { AuditEntry } from '../../domain/audit.ts'
import { AppError } from '../../domain/errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Store } from '../repositories.ts'
import { actorShape } from '../stored-json.ts'
import type { SpoolHandlers } from './replay-files.ts'
import type { Spool } from './spool.ts'

const KIND = 'audit'
/** After a refusal the database is left alone for so long; each attempt may cost seconds. */
const RETRY_AFTER_MS = 5_000

const entryShape: z.ZodType<Omit<AuditEntry, 'id'>> = z.object({
  at: z.date(),
  actor: actorShape,
  operation: z.string(),
  effect: z.enum(['read', 'collect', 'send', 'change']),
  input: z.string(),
  outcome: z.string(),
  durationMs: z.number(),
})

/** Returns what applies spooled audit entries: each once, under the id it was given first. */
export const auditHandlers = (store: Store): SpoolHandlers => ({
  [KIND]: (messages) =>
    store.audit.insertOnce(messages.map(({ id, payload }) => ({ ...entryShape.parse(payload), id }))),
})

/**
 * Returns the store with an audit trail that outlives the database: while that is away, entries go to the spool.
 * `append` still throws DATABASE_UNAVAILABLE where this process never had ids to give, and what the spool throws.
 */
export function spoolAudit(
  store: Store,
  { spool, clock, logger }: { readonly spool: Spool; readonly clock: Clock; readonly logger: Logger },
): Store {
  let awayUntilMs = Number.NEGATIVE_INFINITY
  /** False while the database is away. */
  const insert = async (entry: AuditEntry): Promise<boolean> => {
    if (clock.now().getTime() < awayUntilMs) return false
    try {
      await store.audit.insertOnce([entry])
      return true
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DATABASE_UNAVAILABLE') throw error
      awayUntilMs = clock.now().getTime() + RETRY_AFTER_MS
      logger.warn({ error }, 'the database is away; audit entries go to the spool')
      return false
    }
  }
  const append = async (entry: Omit<AuditEntry, 'id'>): Promise<void> => {
    const [id] = await store.reserveIds(1)
    if (id === undefined) throw new Error('no id was given')
    if (await insert({ ...entry, id })) return
    await spool.append([{ kind: KIND, id, payload: entry }])
  }
  return { ...store, audit: { ...store.audit, append } }
}
