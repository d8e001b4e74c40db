import type { Effect } from '../../domain/actor.ts'
import type { AuditEntry } from '../../domain/audit.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { duplicateKeyOf } from '../dialects/database-errors.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { AuditRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { actorShape, readStored, storedDataInvalid } from '../stored-json.ts'

const isEffect = (word: string): word is Effect => ['read', 'collect', 'send', 'change'].includes(word)

function toEffect(id: string, word: string): Effect {
  if (isEffect(word)) return word
  throw storedDataInvalid({ table: 'audit_entry', id, column: 'effect' }, `unknown word ${word}`)
}

/** Rows in one INSERT; each may hold some ten thousand bytes of input. */
const ROWS_PER_INSERT = 100
const MAX_ATTEMPTS = 10

const toRow = (entry: Omit<AuditEntry, 'id'>) => ({
  at: entry.at.getTime(),
  actor: encodeTypedJson(entry.actor),
  operation: entry.operation,
  effect: entry.effect,
  input: entry.input,
  outcome: entry.outcome,
  duration_ms: Math.round(entry.durationMs),
})

async function insertPartOnce(context: RepositoryContext, part: readonly AuditEntry[]): Promise<void> {
  let wanted = part
  for (let attempt = 1; wanted.length > 0; attempt += 1)
    try {
      const rows = wanted.map((entry) => ({ id: entry.id, ...toRow(entry) }))
      // Two processes that replay the same file block one another: a transaction runs again after a deadlock.
      await context.atomically(({ db }) => db.insertInto('audit_entry').values(rows).execute())
      return
    } catch (error) {
      if (duplicateKeyOf(error) === null || attempt === MAX_ATTEMPTS) throw error
      wanted = await withoutStored(context, wanted)
    }
}

/** Drops the entries that are stored; one whose id another call has gets a new id. */
async function withoutStored(
  { db, nextId }: RepositoryContext,
  entries: readonly AuditEntry[],
): Promise<readonly AuditEntry[]> {
  const ids = entries.map(({ id }) => id)
  const rows = await db
    .selectFrom('audit_entry')
    .select(['id', 'at', 'operation'])
    .where('id', 'in', ids)
    .execute()
  const stored = new Map(rows.map((row) => [row.id, row]))
  const wanted: AuditEntry[] = []
  for (const entry of entries) {
    const row = stored.get(entry.id)
    if (row === undefined) wanted.push(entry)
    else if (row.at !== entry.at.getTime() || row.operation !== entry.operation)
      wanted.push({ ...entry, id: await nextId() })
  }
  return wanted
}

/** The audit trail over one database or transaction. */
export const createAuditRepository = (context: RepositoryContext): AuditRepository => ({
  async append(entry) {
    const row = toRow(entry)
    await insertWithId(context.nextId, (id) =>
      context.db
        .insertInto('audit_entry')
        .values({ id, ...row })
        .execute(),
    )
  },
  async insertOnce(entries) {
    for (let from = 0; from < entries.length; from += ROWS_PER_INSERT)
      await insertPartOnce(context, entries.slice(from, from + ROWS_PER_INSERT))
  },
  async list(limit) {
    const query = context.db.selectFrom('audit_entry').selectAll().orderBy('at', 'desc').orderBy('id', 'desc')
    const rows = await query.limit(limit).execute()
    return rows.map((row) => ({
      id: row.id,
      at: new Date(row.at),
      actor: readStored({ table: 'audit_entry', id: row.id, column: 'actor' }, row.actor, actorShape),
      operation: row.operation,
      effect: toEffect(row.id, row.effect),
      input: row.input,
      outcome: row.outcome,
      durationMs: row.duration_ms,
    }))
  },
})
