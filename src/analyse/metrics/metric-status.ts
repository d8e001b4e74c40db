import type { MetricStatus } from '../../domain/metrics.ts'
import { METRIC_LIMITS } from './metric-limits.ts'

/**
 * Returns the share from which a metric is critical: halfway between its threshold and 100, or 95, whichever is
 * lower; with a threshold of 95 or more always halfway, so that critical stays above warning.
 * Source: ours (70 → 85, 80 → 90, 92 → 95, 95 → 97.5).
 */
export function criticalFromPercent(thresholdPercent: number): number {
  const halfway = thresholdPercent + (100 - thresholdPercent) / 2
  const latest = METRIC_LIMITS.criticalAtLatestPercent.limit
  return thresholdPercent < latest ? Math.min(halfway, latest) : halfway
}

/** Returns `warning` above the threshold, `critical` from {@link criticalFromPercent}; null when nothing was measured. */
export function metricStatus(percent: number | null, thresholdPercent: number): MetricStatus | null {
  if (percent === null) return null
  if (percent <= thresholdPercent) return 'normal'
  return percent >= criticalFromPercent(thresholdPercent) ? 'critical' : 'warning'
}
