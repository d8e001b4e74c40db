/** The `name: value` lines of a text, by name in lower case with single spaces. */
export type TextFields = ReadonlyMap<string, string>

const tidy = (name: string): string =>
  name
    .trim()
    .replaceAll(/\s{1,200}/g, ' ')
    .toLowerCase()

const MAX_NAME_LENGTH = 80

/** Returns the `name: value` and `name = value` lines; of a repeated name the first with a value counts. */
export function readFields(lines: readonly string[]): TextFields {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const at = colon >= 0 ? colon : line.indexOf('=')
    if (at <= 0 || at > MAX_NAME_LENGTH) continue
    const name = tidy(line.slice(0, at))
    const value = line.slice(at + 1).trim()
    if (value !== '' && !fields.has(name)) fields.set(name, value)
  }
  return fields
}

/**
 * Digits in groups of three as the locales of the world print them: comma, point, blank, apostrophe, no-break and narrow
 * no-break space (U+00A0, U+202F, U+2009), U+2019, and U+FFFD for a raw 0xA0 that was no UTF-8.
 */
const GROUPED =
  /^(?:\d{1,3}(?:[ ,.'_\u00A0\u202F\u2009\u2019\uFFFD]{1,3}\d{3}(?!\d)){1,6}|\d{1,19})(?![.,'$]?[\d$])/

/** Returns the whole number that a value starts with, or null when it starts with none or is garbled. */
export function groupedNumber(value: string | undefined): number | null {
  const match = value === undefined ? null : GROUPED.exec(value.trimStart())
  if (match === null) return null
  // Beyond 2^53 the last digits are lost; capacities are known to a sector far below that.
  return Number(match[0].replaceAll(/\D/g, ''))
}

/** Returns the number with decimals that a value starts with; the decimal mark may be a comma. */
export function decimalNumber(value: string | undefined): number | null {
  const digits = value === undefined ? null : /^\s{0,20}(-?\d{1,15}(?:[.,]\d{1,9})?)(?![\d.,])/.exec(value)
  return digits?.[1] === undefined ? null : Number(digits[1].replace(',', '.'))
}

/** Returns the value of the first of these names that is there. */
export function firstField(fields: TextFields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name)
    if (value !== undefined) return value
  }
  return undefined
}
