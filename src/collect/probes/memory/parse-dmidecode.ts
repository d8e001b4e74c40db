import { linesOf } from '../../formats/lines.ts'

/** One record of dmidecode's text: its handle, type and `Label: value` lines. */
export interface DmiRecord {
  readonly handle: string
  readonly type: number
  readonly fields: ReadonlyMap<string, string>
}

const HANDLE_LINE = /^Handle (0x[0-9A-Fa-f]{1,8})(?:, DMI type (\d{1,3})[, ].*)?$/
/** dmidecode 2.2 and before print the type on a line of its own. */
const TYPE_LINE = /^\s{1,8}DMI type (\d{1,3}), \d{1,5} bytes\.?$/

/** Returns a handle in one spelling, so that references match. */
export const normaliseHandle = (handle: string): string => `0x${handle.slice(2).toUpperCase()}`

interface Draft {
  readonly handle: string
  type: number
  readonly fields: Map<string, string>
  /** Blanks before the record's own labels; lists under a label stand deeper. */
  indent: number | null
}

function addField(record: Draft, line: string): void {
  const colon = line.indexOf(':')
  const indent = line.length - line.trimStart().length
  if (colon < 0 || indent === 0) return
  record.indent ??= indent
  const label = line.slice(0, colon).trim()
  if (indent === record.indent && !record.fields.has(label))
    record.fields.set(label, line.slice(colon + 1).trim())
}

/**
 * Returns the records of dmidecode text output, versions 2.x and 3.x, in the firmware's order. Of a label printed twice
 * in one record the first counts; indented lists under a label are left out.
 */
export function parseDmidecode(text: string): readonly DmiRecord[] {
  const records: Draft[] = []
  for (const line of linesOf(text)) {
    const header = HANDLE_LINE.exec(line)
    const last = records.at(-1)
    if (header?.[1] !== undefined) {
      const type = header[2] === undefined ? -1 : Number(header[2])
      records.push({ handle: normaliseHandle(header[1]), type, fields: new Map(), indent: null })
    } else if (last?.type === -1) last.type = Number(TYPE_LINE.exec(line)?.[1] ?? -1)
    else if (last !== undefined) addField(last, line)
  }
  return records
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  bytes: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
  pb: 1024 ** 5,
}

/** Returns a size such as `16 GB` in bytes (1024-based, dmidecode's dmi_print_memory_size), or null. */
export function parseDmiSize(value: string | undefined): number | null {
  const match = /^(\d{1,12})\s?(bytes|[kKMGTP]B)$/.exec(value ?? '')
  const unit = SIZE_UNITS[match?.[2]?.toLowerCase() ?? '']
  return match === null || unit === undefined ? null : Number(match[1]) * unit
}
