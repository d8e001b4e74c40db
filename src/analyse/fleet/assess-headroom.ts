/** How many servers of a group may fail for one metric. */
export interface MetricHeadroom {
  /** Servers that were measured. */
  readonly serverCount: number
  /** Their mean share, 0–100. */
  readonly meanPercent: number
  readonly thresholdPercent: number
  /** See {@link assessHeadroom}; 0 also when the mean is above the threshold with all of them running. */
  readonly mayFailCount: number
  readonly isOverNow: boolean
}

/**
 * Returns how many of a group's servers may fail before the rest is overloaded; null when none was measured.
 * The rule, a simple one of our own: servers count as alike, and what the failed ones carried spreads evenly, so that
 * with k of n gone each of the others carries mean × n ÷ (n − k). Answered is the largest k < n for which that is not
 * above the threshold. O(n).
 */
export function assessHeadroom(percents: readonly number[], thresholdPercent: number): MetricHeadroom | null {
  const serverCount = percents.length
  if (serverCount === 0) return null
  const sum = percents.reduce((total, percent) => total + percent, 0)
  const isOverNow = sum / serverCount > thresholdPercent
  let mayFailCount = 0
  while (mayFailCount + 1 < serverCount && sum / (serverCount - mayFailCount - 1) <= thresholdPercent)
    mayFailCount += 1
  return {
    serverCount,
    meanPercent: sum / serverCount,
    thresholdPercent,
    mayFailCount: isOverNow ? 0 : mayFailCount,
    isOverNow,
  }
}
