import type { Selectable } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { ReportRepository, StoredReport } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { anyShape, readStored, storedDataInvalid, textShape } from '../stored-json.ts'
import type { Tables } from '../tables.ts'

const isKind = (word: string): word is StoredReport['kind'] => word === 'hardware_summary'

function toReport(row: Selectable<Tables['report']>): StoredReport {
  const at = { table: 'report', id: row.id }
  if (!isKind(row.kind)) throw storedDataInvalid({ ...at, column: 'kind' }, `unknown word ${row.kind}`)
  return {
    id: row.id,
    kind: row.kind,
    runId: row.run_id,
    createdAt: new Date(row.created_at),
    title: readStored({ ...at, column: 'title' }, row.title, textShape),
    document: readStored({ ...at, column: 'document' }, row.document, anyShape),
  }
}

/** Stored documents over one database or transaction. */
export function createReportRepository({ db, nextId }: RepositoryContext): ReportRepository {
  const findRow = (kind: string, runId: string) =>
    db
      .selectFrom('report')
      .selectAll()
      .where('kind', '=', kind)
      .where('run_id', '=', runId)
      .executeTakeFirst()
  return {
    async save(report) {
      const row = {
        created_at: report.createdAt.getTime(),
        title: encodeTypedJson(report.title),
        // JSON has no undefined; a document without a value is null.
        document: encodeTypedJson(report.document ?? null),
      }
      const key = { kind: report.kind, run_id: report.runId }
      const id = await insertWithId(nextId, (newId) =>
        db
          .insertInto('report')
          .values({ id: newId, ...key, ...row })
          .execute(),
      )
      if (id !== null) return { ...report, id }
      const earlier = report.runId === null ? undefined : await findRow(report.kind, report.runId)
      if (earlier === undefined)
        throw new AppError(
          'INTERNAL',
          text('报告保存时被删除', 'The report was deleted while it was being saved'),
        )
      await db.updateTable('report').set(row).where('id', '=', earlier.id).execute()
      return { ...report, id: earlier.id }
    },
    async latest(kind) {
      const row = await db
        .selectFrom('report')
        .selectAll()
        .where('kind', '=', kind)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? null : toReport(row)
    },
    async findByRun(kind, runId) {
      const row = await findRow(kind, runId)
      return row === undefined ? null : toReport(row)
    },
  }
}
