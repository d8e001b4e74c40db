import { medianInPlace } from './median.ts'

/** One measured share at one instant. */
export interface TrendPoint {
  readonly at: Date
  readonly percent: number
}

/** No trend is claimed from fewer points. Source: ours. */
const MIN_TREND_POINTS = 5
/** More points are thinned evenly to this many, since the slopes grow with the square. Source: ours. */
const MAX_TREND_POINTS = 40

/**
 * Returns the slope in percent per hour by Theil–Sen (the median of the slopes of all pairs), which up to 29 % of
 * outliers do not move; null with fewer than {@link MIN_TREND_POINTS} points or all at one instant.
 * Points are oldest first. Source: Sen, JASA 63 (1968) 1379–1389.
 */
export function theilSenPercentPerHour(points: readonly TrendPoint[]): number | null {
  if (points.length < MIN_TREND_POINTS) return null
  const kept = thin(points)
  const hours = kept.map((point) => point.at.getTime() / 3_600_000)
  const found = new Float64Array((kept.length * (kept.length - 1)) / 2)
  let count = 0
  for (const [later, point] of kept.entries()) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      const elapsedHours = (hours[later] ?? 0) - (hours[earlier] ?? 0)
      if (elapsedHours <= 0) continue
      found[count] = (point.percent - (kept[earlier]?.percent ?? 0)) / elapsedHours
      count += 1
    }
  }
  return medianInPlace(found, count)
}

function thin(points: readonly TrendPoint[]): readonly TrendPoint[] {
  if (points.length <= MAX_TREND_POINTS) return points
  const step = (points.length - 1) / (MAX_TREND_POINTS - 1)
  return Array.from({ length: MAX_TREND_POINTS }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  )
}
