import type { DiskGrowth } from '../../domain/assessment.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import { theilSenPercentPerHour } from '../trends/theil-sen.ts'
import { DISK_LIMITS } from './disk-limits.ts'

const HOUR_MS = 3_600_000

/**
 * Returns how fast the fullest filesystem fills, or null when the samples (oldest first) do not say: too few, over too
 * short a time, or of another filesystem than the one that is fullest now. `fullestPercent` is its usage now.
 */
export function measureDiskGrowth(
  samples: readonly Pick<MetricSample, 'collectedAt' | 'diskPercent'>[],
  fullestPercent: number,
): DiskGrowth | null {
  const points = samples.flatMap(({ collectedAt, diskPercent }) =>
    diskPercent === null ? [] : [{ at: collectedAt, percent: diskPercent }],
  )
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return null
  const spanHours = (last.at.getTime() - first.at.getTime()) / HOUR_MS
  if (spanHours < DISK_LIMITS.growthHours.limit) return null
  if (Math.abs(last.percent - fullestPercent) > DISK_LIMITS.samePercent.limit) return null
  const slope = theilSenPercentPerHour(points)
  if (slope === null) return null
  const percentPerDay = Math.round(slope * 24 * 100) / 100
  const left = Math.max(0, 100 - fullestPercent)
  return {
    percentPerDay,
    daysUntilFull:
      percentPerDay < DISK_LIMITS.growthPercentPerDay.limit
        ? null
        : Math.round((left / percentPerDay) * 10) / 10,
    sinceAt: first.at,
    sampleCount: points.length,
  }
}
