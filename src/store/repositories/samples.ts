import { sql } from 'kysely'
import type { MetricSample } from '../../domain/metrics.ts'
import { compareIds } from '../../lib/snowflake.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { MetricSampleRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { findLatestSamples } from './latest-samples.ts'
import { instantOf, SAMPLES, toSample, toSampleRow } from './sample-rows.ts'

/** Rows in one INSERT: 12 columns each, below SQLite's 32,766 parameters and MySQL's packet. */
const ROWS_PER_INSERT = 500

async function insertAll(
  { db, zone, nextId }: RepositoryContext,
  samples: readonly Omit<MetricSample, 'id'>[],
): Promise<MetricSample[]> {
  const stored: MetricSample[] = []
  for (let from = 0; from < samples.length; from += ROWS_PER_INSERT) {
    const part = samples.slice(from, from + ROWS_PER_INSERT)
    let rows: ReturnType<typeof toSampleRow>[] = []
    // A taken id refuses the whole statement, so that the part gets new ids.
    await insertWithId(nextId, async (firstId) => {
      rows = []
      for (const sample of part)
        rows.push(toSampleRow(zone, rows.length === 0 ? firstId : await nextId(), sample))
      await db.insertInto(SAMPLES).values(rows).execute()
    })
    stored.push(...rows.map((row) => toSample(zone, row)))
  }
  return stored
}

const byTime = (a: MetricSample, b: MetricSample): number =>
  a.collectedAt.getTime() - b.collectedAt.getTime() || compareIds(a.id, b.id)

type Exceeding = Awaited<ReturnType<MetricSampleRepository['exceeding']>>

/** Samples over one database or transaction. */
export const createMetricSampleRepository = (context: RepositoryContext): MetricSampleRepository => {
  const { db, zone } = context
  return {
    insert: (samples) => context.atomically((inside) => insertAll(inside, samples)),
    latestPerServer: (notAfter) => findLatestSamples(context, notAfter),
    async history(server, since, until) {
      const rows = await db
        .selectFrom(SAMPLES)
        .selectAll()
        .where('ip', '=', server.ip)
        .where((where) => where(where.fn.coalesce('bk_cloud_id', sql<number>`0`), '=', server.bkCloudId))
        .where('collect_time', '>=', zone.firstNotBefore(since))
        .where('collect_time', '<=', zone.lastNotAfter(until))
        .execute()
      return rows.map((row) => toSample(zone, row)).sort(byTime)
    },
    async exceeding(limits, since, until): Promise<Exceeding> {
      const { cpuPercent, memoryPercent, diskPercent } = limits
      const isAbove = sql`cpu_usage > ${cpuPercent} or memory_usage > ${memoryPercent} or disk_usage > ${diskPercent}`
      const rows = await db
        .selectFrom(SAMPLES)
        .select((select) => [
          'ip',
          select.fn.coalesce('bk_cloud_id', sql<number>`0`).as('area'),
          select.fn.max('cpu_usage').as('cpu'),
          select.fn.max('memory_usage').as('memory'),
          select.fn.max('disk_usage').as('disk'),
          sql<string | null>`max(case when ${isAbove} then collect_time end)`.as('last_above'),
        ])
        .where('collect_time', '>=', zone.firstNotBefore(since))
        .where('collect_time', '<=', zone.lastNotAfter(until))
        .groupBy(['ip', (by) => by.fn.coalesce('bk_cloud_id', sql<number>`0`)])
        .having(sql<number>`max(case when ${isAbove} then 1 else 0 end)`, '=', 1)
        .orderBy('ip')
        .orderBy('area')
        .execute()
      return rows.flatMap((row) =>
        row.last_above === null
          ? []
          : [
              {
                ip: row.ip,
                bkCloudId: row.area,
                peakCpuPercent: row.cpu,
                peakMemoryPercent: row.memory,
                peakDiskPercent: row.disk,
                lastExceededAt: instantOf(zone, `${row.ip}/${row.area}`, 'collect_time', row.last_above),
              },
            ],
      )
    },
  }
}
