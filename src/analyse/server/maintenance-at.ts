import type {
  MaintenanceNow,
  MaintenanceWindow,
  OneTimeWindow,
  WeeklyWindow,
} from '../../domain/inventory-fields.ts'
import { type Text, text } from '../../domain/text.ts'
import { createLocalTimeZone, type LocalTime, type LocalTimeZone } from '../../lib/local-time.ts'

const DAY_MS = 86_400_000
/** Lengths of a repeated stretch of local time: 1 h nearly everywhere, 30 min on Lord Howe, 2 h at Troll (IANA zones). */
const REPEATS_MS = [7_200_000, 3_600_000, 1_800_000] as const

const WEEKDAYS = [
  text('周一', 'Mon'),
  text('周二', 'Tue'),
  text('周三', 'Wed'),
  text('周四', 'Thu'),
  text('周五', 'Fri'),
  text('周六', 'Sat'),
  text('周日', 'Sun'),
] as const

/** Returns the first instant at which the local clock shows this time (of a repeated hour the first pass). */
function firstInstant(zone: LocalTimeZone, local: LocalTime): Date | null {
  const later = zone.toInstant(local)
  if (later === null) return null
  for (const repeatMs of REPEATS_MS) {
    const earlier = new Date(later.getTime() - repeatMs)
    if (zone.toLocal(earlier) === local) return earlier
  }
  return later
}

/** Returns the calendar day as `YYYY-MM-DD`, some days later. */
const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** 1 Monday … 7 Sunday. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/**
 * Returns when the window that is open ends; null when none is. A window is never shortened by a change of the clock:
 * in a repeated hour it begins at the first pass and ends at the second, and a beginning that the clock jumps over is
 * where it jumps.
 */
function weeklyEnd(window: WeeklyWindow, zone: LocalTimeZone, now: Date): Date | null {
  const localNow = zone.toLocal(now)
  const today = localNow.slice(0, 10)
  // A window lasts at most a day, so one that is open began today or yesterday.
  const ends = [today, dayAfter(today, -1)].flatMap((day) => {
    if (!window.weekdays.includes(weekdayOf(day))) return []
    const from = `${day} ${window.from}:00`
    const lastDay = window.to > window.from ? day : dayAfter(day, 1)
    const start = firstInstant(zone, from)
    const end = zone.toInstant(`${lastDay} ${window.to}:00`)
    if (start === null || end === null) return []
    const hasBegun = now.getTime() >= start.getTime() || localNow >= from
    return hasBegun && now.getTime() < end.getTime() ? [end] : []
  })
  return latest(ends)
}

const latest = (instants: readonly Date[]): Date | null =>
  instants.reduce<Date | null>((last, at) => (last === null || at > last ? at : last), null)

const isOneTime = (window: MaintenanceWindow): window is OneTimeWindow => 'startAt' in window

function weeklyText({ weekdays, from, to, timeZone }: WeeklyWindow): Text {
  const days = [...weekdays].sort((a, b) => a - b).flatMap((day) => WEEKDAYS[day - 1] ?? [])
  const zh = weekdays.length === 7 ? '每天' : days.map((day) => day.zh).join('、')
  const en = weekdays.length === 7 ? 'daily' : days.map((day) => day.en).join(', ')
  return text(`${zh} ${from}–${to}(${timeZone})`, `${en} ${from}–${to} (${timeZone})`)
}

const ONE_TIME = text('一次性维护窗口', 'one-time window')

/** Returns a function that tells whether a server with these windows is in one of them at `now`; for many servers. */
export function maintenanceFinder(
  now: Date,
): (windows: readonly MaintenanceWindow[]) => MaintenanceNow | null {
  const zones = new Map<string, LocalTimeZone>()
  const zoneOf = (timeZone: string): LocalTimeZone => {
    const zone = zones.get(timeZone) ?? createLocalTimeZone(timeZone)
    zones.set(timeZone, zone)
    return zone
  }
  const openUntil = (window: MaintenanceWindow): Date | null => {
    if (!isOneTime(window)) return weeklyEnd(window, zoneOf(window.timeZone), now)
    return window.startAt <= now && now < window.endAt ? window.endAt : null
  }
  return (windows) => {
    let found: MaintenanceNow | null = null
    for (const window of windows) {
      const until = openUntil(window)
      if (until === null || (found !== null && until <= found.until)) continue
      found = { until, reason: isOneTime(window) ? ONE_TIME : weeklyText(window) }
    }
    return found
  }
}

/** Returns whether a server with these windows is in one of them now, and until when; null when it is in none. */
export const maintenanceAt = (windows: readonly MaintenanceWindow[], now: Date): MaintenanceNow | null =>
  maintenanceFinder(now)(windows)
