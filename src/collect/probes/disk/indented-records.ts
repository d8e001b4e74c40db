import { linesOf, splitPair } from '../../formats/lines.ts'

/** One record of an indented listing: a heading and the `name: value` lines that belong to it. */
export interface IndentedRecord {
  readonly heading: string
  readonly indent: number
  /** By name as printed; the first of a repeated name counts. */
  readonly fields: ReadonlyMap<string, string>
}

const indentOf = (line: string): number => line.length - line.trimStart().length

/** Tools print at most some thousand lines; a flood ends here. */
const MAX_RECORDS = 5_000

/**
 * Returns the records of a listing in the order of their headings. A heading is a line that `isHeading` knows; every
 * `name: value` line (also `name : value`) until the next heading belongs to it.
 */
export function readIndentedRecords(
  text: string,
  isHeading: (line: string) => boolean,
): readonly IndentedRecord[] {
  const records: { heading: string; indent: number; fields: Map<string, string> }[] = []
  for (const line of linesOf(text)) {
    const words = line.trim()
    if (words === '') continue
    if (isHeading(words)) {
      if (records.length >= MAX_RECORDS) break
      records.push({ heading: words, indent: indentOf(line), fields: new Map() })
      continue
    }
    const pair = splitPair(words, ':')
    const open = records.at(-1)?.fields
    if (pair !== null && open !== undefined && !open.has(pair[0])) open.set(pair[0], pair[1])
  }
  return records
}

/** Returns the whole number that a value starts with, or null. */
export function countOf(value: string | undefined): number | null {
  const digits = value === undefined ? null : /^(\d{1,15})(?!\d)/.exec(value)
  return digits?.[1] === undefined ? null : Number(digits[1])
}

/** Returns the value, or null for what stands for none. */
export const wordsOf = (value: string | undefined): string | null =>
  value === undefined || /^(?:|N\/A|NA|-|None|Unknown|Not Available)$/i.test(value) ? null : value
