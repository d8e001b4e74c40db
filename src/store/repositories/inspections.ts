import { sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { FactsByProbe, ProbeName, ServerInspection } from '../../domain/inspection.ts'
import { text } from '../../domain/text.ts'
import { compareIds } from '../../lib/snowflake.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { InspectionRepository, PreviousInspection, StoredInspection } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { inspectionShape, readStored, sensorsShape } from '../stored-json.ts'
import type { Tables } from '../tables.ts'

/** Values in one IN list; a query stays far below SQLite's 32,766 parameters and any packet limit. */
const MAX_IN_LIST = 500

type DocumentRow = Pick<Tables['inspection'], 'id' | 'run_id' | 'document'>

const toStoredInspection = (row: DocumentRow): StoredInspection => ({
  id: row.id,
  runId: row.run_id,
  inspection: readStored(
    { table: 'inspection', id: row.id, column: 'document' },
    row.document,
    inspectionShape,
  ),
})

/** Keeps, per server, the row with the highest id. */
function newestPerServer<R extends { id: string; server_id: string }>(rows: readonly R[]): R[] {
  const newest = new Map<string, R>()
  for (const row of rows) {
    const other = newest.get(row.server_id)
    if (other === undefined || compareIds(row.id, other.id) > 0) newest.set(row.server_id, row)
  }
  return [...newest.values()]
}

const inSlices = (values: readonly string[]): string[][] => {
  const slices: string[][] = []
  for (let from = 0; from < values.length; from += MAX_IN_LIST)
    slices.push(values.slice(from, from + MAX_IN_LIST))
  return slices
}

/** Returns id and server of the inspections that are the newest of their server with the probe's facts. */
async function newestWith(db: RepositoryContext['db'], probe: string, serverIds: readonly string[] | null) {
  const newest = db
    .selectFrom('inspection_probe')
    .select((select) => ['server_id', select.fn.max('finished_at').as('newest_at')])
    .where('probe', '=', probe)
    .groupBy('server_id')
  const slice = serverIds === null ? newest : newest.where('server_id', 'in', serverIds)
  const rows = await db
    .selectFrom('inspection_probe as p')
    .innerJoin(slice.as('n'), (join) =>
      join.onRef('n.server_id', '=', 'p.server_id').onRef('n.newest_at', '=', 'p.finished_at'),
    )
    .select(['p.inspection_id as id', 'p.server_id as server_id'])
    .where('p.probe', '=', probe)
    .execute()
  return newestPerServer(rows)
}

async function readDocuments(
  db: RepositoryContext['db'],
  ids: readonly string[],
): Promise<StoredInspection[]> {
  const found: StoredInspection[] = []
  for (const slice of inSlices(ids)) {
    const rows = await db
      .selectFrom('inspection')
      .select(['id', 'run_id', 'document'])
      .where('id', 'in', slice)
      .orderBy('server_id')
      .execute()
    found.push(...rows.map(toStoredInspection))
  }
  return found
}

async function save(
  { db, nextId }: RepositoryContext,
  runId: string | null,
  inspection: ServerInspection,
): Promise<StoredInspection> {
  const key = { run_id: runId, server_id: inspection.serverId }
  const sensors = inspection.facts.sensors
  const row = {
    server_ip: inspection.serverIp,
    started_at: inspection.startedAt.getTime(),
    finished_at: inspection.finishedAt.getTime(),
    document: encodeTypedJson(inspection),
    sensors: sensors === undefined ? null : encodeTypedJson(sensors),
  }
  let id = await insertWithId(nextId, (newId) =>
    db
      .insertInto('inspection')
      .values({ id: newId, ...key, ...row })
      .execute(),
  )
  if (id === null) {
    const earlier = await db
      .selectFrom('inspection')
      .select('id')
      .where('run_id', '=', runId)
      .where('server_id', '=', inspection.serverId)
      .executeTakeFirst()
    if (earlier === undefined)
      throw new AppError(
        'INTERNAL',
        text('巡检记录保存时被删除', 'The inspection was deleted while it was being saved'),
      )
    id = earlier.id
    await db.updateTable('inspection').set(row).where('id', '=', id).execute()
    await db.deleteFrom('inspection_probe').where('inspection_id', '=', id).execute()
  }
  const probes = Object.entries(inspection.facts).filter(([, facts]) => facts !== undefined)
  const inspectionId = id
  if (probes.length > 0)
    await db
      .insertInto('inspection_probe')
      .values(
        probes.map(([probe]) => ({
          inspection_id: inspectionId,
          probe,
          server_id: inspection.serverId,
          finished_at: row.finished_at,
        })),
      )
      .execute()
  return { id, runId, inspection }
}

async function latestSensors(db: RepositoryContext['db']): Promise<ServerInspection[]> {
  const probe: keyof FactsByProbe = 'sensors'
  const ids = (await newestWith(db, probe, null)).map((row) => row.id)
  const found: ServerInspection[] = []
  for (const slice of inSlices(ids)) {
    const rows = await db
      .selectFrom('inspection')
      .select(['id', 'server_id', 'server_ip', 'started_at', 'finished_at', 'sensors'])
      .where('id', 'in', slice)
      .orderBy('server_id')
      .execute()
    for (const row of rows)
      found.push({
        serverId: row.server_id,
        serverIp: row.server_ip,
        startedAt: new Date(row.started_at),
        finishedAt: new Date(row.finished_at),
        unreachable: null,
        facts: {
          sensors: readStored(
            { table: 'inspection', id: row.id, column: 'sensors' },
            row.sensors ?? 'null',
            sensorsShape,
          ),
        },
        sections: [],
        evidence: [],
      })
  }
  return found
}

/** Servers whose bounds stand in one query, as a CASE that is looked through for each row. */
const BOUNDS_IN_QUERY = 200

/** Returns by server id the newest inspection with the probe's facts that ended before the server's bound. */
async function idsBefore(
  db: RepositoryContext['db'],
  probe: ProbeName,
  bounds: readonly (readonly [serverId: string, at: Date])[],
): Promise<string[]> {
  const cases = bounds.map(([serverId, at]) => sql`when ${serverId} then ${at.getTime()}`)
  const rows = await db
    .selectFrom('server as s')
    .select((select) =>
      select
        .selectFrom('inspection_probe as p')
        .select('p.inspection_id')
        .where('p.probe', '=', probe)
        .whereRef('p.server_id', '=', 's.id')
        .where('p.finished_at', '<', sql<number>`case s.id ${sql.join(cases, sql` `)} end`)
        .orderBy('p.finished_at', 'desc')
        .orderBy('p.inspection_id', 'desc')
        .limit(1)
        .as('inspection_id'),
    )
    .where(
      's.id',
      'in',
      bounds.map(([serverId]) => serverId),
    )
    .execute()
  return rows.flatMap(({ inspection_id: id }) => (id === null ? [] : [id]))
}

async function previousWith(
  db: RepositoryContext['db'],
  probes: readonly ProbeName[],
  before: ReadonlyMap<string, Date>,
): Promise<PreviousInspection[]> {
  const all = [...before]
  const found: PreviousInspection[] = []
  for (let from = 0; from < all.length; from += BOUNDS_IN_QUERY) {
    const bounds = all.slice(from, from + BOUNDS_IN_QUERY)
    const ids = new Map<ProbeName, readonly string[]>()
    for (const probe of probes) ids.set(probe, await idsBefore(db, probe, bounds))
    const documents = await readDocuments(db, [...new Set([...ids.values()].flat())])
    const byId = new Map(documents.map((stored) => [stored.id, stored]))
    for (const [probe, ofProbe] of ids)
      for (const id of ofProbe) {
        const stored = byId.get(id)
        if (stored !== undefined) found.push({ probe, stored })
      }
  }
  return found
}

/** Inspections over one database or transaction. */
export const createInspectionRepository = (context: RepositoryContext): InspectionRepository => {
  const { db } = context
  return {
    save: (runId, inspection) => context.atomically((inside) => save(inside, runId, inspection)),
    async findByRun(runId) {
      const rows = await db
        .selectFrom('inspection')
        .select(['id', 'run_id', 'document'])
        .where('run_id', '=', runId)
        .orderBy('id')
        .execute()
      return rows.map(toStoredInspection)
    },
    async latestOf(serverId) {
      const row = await db
        .selectFrom('inspection')
        .select(['id', 'run_id', 'document'])
        .where('server_id', '=', serverId)
        .orderBy('finished_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? null : toStoredInspection(row)
    },
    async latestPerServer() {
      const newest = db
        .selectFrom('inspection')
        .select((select) => ['server_id', select.fn.max('finished_at').as('newest_at')])
        .groupBy('server_id')
      const rows = await db
        .selectFrom('inspection as i')
        .innerJoin(newest.as('n'), (join) =>
          join.onRef('n.server_id', '=', 'i.server_id').onRef('n.newest_at', '=', 'i.finished_at'),
        )
        .select(['i.id as id', 'i.server_id as server_id'])
        .execute()
      return readDocuments(
        db,
        newestPerServer(rows).map((row) => row.id),
      )
    },
    latestSensors: () => latestSensors(db),
    async latestWith(probe, serverIds) {
      const ids: string[] = []
      for (const slice of inSlices(serverIds))
        ids.push(...(await newestWith(db, probe, slice)).map((row) => row.id))
      return readDocuments(db, ids)
    },
    previousWith: (probes, before) => previousWith(db, probes, before),
  }
}
