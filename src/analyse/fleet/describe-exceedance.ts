import type { Exceedance } from '../../domain/assessment.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import { type JudgedShare, judgedShare } from '../metrics/judged-share.ts'
import { METRIC_LIMITS } from '../metrics/metric-limits.ts'
import { metricStatus } from '../metrics/metric-status.ts'
import { METRIC_TRAITS } from '../metrics/metric-traits.ts'
import { type TrendPoint, theilSenPercentPerHour } from '../trends/theil-sen.ts'
import type { FreshServer } from './classify-servers.ts'

/** The shares that the given metrics table holds. */
export const SAMPLED_METRICS = ['cpu', 'memory', 'disk'] as const
export type SampledMetric = (typeof SAMPLED_METRICS)[number]

/** Returns one share of a sample. */
export function sharePercent(sample: MetricSample, metric: SampledMetric): number | null {
  const { ofSample } = METRIC_TRAITS[metric]
  return ofSample === null ? null : ofSample(sample)
}

/** Returns one share of the latest sample with its limit; null when it was not measured. */
export function judgeSampled(
  { sample, thresholds, filesystems }: FreshServer,
  metric: SampledMetric,
): JudgedShare | null {
  const percent = sharePercent(sample, metric)
  return percent === null ? null : judgedShare({ metric, percent, thresholds, filesystems })
}

/** Returns the shares of the latest sample that are above their thresholds. */
export const exceededMetrics = (fresh: FreshServer): readonly SampledMetric[] =>
  SAMPLED_METRICS.filter((metric) => {
    const judged = judgeSampled(fresh, metric)
    return judged !== null && judged.percent > judged.limit.percent
  })

interface ExceedanceInput {
  readonly metric: SampledMetric
  /** Its latest sample is above the threshold. */
  readonly fresh: FreshServer
  /** Samples before the latest, oldest first; those without the share do not count. */
  readonly history: readonly MetricSample[]
}

/** Returns one share above its threshold with since when, peak and trend; null when it is not above. */
export function describeExceedance({ metric, fresh, history }: ExceedanceInput): Exceedance | null {
  const judged = judgeSampled(fresh, metric)
  if (judged === null) return null
  const { percent, limit, mount, hasHistory } = judged
  const thresholdPercent = limit.percent
  const status = metricStatus(percent, thresholdPercent)
  if (status === null || status === 'normal') return null
  const now: TrendPoint = { at: fresh.sample.collectedAt, percent }
  const points = hasHistory ? pointsUpTo(fresh.sample, history, metric) : [now]
  const start = stretchStart(points, thresholdPercent)
  const peak = points.reduce((highest, point) => (point.percent > highest.percent ? point : highest), now)
  return {
    metric,
    percent,
    thresholdPercent,
    thresholdSource: limit.source,
    mount,
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
