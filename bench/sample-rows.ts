import type { MetricSample } from '../src/domain/metrics.ts'
import { createLocalTimeZone } from '../src/lib/local-time.ts'

/** Servers of the made-up fleet. */
export const SERVER_COUNT = 5_000
/** Of the datetime columns. */
export const TIME_ZONE = 'Asia/Shanghai'
const FIRST_MS = Date.parse('2026-01-01T00:00:00+08:00')
const CYCLE_MS = 60_000
const FIRST_ID = 1_900_000_000_000_000_000n

export const SAMPLE_COLUMNS = [
  'id',
  'ip',
  'collect_time',
  'cpu_usage',
  'memory_usage',
  'disk_usage',
  'cpu_status',
  'memory_status',
  'disk_status',
  'network_status',
  'bk_cloud_id',
  'insert_time',
] as const

const zone = createLocalTimeZone(TIME_ZONE)

const timeOf = (n: number): Date => new Date(FIRST_MS + Math.floor(n / SERVER_COUNT) * CYCLE_MS)

const addressOf = (n: number): string => {
  const server = n % SERVER_COUNT
  return `10.${Math.floor(server / 65_536)}.${Math.floor(server / 256) % 256}.${server % 256}`
}

/** Returns a share from 0 to 100 with two decimals: scattered over the rows, and the same in every run. */
const shareOf = (n: number, salt: number): number => ((Math.imul(n + salt, 0x9e37_79b1) >>> 0) % 10_001) / 100

/** Returns row n in the order of {@link SAMPLE_COLUMNS}: cycle after cycle, every server once in each. */
export function sampleRow(n: number): readonly (string | number)[] {
  const at = zone.toLocal(timeOf(n))
  const shares = [shareOf(n, 1), shareOf(n, 2), shareOf(n, 3)]
  return [
    (FIRST_ID + BigInt(n)).toString(),
    addressOf(n),
    at,
    ...shares,
    '正常',
    '正常',
    '正常',
    '正常',
    0,
    at,
  ]
}

/** Returns the same as the store takes it, without an id. */
export function sampleOf(n: number): Omit<MetricSample, 'id'> {
  return {
    bkCloudId: 0,
    ip: addressOf(n),
    collectedAt: timeOf(n),
    cpuPercent: shareOf(n, 1),
    memoryPercent: shareOf(n, 2),
    diskPercent: shareOf(n, 3),
    cpuStatus: '正常',
    memoryStatus: '正常',
    diskStatus: '正常',
    networkStatus: '正常',
    insertedAt: timeOf(n),
  }
}

/** Returns an instant after row n and before the next cycle. */
export const justAfter = (n: number): Date => new Date(timeOf(n).getTime() + 1_000)
