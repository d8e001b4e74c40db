/** What a time zone's local clock shows, as `YYYY-MM-DD HH:mm:ss`. Carries no zone and no fraction of a second. */
export type LocalTime = string

/** Converts between instants and the local clock of one zone. */
export interface LocalTimeZone {
  readonly timeZone: string
  /** Returns what the local clock shows at the instant; a fraction of a second is dropped. */
  toLocal(at: Date): LocalTime
  /**
   * Returns the instant at which the local clock shows this. Of the two instants of a repeated hour it is the later;
   * a time that the clock jumps over moves forward by the length of the jump. Null for text that is no such time,
   * for example MySQL's `0000-00-00 00:00:00`. A fraction of a second is dropped.
   */
  toInstant(local: LocalTime): Date | null
  /** Returns the last local time that is read as an instant not after `at`: `local <= last` means `instant <= at`. */
  lastNotAfter(at: Date): LocalTime
  /** Returns the first local time that is read as an instant not before `at`. */
  firstNotBefore(at: Date): LocalTime
}

const SECOND_MS = 1000
const DAY_MS = 86_400_000
/** Offsets change only at multiples of this (zone database, transitions since 1900): one look-up serves a block. */
const BLOCK_MS = 900_000
const MAX_CACHED_BLOCKS = 20_000
const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?$/

const floorTo = (value: number, step: number): number => Math.floor(value / step) * step

function createOffsets(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const lookUp = (ms: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - floorTo(ms, SECOND_MS)
  }
  const blocks = new Map<number, number | 'changes'>()
  return (ms) => {
    const start = floorTo(ms, BLOCK_MS)
    let known = blocks.get(start)
    if (known === undefined) {
      const first = lookUp(start)
      known = first === lookUp(start + BLOCK_MS - 1) ? first : 'changes'
      if (blocks.size >= MAX_CACHED_BLOCKS) blocks.clear()
      blocks.set(start, known)
    }
    return known === 'changes' ? lookUp(ms) : known
  }
}

function parseNaive(local: LocalTime): number | null {
  const match = LOCAL_TIME.exec(local)
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  if (year < 1000 || hour > 23 || minute > 59 || second > 59) return null
  const naive = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  return naive.getUTCMonth() === month - 1 && naive.getUTCDate() === day ? naive.getTime() : null
}

const printNaive = (ms: number): LocalTime => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/** Returns the start of the repeated stretch of local time that the instant's first pass lies in. */
function findRepeatStart(
  offsetAt: (ms: number) => number,
  firstPassMs: number,
  secondPassMs: number,
): number {
  let before = firstPassMs
  let after = secondPassMs
  while (after - before > SECOND_MS) {
    const middle = floorTo((before + after) / 2, SECOND_MS)
    if (offsetAt(middle) === offsetAt(firstPassMs)) before = middle
    else after = middle
  }
  return after + offsetAt(after)
}

/**
 * Returns the converter of an IANA zone, from the zone data of the runtime (ICU). Throws RangeError for an unknown zone.
 * Instants from the year 1000 to 9999; transitions less than a day apart are not told from one another.
 */
export function createLocalTimeZone(timeZone: string): LocalTimeZone {
  const offsetAt = createOffsets(timeZone)
  const naiveAt = (ms: number): number => ms + offsetAt(ms)
  const instantOf = (naive: number): number => {
    const before = offsetAt(naive - DAY_MS)
    const after = offsetAt(naive + DAY_MS)
    const later = naive - Math.min(before, after)
    const earlier = naive - Math.max(before, after)
    if (naiveAt(later) === naive) return later
    if (naiveAt(earlier) === naive) return earlier
    return naive - before
  }
  /** Null unless the instant is in the first pass of a repeated stretch of local time. */
  const repeatStart = (ms: number): number | null => {
    const read = instantOf(naiveAt(ms))
    return read > ms ? findRepeatStart(offsetAt, ms, read) : null
  }
  return {
    timeZone,
    toLocal: (at) => printNaive(naiveAt(floorTo(at.getTime(), SECOND_MS))),
    toInstant(local) {
      const naive = parseNaive(local)
      return naive === null ? null : new Date(instantOf(naive))
    },
    lastNotAfter(at) {
      const ms = floorTo(at.getTime(), SECOND_MS)
      const repeated = repeatStart(ms)
      return printNaive(repeated === null ? naiveAt(ms) : repeated - SECOND_MS)
    },
    firstNotBefore(at) {
      const ms = Math.ceil(at.getTime() / SECOND_MS) * SECOND_MS
      return printNaive(repeatStart(ms) ?? naiveAt(ms))
    },
  }
}
