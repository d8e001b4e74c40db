import type { MaintenanceWindow, OneTimeWindow, WeeklyWindow } from '../../domain/inventory-fields.ts'

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/
const DAY = /^\d{4}-\d\d-\d\d$/

/** True for `YYYY-MM-DD` of a day that exists. */
export function isCalendarDay(value: string): boolean {
  const at = DAY.test(value) ? new Date(`${value}T00:00:00Z`) : null
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value)
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const isWeekly = ({ weekdays, from, to, timeZone }: WeeklyWindow): boolean =>
  weekdays.length > 0 &&
  new Set(weekdays).size === weekdays.length &&
  weekdays.every((day) => Number.isInteger(day) && day >= 1 && day <= 7) &&
  TIME_OF_DAY.test(from) &&
  TIME_OF_DAY.test(to) &&
  isTimeZone(timeZone)

/** An invalid date compares false with everything. */
const isOneTime = ({ startAt, endAt }: OneTimeWindow): boolean => endAt.getTime() > startAt.getTime()

/** True for a window that can be: real weekdays, times and zone, or an end after its start. */
export const isMaintenanceWindow = (window: MaintenanceWindow): boolean =>
  'weekdays' in window ? isWeekly(window) : isOneTime(window)
