import type { MetricBaseline, MetricSample, ShareBaseline } from '../../domain/metrics.ts'
import { medianInPlace } from '../trends/median.ts'
import { METRIC_LIMITS } from './metric-limits.ts'

/** How far back the samples for {@link computeBaseline} need to reach. */
export const BASELINE_SPAN_MS = METRIC_LIMITS.baselineDays.limit * 86_400_000

/** That a share is far from what this server usually has. */
export interface UnusualShare {
  readonly medianPercent: number
  /** Robust z-score; negative when the share is unusually low. */
  readonly robustZ: number
  readonly sampleCount: number
  /** From the oldest sample used to the instant the baseline was computed. */
  readonly spanMs: number
}

/** Returns what is usual for a server by its samples (oldest first) of the 28 days before `now`. */
export function computeBaseline(samples: readonly MetricSample[], now: Date): MetricBaseline {
  const oldestMs = now.getTime() - BASELINE_SPAN_MS
  const used = samples.filter(
    ({ collectedAt }) => collectedAt.getTime() >= oldestMs && collectedAt.getTime() < now.getTime(),
  )
  const share = (percentOf: (sample: MetricSample) => number | null): ShareBaseline | null => {
    const first = used.find((sample) => percentOf(sample) !== null)
    if (first === undefined) return null
    const percents = used.map(percentOf).filter((percent) => percent !== null)
    return shareBaseline(percents, now.getTime() - first.collectedAt.getTime())
  }
  return {
    computedAt: now,
    cpu: share((sample) => sample.cpuPercent),
    memory: share((sample) => sample.memoryPercent),
    disk: share((sample) => sample.diskPercent),
  }
}

function shareBaseline(percents: readonly number[], spanMs: number): ShareBaseline {
  const sorted = Float64Array.from(percents).sort()
  // The smallest number of samples that is 2 % of them or more, and at least one.
  const rank = Math.ceil(sorted.length * METRIC_LIMITS.rareShareRatio.limit - 1e-9)
  const medianPercent = medianInPlace(Float64Array.from(sorted)) ?? 0
  const madPercent =
    medianInPlace(Float64Array.from(sorted, (percent) => Math.abs(percent - medianPercent))) ?? 0
  return {
    sampleCount: sorted.length,
    spanMs,
    medianPercent,
    madPercent,
    p2Percent: sorted[rank - 1] ?? 0,
    p98Percent: sorted[sorted.length - rank] ?? 0,
  }
}

/**
 * Returns how unusual the share is against the server's own past, or null when it is not or nothing can be claimed
 * (fewer than 48 samples). All must hold: robust z (0.6745 × distance from the median ÷ median absolute deviation)
 * beyond 3.5, at least 10 points from the median, and as far out in fewer than 2 % of the samples.
 */
export function judgeAgainstOwnPast(baseline: ShareBaseline | null, percent: number): UnusualShare | null {
  if (baseline === null || baseline.sampleCount < METRIC_LIMITS.baselineSamples.limit) return null
  const { medianPercent, madPercent, p2Percent, p98Percent, sampleCount, spanMs } = baseline
  const deviation = percent - medianPercent
  const robustZ = (0.6745 * deviation) / Math.max(madPercent, METRIC_LIMITS.smallestMadPercent.limit)
  if (Math.abs(deviation) < METRIC_LIMITS.smallestDeviationPercent.limit) return null
  if (Math.abs(robustZ) <= METRIC_LIMITS.robustZ.limit) return null
  if (deviation > 0 ? percent <= p98Percent : percent >= p2Percent) return null
  return { medianPercent, robustZ, sampleCount, spanMs }
}

/** A baseline is used for so long. */
const BASELINE_AGE_MS = 86_400_000
/** One with too few samples to claim anything is made again sooner; reading those few costs little. */
const YOUNG_BASELINE_AGE_MS = 3_600_000

/** True when the baseline is missing, a day old, or an hour old with fewer than 48 samples. */
export function isBaselineDue(baseline: MetricBaseline | null, now: Date): boolean {
  if (baseline === null) return true
  const ageMs = now.getTime() - baseline.computedAt.getTime()
  const samples = [baseline.cpu, baseline.memory, baseline.disk].map((share) => share?.sampleCount ?? 0)
  const isYoung = Math.max(...samples) < METRIC_LIMITS.baselineSamples.limit
  // A clock that was set back must not keep a baseline for years.
  return ageMs < 0 || ageMs > (isYoung ? YOUNG_BASELINE_AGE_MS : BASELINE_AGE_MS)
}
