import type { TrendPoint } from '../trends/theil-sen.ts'
import { METRIC_LIMITS } from './metric-limits.ts'

/** Whether a share counts as exceeded now, and since when. */
export type HysteresisState =
  | { readonly exceeded: false }
  | {
      readonly exceeded: true
      readonly sinceAt: Date
      /** True when it is at or below the threshold again, but has not come 5 points down. */
      readonly held: boolean
    }

/**
 * Returns the state after the points (oldest first, the last one is now): exceeded above the threshold, cleared at
 * 5 points below it, in between as before. More than an hour without a point forgets what was. `seedSince` is the
 * beginning of the stretch that the last judgement knew; it counts where the points reach back into that stretch.
 */
export function judgeHysteresis(
  points: readonly TrendPoint[],
  thresholdPercent: number,
  seedSince: Date | null = null,
): HysteresisState {
  const clearPercent = thresholdPercent - METRIC_LIMITS.clearBelowThresholdPercent.limit
  const [first] = points
  // With the present point alone there was nothing within the last hour.
  const reachesBack =
    seedSince !== null && first !== undefined && points.length > 1 && seedSince.getTime() < first.at.getTime()
  let sinceAt: Date | null = reachesBack ? seedSince : null
  let previousAt: Date | null = null
  for (const { at, percent } of points) {
    const forgotten =
      previousAt !== null && at.getTime() - previousAt.getTime() > METRIC_LIMITS.memoryOfStateMs.limit
    if (forgotten || percent <= clearPercent) sinceAt = null
    if (percent > thresholdPercent) sinceAt ??= at
    previousAt = at
  }
  const last = points.at(-1)
  if (sinceAt === null || last === undefined) return { exceeded: false }
  return { exceeded: true, sinceAt, held: last.percent <= thresholdPercent }
}
