import { linesOf } from '../lines.ts'

/** One record of dmidecode's text. */
export interface DmiRecord {
  readonly handle: string
  /** SMBIOS type; -1 when the text ends before it is told. */
  readonly type: number
  /** `Label: value` lines of the record itself, trimmed. Of a label printed twice the first counts. */
  readonly fields: ReadonlyMap<string, string>
  /** Lines that stand deeper below a label (characteristics, flags, contained handles), trimmed, by label. */
  readonly lists: ReadonlyMap<string, readonly string[]>
}

/** What dmidecode printed of one machine. */
export interface DmiTable {
  /** Version of dmidecode itself; versions before 2.3 and other programs print none. */
  readonly toolVersion: string | null
  /** Version of the firmware's table, as printed: `2.8`, `3.2.0`. Null for DMI tables from before SMBIOS. */
  readonly smbiosVersion: string | null
  readonly records: readonly DmiRecord[]
}

const HANDLE_LINE = /^\s{0,8}Handle (0x[0-9A-Fa-f]{1,8})(?:, DMI type (\d{1,3})\b.*)?$/
/** dmidecode before 2.9 prints the type on a line of its own. */
const TYPE_LINE = /^\s{0,8}DMI type (\d{1,3})\b/
const TOOL_LINE = /^#\s?dmidecode (\S{1,40})$/
const SMBIOS_LINE = /^SMBIOS (\d{1,3}(?:\.\d{1,3}){0,3}) present\b/

/** Records kept at most: a table of 64 KiB and more holds fewer (DSP0134, structures of 4 bytes and more). */
const MAX_RECORDS = 20_000

/** Returns a handle in one spelling, so that references match. */
export const normaliseHandle = (handle: string): string =>
  `0x${handle.slice(2).toUpperCase().padStart(4, '0')}`

interface Draft {
  readonly handle: string
  type: number
  readonly fields: Map<string, string>
  readonly lists: Map<string, string[]>
  /** Blanks before the record's own labels. */
  indent: number | null
  label: string
}

function addLine(record: Draft, line: string): void {
  const indent = line.length - line.trimStart().length
  const words = line.trim()
  if (indent === 0 || words === '') return
  const colon = words.indexOf(':')
  if (record.indent === null && colon < 0) return
  record.indent ??= indent
  if (indent > record.indent) {
    record.lists.get(record.label)?.push(words)
    return
  }
  if (colon < 0 || indent < record.indent) return
  record.label = words.slice(0, colon).trim()
  if (record.fields.has(record.label)) return
  record.fields.set(record.label, words.slice(colon + 1).trim())
  record.lists.set(record.label, [])
}

const newDraft = (handle: string, type: string | undefined): Draft => ({
  handle: normaliseHandle(handle),
  type: type === undefined ? -1 : Number(type),
  fields: new Map(),
  lists: new Map(),
  indent: null,
  label: '',
})

/**
 * Returns what dmidecode printed, versions 2.0 to 3.x, records in the firmware's order. Text around the records, CRLF,
 * a cut end and garbage between do no harm: what cannot be read as a line of a record is left out.
 */
export function readDmi(text: string): DmiTable {
  let toolVersion: string | null = null
  let smbiosVersion: string | null = null
  const records: Draft[] = []
  for (const line of linesOf(text)) {
    const last = records.at(-1)
    const header = HANDLE_LINE.exec(line.trimEnd())
    if (header?.[1] !== undefined) {
      if (records.length >= MAX_RECORDS) break
      records.push(newDraft(header[1], header[2]))
    } else if (last === undefined) {
      toolVersion ??= TOOL_LINE.exec(line)?.[1] ?? null
      smbiosVersion ??= SMBIOS_LINE.exec(line)?.[1] ?? null
    } else if (last.type === -1) last.type = Number(TYPE_LINE.exec(line)?.[1] ?? -1)
    else addLine(last, line)
  }
  return { toolVersion, smbiosVersion, records }
}
