import { type Kysely, type RawBuilder, sql } from 'kysely'
import { serverKey } from '../../domain/server.ts'
import type { LocalTime, LocalTimeZone } from '../../lib/local-time.ts'
import { compareIds } from '../../lib/snowflake.ts'
import type { LatestSamples, ServerIdentity } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { DialectName } from '../store-settings.ts'
import type { MetricSampleRow, Tables } from '../tables.ts'
import { areaOf, instantOf, SAMPLES, toSample } from './sample-rows.ts'

/**
 * Returns the query for the rows at the newest time (not after `bound`, when given) of every address. It jumps through
 * idx_ip_collect_time from one address to the next: MySQL and MariaDB by their loose index scan, SQLite by a recursive
 * query of single look-ups. Cost grows with the number of addresses, not of rows.
 */
export function newestRowsQuery(dialect: DialectName, bound: LocalTime | null): RawBuilder<MetricSampleRow> {
  const table = sql.table(SAMPLES)
  const upTo = bound === null ? sql`` : sql`and collect_time <= ${bound}`
  if (dialect === 'mysql') {
    const filter = bound === null ? sql`` : sql`where collect_time <= ${bound}`
    // In this order always: statistics of a table that was filled in one go may say it is empty, and then each of its
    // rows would be compared with each address. The hint is a comment to MariaDB, and to MySQL without that index.
    return sql<MetricSampleRow>`
      select /*+ index(m idx_ip_collect_time) */ m.*
      from (select ip, max(collect_time) as newest from ${table} ${filter} group by ip) as n
      straight_join ${table} as m on n.ip = m.ip and n.newest = m.collect_time`
  }
  return sql<MetricSampleRow>`
    with recursive address(ip) as (
      select min(ip) from ${table}
      union all
      select (select min(next.ip) from ${table} as next where next.ip > address.ip) from address
      where address.ip is not null
    )
    select m.* from address
    cross join ${table} as m on m.ip = address.ip
      and m.collect_time = (select max(collect_time) from ${table} where ip = address.ip ${upTo})
    where address.ip is not null`
}

/** Returns the rows at the newest time (not after `bound`, when given) of one address in one cloud area. */
async function newestRowsOf(
  db: Kysely<Tables>,
  { ip, bkCloudId }: ServerIdentity,
  bound: LocalTime | null,
): Promise<readonly MetricSampleRow[]> {
  const ofServer = db
    .selectFrom(SAMPLES)
    .where('ip', '=', ip)
    .where((where) => where(where.fn.coalesce('bk_cloud_id', sql<number>`0`), '=', bkCloudId))
  const upTo = bound === null ? ofServer : ofServer.where('collect_time', '<=', bound)
  // Backwards through the index until the first row of this area; max() would read every row of the address.
  const newest = await upTo.select('collect_time').orderBy('collect_time', 'desc').limit(1).executeTakeFirst()
  return newest === undefined
    ? []
    : ofServer.where('collect_time', '=', newest.collect_time).selectAll().execute()
}

/** Keeps, per server, the row with the newest time, of equal ones that with the highest id. */
function newestPerServer(rows: readonly MetricSampleRow[]): Map<string, MetricSampleRow> {
  const newest = new Map<string, MetricSampleRow>()
  for (const row of rows) {
    const key = serverKey(areaOf(row), row.ip)
    const other = newest.get(key)
    const isNewer =
      other === undefined ||
      row.collect_time > other.collect_time ||
      (row.collect_time === other.collect_time && compareIds(row.id, other.id) > 0)
    if (isNewer) newest.set(key, row)
  }
  return newest
}

/** Returns the addresses that stand for several machines, each with its cloud areas. */
async function findSharedAddresses(
  db: Kysely<Tables>,
  rows: readonly MetricSampleRow[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const areas = new Map<string, Set<number>>()
  const met = new Set(rows.map((row) => row.ip))
  const add = (ip: string, area: number): void => {
    const known = areas.get(ip)
    if (known === undefined) areas.set(ip, new Set([area]))
    else known.add(area)
  }
  for (const row of rows) add(row.ip, areaOf(row))
  for (const server of await db.selectFrom('server').select(['ip', 'bk_cloud_id']).execute())
    if (met.has(server.ip)) add(server.ip, server.bk_cloud_id)
  return new Map([...areas].filter(([, known]) => known.size > 1))
}

/** Splits the newest row of every server into those not after the instant and those ahead of it. */
function splitAhead(rows: Iterable<MetricSampleRow>, zone: LocalTimeZone, notAfter: Date) {
  const fresh: MetricSampleRow[] = []
  const ahead: (ServerIdentity & { readonly collectedAt: Date })[] = []
  for (const row of rows) {
    const collectedAt = instantOf(zone, row.id, 'collect_time', row.collect_time)
    if (collectedAt > notAfter) ahead.push({ bkCloudId: areaOf(row), ip: row.ip, collectedAt })
    else fresh.push(row)
  }
  return { fresh, ahead }
}

/** Remembers what it read: the newest rows of a fleet have few different times, each of them several times. */
function rememberingInstants(zone: LocalTimeZone): LocalTimeZone {
  const known = new Map<LocalTime, Date | null>()
  return {
    ...zone,
    toInstant(local) {
      const at = known.get(local) ?? zone.toInstant(local)
      known.set(local, at)
      return at
    },
  }
}

/**
 * Returns the latest sample per (cloud area, address). The index knows addresses only, so an address that stands for
 * several machines is looked up area by area. What makes it known as such: the inventory, or rows of several areas
 * among the newest ones. The limit: of an address shared by areas that the inventory does not hold, the machine whose
 * sample is not among the newest of its address is not seen.
 */
export async function findLatestSamples(
  { db, dialect, zone: plainZone }: RepositoryContext,
  notAfter: Date,
): Promise<LatestSamples> {
  const zone = rememberingInstants(plainZone)
  const bound = zone.lastNotAfter(notAfter)
  const read = async (upTo: LocalTime | null) => (await newestRowsQuery(dialect, upTo).execute(db)).rows
  const all = await read(null)
  const isAhead = (row: MetricSampleRow): boolean => row.collect_time > bound
  const notAhead = all.some(isAhead) ? await read(bound) : []
  const shared = await findSharedAddresses(db, [...all, ...notAhead])

  const newest = newestPerServer(all.filter((row) => !shared.has(row.ip)))
  const earlier = newestPerServer(notAhead.filter((row) => !shared.has(row.ip)))
  for (const [ip, areas] of shared)
    for (const bkCloudId of areas) {
      const key = serverKey(bkCloudId, ip)
      const rows = newestPerServer(await newestRowsOf(db, { ip, bkCloudId }, null)).get(key)
      if (rows === undefined) continue
      newest.set(key, rows)
      if (!isAhead(rows)) continue
      const before = newestPerServer(await newestRowsOf(db, { ip, bkCloudId }, bound)).get(key)
      if (before !== undefined) earlier.set(key, before)
    }

  const { fresh, ahead } = splitAhead(newest.values(), zone, notAfter)
  const instead = ahead.flatMap((server) => earlier.get(serverKey(server.bkCloudId, server.ip)) ?? [])
  const rows = [...fresh, ...splitAhead(instead, zone, notAfter).fresh]
  const byServer = (a: ServerIdentity, b: ServerIdentity): number =>
    a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.bkCloudId - b.bkCloudId
  return {
    samples: rows.map((row) => toSample(zone, row)).sort(byServer),
    ahead: ahead.sort(byServer),
  }
}
