const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The form of asctime(3): `Tue Mar  3 10:02:11 2026`. */
export const ASCTIME = '[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\\d \\d{2}:\\d{2}:\\d{2} \\d{4}'

const PARTS = /^\w{3} (\w{3}) ([ 0-3]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/

/** Returns the instant of a time in the form of asctime(3) that was printed in UTC, or null for anything else. */
export function parseAsctime(words: string): Date | null {
  const [, month = '', day = '', clock = '', year = ''] = PARTS.exec(words) ?? []
  const number = MONTHS.indexOf(month) + 1
  if (number === 0) return null
  const two = (digits: string): string => digits.trim().padStart(2, '0')
  const at = new Date(`${year}-${two(String(number))}-${two(day)}T${clock}Z`)
  return Number.isNaN(at.getTime()) ? null : at
}
