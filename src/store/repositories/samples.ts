import { sql } from 'kysely'
import type { MetricSample } from '../../domain/metrics.ts'
import { compareIds } from '../../lib/snowflake.ts'
import type { MetricSampleRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { insertAll, insertOnce } from './insert-samples.ts'
import { findLatestSamples } from './latest-samples.ts'
import { deleteOwnOlderThan } from './own-samples.ts'
import { instantOf, SAMPLES, toSample } from './sample-rows.ts'

const byTime = (a: MetricSample, b: MetricSample): number =>
  a.collectedAt.getTime() - b.collectedAt.getTime() || compareIds(a.id, b.id)

type Exceeding = Awaited<ReturnType<MetricSampleRepository['exceeding']>>

/** Samples over one database or transaction. */
export const createMetricSampleRepository = (context: RepositoryContext): MetricSampleRepository => {
  const { db, zone } = context
  return {
    insert: (samples) => context.atomically((inside) => insertAll(inside, samples)),
    insertOnce: (samples) => context.atomically((inside) => insertOnce(inside, samples)),
    deleteOwnOlderThan: (before, limit) => deleteOwnOlderThan(context, before, limit),
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
