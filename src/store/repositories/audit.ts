import type { Effect } from '../../domain/actor.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { AuditRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { actorShape, readStored, storedDataInvalid } from '../stored-json.ts'

const isEffect = (word: string): word is Effect => ['read', 'collect', 'send', 'change'].includes(word)

function toEffect(id: string, word: string): Effect {
  if (isEffect(word)) return word
  throw storedDataInvalid({ table: 'audit_entry', id, column: 'effect' }, `unknown word ${word}`)
}

/** The audit trail over one database or transaction. */
export const createAuditRepository = ({ db, nextId }: RepositoryContext): AuditRepository => ({
  async append(entry) {
    const row = {
      at: entry.at.getTime(),
      actor: encodeTypedJson(entry.actor),
      operation: entry.operation,
      effect: entry.effect,
      input: entry.input,
      outcome: entry.outcome,
      duration_ms: Math.round(entry.durationMs),
    }
    await insertWithId(nextId, (id) =>
      db
        .insertInto('audit_entry')
        .values({ id, ...row })
        .execute(),
    )
  },
  async list(limit) {
    const query = db.selectFrom('audit_entry').selectAll().orderBy('at', 'desc').orderBy('id', 'desc')
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
