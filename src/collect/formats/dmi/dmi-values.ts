import { parseCount } from '../count.ts'

const UNIT_BYTES: Readonly<Record<string, number>> = {
  bytes: 1,
  kb: 1024,
  mb: 1024 ** 2,
  mbyte: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
  pb: 1024 ** 5,
}

/** Words with which dmidecode itself says that it knows no value. "Other" and "None" may be answers. */
const NOT_STATED: ReadonlySet<string> = new Set([
  '',
  'unknown',
  'not specified',
  'not provided',
  '<out of spec>',
  '<bad index>',
])

/** Returns the value as printed, or null where dmidecode has none. */
export const statedOrNull = (value: string | undefined): string | null =>
  value === undefined || NOT_STATED.has(value.toLowerCase()) ? null : value

/**
 * Returns a size such as `16 GB`, `8192 MB`, `256Mbyte` or `4096 MB (Single-bank Connection)` in bytes (1024-based,
 * dmidecode's dmi_print_memory_size), or null. A size too large for a number that counts exactly is null.
 */
export function parseDmiSize(value: string | undefined): number | null {
  const match = /^(\d{1,15})\s?(bytes|[kKMGTP]B|Mbyte)\b/.exec(value ?? '')
  const unit = UNIT_BYTES[match?.[2]?.toLowerCase() ?? '']
  if (match === null || unit === undefined) return null
  const bytes = Number(match[1]) * unit
  return Number.isSafeInteger(bytes) ? bytes : null
}

/** Returns the number of `3200 MT/s` or `1600 MHz (0.6 ns)`, which mean the same for memory, or null; 0 is "not known". */
export const parseDmiSpeed = (value: string | undefined): number | null =>
  parseCount(/^(\d{1,6}) (?:MT\/s|MHz)/.exec(value ?? '')?.[1]) || null

/** Returns the number of `72 bits`, or null; 0 is what firmware writes for "not known". */
export const parseDmiBits = (value: string | undefined): number | null =>
  parseCount(/^(\d{1,5}) bits?$/.exec(value ?? '')?.[1]) || null

/** Returns the volts of `1.35 V`, or null. */
export function parseDmiVolts(value: string | undefined): number | null {
  const volts = /^(\d{1,3}(?:\.\d{1,4})?) V$/.exec(value ?? '')?.[1]
  return volts === undefined || Number(volts) === 0 ? null : Number(volts)
}

/** Returns a count that is never zero (ranks, cores), or null. */
export const parseDmiCount = (value: string | undefined): number | null => parseCount(value) || null
