import { filledLines, tableNumber } from './table-lines.ts'

/** What `uptime` says. */
export interface UptimeRow {
  /** As printed. */
  readonly time: string
  /** As printed, such as `3 days, 4:37`. */
  readonly uptime: string
  readonly users: number | null
  readonly load1: number | null
  readonly load5: number | null
  readonly load15: number | null
  readonly timeHour: number | null
  readonly timeMinute: number | null
  /** Null when the clock is printed without seconds. */
  readonly timeSecond: number | null
  readonly days: number
  readonly hours: number
  readonly minutes: number
  readonly totalSeconds: number
}

const LINE =
  /^\s*(\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?)\s+up\s{1,8}(\S.{0,80}?),\s{1,8}(?:(\d{1,6}) users?,\s{1,8})?load averages?:\s?(\S{1,12}?),?\s{1,4}(\S{1,12}?),?\s{1,4}(\S{1,12})/i

function clockOf(time: string): readonly [number | null, number | null, number | null] {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s?([AP]M)?$/i.exec(time)
  if (match === null) return [null, null, null]
  const half = match[4]?.toUpperCase()
  const hour = Number(match[1])
  const hour24 = half === undefined ? hour : (hour % 12) + (half === 'PM' ? 12 : 0)
  return [hour24, Number(match[2]), match[3] === undefined ? null : Number(match[3])]
}

const partOf = (uptime: string, form: RegExp): number => Number(form.exec(uptime)?.[1] ?? 0)

/** Returns what one line of `uptime` (procps, BusyBox, BSD, macOS) says; null for anything else. */
export function readUptimeLine(text: string): UptimeRow | null {
  const match = LINE.exec(filledLines(text)[0] ?? '')
  if (match === null) return null
  const [, time = '', printed = '', users, ...loads] = match
  const uptime = printed.replace(/\s+/g, ' ')
  const clock = /(\d{1,2}):(\d{2})$/.exec(uptime)
  const days = partOf(uptime, /(\d{1,6}) days?/)
  const hours = clock === null ? partOf(uptime, /(\d{1,3}) (?:hours?|hrs?)/) : Number(clock[1])
  const minutes = clock === null ? partOf(uptime, /(\d{1,3}) (?:minutes?|mins?)/) : Number(clock[2])
  const [timeHour, timeMinute, timeSecond] = clockOf(time)
  const [load1 = null, load5 = null, load15 = null] = loads.map(tableNumber)
  return {
    time,
    uptime,
    users: users === undefined ? null : Number(users),
    load1,
    load5,
    load15,
    timeHour,
    timeMinute,
    timeSecond,
    days,
    hours,
    minutes,
    totalSeconds: ((days * 24 + hours) * 60 + minutes) * 60,
  }
}
