import { Cron } from 'croner'

/** Firings looked at. */
const FIRINGS = 16
/** A Monday; where counting starts makes no difference for the usual distance. */
const FROM = new Date('2026-01-05T00:00:00Z')

/**
 * Returns the usual (median) distance in ms between two firings of a schedule: 60000 for `* * * * *`. Null when it
 * fires only once. Throws TypeError on fields that croner does not read; those of a {@link Config} have been checked.
 */
export function scheduleIntervalMs(pattern: string): number | null {
  const runs = new Cron(pattern, { paused: true, timezone: 'UTC' }).nextRuns(FIRINGS, FROM)
  const gaps = runs.slice(1).map((run, index) => run.getTime() - (runs[index]?.getTime() ?? 0))
  gaps.sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 2)] ?? null
}
