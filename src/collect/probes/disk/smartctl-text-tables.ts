import type { SmartAttribute } from '../../../domain/facts/disk.ts'
import { parseCount } from '../../formats/count.ts'
import { leadingNumber } from './ata-attributes.ts'
import type { SelfTest } from './self-tests.ts'
import { selfTestOutcome } from './self-tests.ts'
import { decimalNumber } from './smartctl-text-fields.ts'

const ID = /^(?:\d{1,3}|0x[0-9a-fA-F]{2})$/
const FLAGS = /^(?:0x[0-9a-fA-F]{2,4}|[-POSRCK+]{6,8})$/
const NORMALISED = /^(?:\d{1,3}|0x[0-9a-fA-F]{2}|-{3})$/
const isOldFlags = (flags: string): boolean => flags.startsWith('0x')

/**
 * Returns whether the attribute is failed. The column reads `-`, `FAILING_NOW`, `In_the_past` (`-f old`), `NOW`, `Past`
 * (`-f brief`); where a narrow terminal cut it off, smartctl's own rule decides: value, or worst, at the threshold.
 */
function failedOf(word: string | undefined, row: Pick<SmartAttribute, 'normalised' | 'worst' | 'threshold'>) {
  if (word === '-') return null
  if (word !== undefined && /^(?:F|NOW)/.test(word)) return 'now'
  if (word !== undefined && /^(?:I|Past)/.test(word)) return 'past'
  const threshold = row.threshold ?? 0
  if (threshold === 0) return null
  if (row.normalised !== null && row.normalised <= threshold) return 'now'
  return row.worst !== null && row.worst <= threshold ? 'past' : null
}

/** `-f old` has the columns TYPE and UPDATED before WHEN_FAILED; smartctl before 5.2 had no UPDATED. */
function columnsAfterThreshold(words: readonly string[]): { failed: string | undefined; rawAt: number } {
  if (!isOldFlags(words[2] ?? '')) return { failed: words[6], rawAt: 7 }
  const failedAt = /^(?:Al|Of)/.test(words[7] ?? 'Always') ? 8 : 7
  return { failed: words[failedAt], rawAt: failedAt + 1 }
}

/** Returns a row of the attribute table in any of the forms `-f old`, `-f brief` and `-f hex`, or null. */
function readAttribute(line: string): SmartAttribute | null {
  const words = line.trim().split(/\s+/, 12)
  const [id, name, flags, value, worst, threshold] = words
  if (id === undefined || name === undefined || flags === undefined || !ID.test(id) || !FLAGS.test(flags))
    return null
  if (![value, worst].every((word) => word !== undefined && NORMALISED.test(word))) return null
  const number = (word: string | undefined): number | null =>
    word !== undefined && NORMALISED.test(word) && word !== '---' ? Number(word) : null
  const row = { normalised: number(value), worst: number(worst), threshold: number(threshold) }
  const { failed, rawAt } = columnsAfterThreshold(words)
  const raw = words[rawAt]
  return {
    id: Number(id),
    name,
    ...row,
    raw: raw === undefined ? null : leadingNumber(raw),
    failed: failedOf(failed, row),
  }
}

/** Returns the attributes; a failed one is printed twice (also below the health), the first counts. */
export function readAttributeTable(lines: readonly string[]): readonly SmartAttribute[] {
  const byId = new Map<number, SmartAttribute>()
  for (const line of lines) {
    const attribute = readAttribute(line)
    if (attribute !== null && !byId.has(attribute.id)) byId.set(attribute.id, attribute)
  }
  return [...byId.values()]
}

/** Returns the sum of the last column (total uncorrected errors) of the SCSI error counter log, or null without one. */
export function sumUncorrectedErrors(lines: readonly string[]): number | null {
  let sum: number | null = null
  for (const line of lines) {
    const words = line.trim().split(/\s+/, 12)
    if (!/^(?:read|write|verify):$/.test(words[0] ?? '') || words.length < 8) continue
    const count = decimalNumber(words[7])
    if (count !== null) sum = (sum ?? 0) + count
  }
  return sum
}

/** Returns the entries of the self-test log of ATA and SCSI drives, newest first. */
export function readSelfTests(lines: readonly string[]): readonly SelfTest[] {
  return lines.flatMap((line): readonly SelfTest[] => {
    if (!/^\s{0,2}#\s{0,2}\d{1,2}\s/.test(line)) return []
    const [, kind, status, ...rest] = line.trim().split(/\s{2,}/)
    // ATA prints the percent remaining before the hours (beside the status while a test runs), SCSI the segment.
    const hours = status?.endsWith('%') ? rest[0] : rest[1]
    return [
      {
        kind: status === undefined ? null : (kind ?? null),
        outcome: selfTestOutcome(status ?? line),
        atPowerOnHours: parseCount(hours),
      },
    ]
  })
}

/** Returns a value of the device statistics log (`-l devstat`): page, offset, size, value, flags, description. */
export function statisticOf(lines: readonly string[], description: string): number | null {
  const line = lines.find((one) => one.trimEnd().endsWith(description))
  const value = line?.trim().split(/\s+/, 5)[3]
  return value !== undefined && /^\d{1,15}~?$/.test(value) ? Number.parseInt(value, 10) : null
}
