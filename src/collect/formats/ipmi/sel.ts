import { linesOf } from '../lines.ts'

/** One line of `ipmitool sel elist`. */
export interface SelLine {
  readonly id: string
  /** The BMC's clock read as if it were UTC, milliseconds; null when it is not set (`Pre-Init`). */
  readonly clockMs: number | null
  readonly sensor: string
  readonly event: string
  readonly direction: 'asserted' | 'deasserted' | null
}

const CLOCK = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})[ |]{1,4}(\d{1,2}):(\d{2}):(\d{2})(?: [A-Z]{1,5})?\s*$/

/** Returns `MM/DD/YYYY HH:MM:SS` (1.8.19 writes two digits of the year and a zone) as milliseconds as if in UTC; null for anything else. */
export function parseBmcClock(words: string): number | null {
  const match = CLOCK.exec(words.trim())
  if (match === null) return null
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null
  return Date.UTC(year < 100 ? 2000 + year : year, month - 1, day, hour, minute, second)
}

const DIRECTIONS: Readonly<Record<string, SelLine['direction']>> = {
  asserted: 'asserted',
  deasserted: 'deasserted',
}

/** Returns the entries of `ipmitool sel list` and `sel elist` (1.8), in their order; other lines, OEM records among them, are left out. */
export function readSel(text: string): readonly SelLine[] {
  return linesOf(text).flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [id = '', day = '', hour = '', ...said] = cells
    if (!/^[0-9a-f]{1,8}$/i.test(id) || cells.length < 4) return []
    // `Pre-Init` (one or two words) stands for a clock that was never set; some versions leave out the second cell.
    const clockMs = parseBmcClock(`${day} ${hour}`)
    const isUnset = /^Pre-?Init/i.test(day)
    if (clockMs === null && !isUnset) return []
    const [sensor = '', event = '', direction = ''] = said
    if (sensor === '') return []
    return [{ id, clockMs, sensor, event, direction: DIRECTIONS[direction.toLowerCase()] ?? null }]
  })
}
