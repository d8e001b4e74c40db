import type { Selectable } from 'kysely'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { updateOrInsert } from '../insert-with-id.ts'
import type { MetricsReadingRepository, StoredReading } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { computedShape, readingShape, readStored } from '../stored-json.ts'
import type { Tables } from '../tables.ts'

function toStoredReading(row: Selectable<Tables['metric_reading']>): StoredReading {
  const at = { table: 'metric_reading', id: row.server_id }
  const computed = readStored({ ...at, column: 'computed' }, row.computed, computedShape)
  // Rows of earlier versions hold the values alone.
  const { baseline = null, exceededSince = {}, ...values } = computed
  return {
    serverId: row.server_id,
    reading: readStored({ ...at, column: 'reading' }, row.reading, readingShape),
    values,
    baseline,
    exceededSince,
  }
}

/** Last readings over one database or transaction. */
export const createMetricsReadingRepository = ({ db }: RepositoryContext): MetricsReadingRepository => ({
  async find(serverId) {
    const row = await db
      .selectFrom('metric_reading')
      .selectAll()
      .where('server_id', '=', serverId)
      .executeTakeFirst()
    return row === undefined ? null : toStoredReading(row)
  },
  async list() {
    const rows = await db.selectFrom('metric_reading').selectAll().orderBy('server_id').execute()
    return rows.map(toStoredReading)
  },
  async save({ serverId, reading, values, baseline, exceededSince }) {
    const row = {
      collected_at: reading.collectedAt.getTime(),
      reading: encodeTypedJson(reading),
      computed: encodeTypedJson({ ...values, baseline, exceededSince }),
    }
    await updateOrInsert(
      async () => {
        const query = db.updateTable('metric_reading').set(row).where('server_id', '=', serverId)
        return (await query.executeTakeFirstOrThrow()).numUpdatedRows
      },
      () =>
        db
          .insertInto('metric_reading')
          .values({ server_id: serverId, ...row })
          .execute(),
    )
  },
})
