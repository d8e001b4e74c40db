import { medianInPlace } from '../trends/median.ts'
import type { TrendPoint } from '../trends/theil-sen.ts'
import { METRIC_LIMITS } from './metric-limits.ts'

/** That a share is far from what this server usually has. */
export interface UnusualShare {
  readonly medianPercent: number
  /** Robust z-score; negative when the share is unusually low. */
  readonly robustZ: number
  readonly sampleCount: number
  /** From the oldest sample used to now. */
  readonly spanMs: number
}

/**
 * Returns how unusual the share is against the server's own past, or null when it is not or nothing can be claimed
 * (fewer than 48 samples). All must hold: robust z (0.6745 × distance from the median ÷ median absolute deviation)
 * beyond 3.5, at least 10 points from the median, and as far out in fewer than 2 % of the samples.
 */
export function judgeAgainstOwnPast(past: readonly TrendPoint[], now: TrendPoint): UnusualShare | null {
  const oldestMs = now.at.getTime() - METRIC_LIMITS.baselineDays.limit * 86_400_000
  const used = past.filter(({ at }) => at.getTime() >= oldestMs && at.getTime() < now.at.getTime())
  const first = used[0]
  if (first === undefined || used.length < METRIC_LIMITS.baselineSamples.limit) return null
  const percents = used.map((point) => point.percent)
  const medianPercent = medianInPlace(Float64Array.from(percents)) ?? 0
  const mad = medianInPlace(Float64Array.from(percents, (percent) => Math.abs(percent - medianPercent))) ?? 0
  const deviation = now.percent - medianPercent
  const robustZ = (0.6745 * deviation) / Math.max(mad, METRIC_LIMITS.smallestMadPercent.limit)
  if (Math.abs(deviation) < METRIC_LIMITS.smallestDeviationPercent.limit) return null
  if (Math.abs(robustZ) <= METRIC_LIMITS.robustZ.limit) return null
  const asFar = percents.filter((percent) =>
    deviation > 0 ? percent >= now.percent : percent <= now.percent,
  ).length
  if (asFar / percents.length >= METRIC_LIMITS.rareShareRatio.limit) return null
  const spanMs = now.at.getTime() - first.at.getTime()
  return { medianPercent, robustZ, sampleCount: used.length, spanMs }
}
