import { encodeTypedJson } from '../../lib/typed-json.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { LiveEventRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { readStored, textShape } from '../stored-json.ts'

/** Progress events over one database or transaction. */
export const createLiveEventRepository = ({ db, nextId }: RepositoryContext): LiveEventRepository => ({
  async append(event) {
    const row = {
      run_id: event.runId,
      at: event.at.getTime(),
      step: event.step,
      done_count: event.done,
      total_count: event.total,
      message: encodeTypedJson(event.message),
    }
    await insertWithId(nextId, (id) =>
      db
        .insertInto('live_event')
        .values({ id, ...row })
        .execute(),
    )
  },
  async listByRun(runId) {
    const rows = await db
      .selectFrom('live_event')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      event: {
        at: new Date(row.at),
        runId: row.run_id,
        step: row.step,
        done: row.done_count,
        total: row.total_count,
        message: readStored({ table: 'live_event', id: row.id, column: 'message' }, row.message, textShape),
      },
    }))
  },
  async deleteOlderThan(before) {
    const query = db.deleteFrom('live_event').where('at', '<', before.getTime())
    return Number((await query.executeTakeFirstOrThrow()).numDeletedRows)
  },
})
