import { createLocalTimeZone } from './local-time.ts'

/**
 * Returns a function that writes instants as `YYYY-MM-DD HH:mm:ss` in the time zone; for many instants in one zone.
 * Throws RangeError on an unknown zone; the function throws RangeError on an invalid date.
 */
export function localTimeFormatter(timeZone: string): (at: Date) => string {
  const { toLocal } = createLocalTimeZone(timeZone)
  return toLocal
}

/** Returns the instant as `YYYY-MM-DD HH:mm:ss` in the time zone. Throws RangeError on an unknown zone or invalid date. */
export const formatLocalTime = (at: Date, timeZone: string): string => localTimeFormatter(timeZone)(at)
