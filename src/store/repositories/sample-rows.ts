import type { MetricSample } from '../../domain/metrics.ts'
import type { LocalTime, LocalTimeZone } from '../../lib/local-time.ts'
import { readStatusWord, type StatusWords, writeStatusWord } from '../status-words.ts'
import { storedDataInvalid } from '../stored-json.ts'
import type { MetricSampleRow } from '../tables.ts'

export const SAMPLES = 'howso_server_performance_metrics'

/** Largest value of decimal(5,2). */
const MAX_PERCENT = 999.99

/** Null is cloud area 0 (product specification §5). */
export const areaOf = (row: { bk_cloud_id: number | null }): number => row.bk_cloud_id ?? 0

/** Returns the instant of a row's datetime column. Throws AppError STORED_DATA_INVALID for one that is none. */
export function instantOf(zone: LocalTimeZone, id: string, column: string, local: string): Date {
  const at = zone.toInstant(local)
  if (at === null) throw storedDataInvalid({ table: SAMPLES, id, column }, `${local} is not a date and time`)
  return at
}

/**
 * Returns the sample of a row. Other writers leave `insert_time` at MySQL's zero date now and then; it then reads as
 * the time of collection, which it followed.
 */
export function toSample(zone: LocalTimeZone, row: MetricSampleRow): MetricSample {
  const collectedAt = instantOf(zone, row.id, 'collect_time', row.collect_time)
  return {
    id: row.id,
    bkCloudId: areaOf(row),
    ip: row.ip,
    collectedAt,
    cpuPercent: row.cpu_usage,
    memoryPercent: row.memory_usage,
    diskPercent: row.disk_usage,
    cpuStatus: readStatusWord(row.cpu_status),
    memoryStatus: readStatusWord(row.memory_status),
    diskStatus: readStatusWord(row.disk_status),
    networkStatus: readStatusWord(row.network_status),
    insertedAt: zone.toInstant(row.insert_time) ?? collectedAt,
  }
}

function toDecimal(name: string, percent: number | null): number | null {
  if (percent === null) return null
  if (!(percent >= 0 && percent <= MAX_PERCENT))
    throw new RangeError(`${name} is ${percent}; a share is from 0 to ${MAX_PERCENT} or null`)
  return Math.round(percent * 100) / 100
}

/** Converts times that mostly are the same as the one before, to the second: those of one cycle. */
function rememberingLocal(zone: LocalTimeZone): (at: Date) => LocalTime {
  let lastSecond = Number.NaN
  let last = ''
  return (at) => {
    const second = Math.floor(at.getTime() / 1_000)
    if (second !== lastSecond) last = zone.toLocal(at)
    lastSecond = second
    return last
  }
}

/**
 * Returns the row of a sample under an id: whole seconds, two decimals. Throws RangeError for a share that the column
 * cannot hold.
 */
export type SampleRowWriter = (id: string, sample: Omit<MetricSample, 'id'>) => MetricSampleRow

/** Returns the writer of one call's rows. */
export function createSampleRowWriter(zone: LocalTimeZone, words: StatusWords): SampleRowWriter {
  const collectTime = rememberingLocal(zone)
  const insertTime = rememberingLocal(zone)
  return (id, sample) => ({
    id,
    ip: sample.ip,
    collect_time: collectTime(sample.collectedAt),
    cpu_usage: toDecimal('cpuPercent', sample.cpuPercent),
    memory_usage: toDecimal('memoryPercent', sample.memoryPercent),
    disk_usage: toDecimal('diskPercent', sample.diskPercent),
    cpu_status: writeStatusWord(words, sample.cpuStatus),
    memory_status: writeStatusWord(words, sample.memoryStatus),
    disk_status: writeStatusWord(words, sample.diskStatus),
    network_status: writeStatusWord(words, sample.networkStatus),
    bk_cloud_id: sample.bkCloudId,
    insert_time: insertTime(sample.insertedAt),
  })
}
