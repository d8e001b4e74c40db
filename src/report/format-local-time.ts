/**
 * Returns a function that writes instants as `YYYY-MM-DD HH:mm:ss` in the time zone; for many instants in one zone.
 * Throws RangeError on an unknown zone; the function throws RangeError on an invalid date.
 */
export function localTimeFormatter(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return (at) => {
    const parts: Record<string, string> = {}
    for (const part of format.formatToParts(at)) parts[part.type] = part.value
    const year = (parts.year ?? '').padStart(4, '0')
    return `${year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`
  }
}

/** Returns the instant as `YYYY-MM-DD HH:mm:ss` in the time zone. Throws RangeError on an unknown zone or invalid date. */
export const formatLocalTime = (at: Date, timeZone: string): string => localTimeFormatter(timeZone)(at)
