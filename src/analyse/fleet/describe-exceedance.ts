import type { Exceedance } from '../../domain/assessment.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import type { Thresholds } from '../../domain/thresholds.ts'
import { METRIC_LIMITS } from '../metrics/metric-limits.ts'
import { metricStatus } from '../metrics/metric-status.ts'
import { METRIC_TRAITS } from '../metrics/metric-traits.ts'
import { type TrendPoint, theilSenPercentPerHour } from '../trends/theil-sen.ts'

/** The shares that the given metrics table holds. */
export const SAMPLED_METRICS = ['cpu', 'memory', 'disk'] as const
export type SampledMetric = (typeof SAMPLED_METRICS)[number]

/** Returns one share of a sample. */
export function sharePercent(sample: MetricSample, metric: SampledMetric): number | null {
  const { ofSample } = METRIC_TRAITS[metric]
  return ofSample === null ? null : ofSample(sample)
}

/** Returns the shares of a sample that are above their thresholds. */
export function exceededMetrics(sample: MetricSample, thresholds: Thresholds): readonly SampledMetric[] {
  return SAMPLED_METRICS.filter((metric) => {
    const percent = sharePercent(sample, metric)
    return percent !== null && percent > METRIC_TRAITS[metric].ofThresholds(thresholds)
  })
}

interface ExceedanceInput {
  readonly metric: SampledMetric
  /** The latest sample; above the threshold. */
  readonly sample: MetricSample
  /** Samples before `sample`, oldest first; those without the share do not count. */
  readonly history: readonly MetricSample[]
  readonly thresholds: Thresholds
}

/** Returns one share above its threshold with since when, peak and trend; null when it is not above. */
export function describeExceedance({
  metric,
  sample,
  history,
  thresholds,
}: ExceedanceInput): Exceedance | null {
  const thresholdPercent = METRIC_TRAITS[metric].ofThresholds(thresholds)
  const percent = sharePercent(sample, metric)
  const status = metricStatus(percent, thresholdPercent)
  if (percent === null || status === null || status === 'normal') return null
  const points = pointsUpTo(sample, history, metric)
  const start = stretchStart(points, thresholdPercent)
  const now: TrendPoint = { at: sample.collectedAt, percent }
  const peak = points.reduce((highest, point) => (point.percent > highest.percent ? point : highest), now)
  return {
    metric,
    percent,
    thresholdPercent,
    status,
    sinceAt: (points[start] ?? now).at,
    sinceIsEarliestSeen: start === 0,
    peakPercent: peak.percent,
    peakAt: peak.at,
    ...describeTrend(points),
  }
}

function pointsUpTo(
  sample: MetricSample,
  history: readonly MetricSample[],
  metric: SampledMetric,
): readonly TrendPoint[] {
  const points: TrendPoint[] = []
  for (const one of [...history, sample]) {
    const percent = sharePercent(one, metric)
    if (percent !== null) points.push({ at: one.collectedAt, percent })
  }
  return points
}

/** Index of the first point of the unbroken stretch above the threshold that reaches to the last point. */
function stretchStart(points: readonly TrendPoint[], thresholdPercent: number): number {
  return points.findLastIndex((point) => point.percent <= thresholdPercent) + 1
}

function describeTrend(points: readonly TrendPoint[]): Pick<Exceedance, 'trend' | 'percentPerHour'> {
  const percentPerHour = theilSenPercentPerHour(points)
  const first = points[0]
  const last = points.at(-1)
  if (percentPerHour === null || first === undefined || last === undefined)
    return { trend: 'unknown', percentPerHour: null }
  const hours = (last.at.getTime() - first.at.getTime()) / 3_600_000
  const isSteady = Math.abs(percentPerHour * hours) < METRIC_LIMITS.steadyChangePercent.limit
  const trend = isSteady ? 'steady' : percentPerHour > 0 ? 'rising' : 'falling'
  return { trend, percentPerHour: Math.round(percentPerHour * 100) / 100 + 0 }
}
