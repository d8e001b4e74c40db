import type { MetricsReading } from '../../domain/metrics.ts'
import { METRIC_LIMITS } from './metric-limits.ts'

/** Why two readings cannot be compared. */
type IntervalGap = 'first_reading' | 'rebooted' | 'clock_jump' | 'interval_too_short' | 'interval_too_long'

/** Two readings whose counters can be subtracted, or the reason why they cannot. */
export type Comparison =
  | { readonly comparable: true; readonly previous: MetricsReading; readonly elapsedSeconds: number }
  | { readonly comparable: false; readonly gap: IntervalGap }

const gap = (reason: IntervalGap): Comparison => ({ comparable: false, gap: reason })

/**
 * Returns whether the counters of two readings of one server may be subtracted, and over which time. The server's
 * own uptime measures the time where both readings have it, since it runs on through a change of either clock.
 */
export function compareReadings(previous: MetricsReading | null, current: MetricsReading): Comparison {
  if (previous === null) return gap('first_reading')
  const clockSeconds = (current.collectedAt.getTime() - previous.collectedAt.getTime()) / 1000
  const uptimeSeconds =
    previous.uptimeSeconds === null || current.uptimeSeconds === null
      ? null
      : current.uptimeSeconds - previous.uptimeSeconds
  if (hasRebooted(previous, current, { clockSeconds, uptimeSeconds })) return gap('rebooted')
  const drift = uptimeSeconds === null ? 0 : Math.abs(clockSeconds - uptimeSeconds)
  if (drift > METRIC_LIMITS.clockJumpSeconds.limit) return gap('clock_jump')
  if (uptimeSeconds === null && clockSeconds < 0) return gap('clock_jump')
  const elapsedSeconds = uptimeSeconds ?? clockSeconds
  if (elapsedSeconds < METRIC_LIMITS.shortestIntervalSeconds.limit) return gap('interval_too_short')
  if (elapsedSeconds > METRIC_LIMITS.longestIntervalSeconds.limit) return gap('interval_too_long')
  return { comparable: true, previous, elapsedSeconds }
}

function hasRebooted(
  previous: MetricsReading,
  current: MetricsReading,
  elapsed: { readonly clockSeconds: number; readonly uptimeSeconds: number | null },
): boolean {
  if (previous.bootId !== null && current.bootId !== null) return previous.bootId !== current.bootId
  if (elapsed.uptimeSeconds === null || current.uptimeSeconds === null) return false
  // A machine that has been up for less than the time since the last reading was started in between.
  const startedSince = current.uptimeSeconds + METRIC_LIMITS.clockJumpSeconds.limit < elapsed.clockSeconds
  return elapsed.uptimeSeconds < 0 || startedSince
}
