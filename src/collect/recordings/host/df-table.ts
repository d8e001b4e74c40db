import { filledLines, type PlacedWord, placedWords } from './table-lines.ts'

/** One filesystem of a `df` table of any make. */
export interface DfTableRow {
  readonly source: string
  /** Null when the table has no such column. */
  readonly type: string | null
  readonly mount: string
  /** Of space; null when not told (`-`, or a table of inodes). */
  readonly usedPercent: number | null
}

type ColumnKind = 'type' | 'percent' | 'count'

const CELLS: Readonly<Record<ColumnKind, RegExp>> = {
  type: /^\S{1,64}$/,
  percent: /^(?:\d{1,4}%|-)$/,
  count: /^(?:-?\d{1,20}(?:[.,]\d{1,6})?(?:[KMGTPEZY]i?B?|Bi?)?|-)$/i,
}

interface Header {
  /** Kinds of the columns between the first (source) and the last (mount point). */
  readonly kinds: readonly ColumnKind[]
  /** Place of the share of used space among them; null when there is none. */
  readonly usedAt: number | null
}

const isPercent = (word: string): boolean => word.includes('%') || word === 'Capacity'
const isOfInodes = (word: string): boolean => /^%?i/i.test(word)
const kindOf = (word: string): ColumnKind =>
  isPercent(word) ? 'percent' : /^(?:type|typ|tipo|类型)$/i.test(word) ? 'type' : 'count'

/** The last column of shares stands before the mount point, whatever words the language has for that one. */
function readHeader(line: string): Header | null {
  const words = placedWords(line).map(({ word }) => word)
  const lastPercent = words.findLastIndex(isPercent)
  if (lastPercent < 2 || lastPercent === words.length - 1) return null
  const columns = words.slice(1, lastPercent + 1)
  const usedAt = columns.findIndex((word) => isPercent(word) && !isOfInodes(word))
  return { kinds: columns.map(kindOf), usedAt: usedAt < 0 ? null : usedAt }
}

/** Sources and mount points may hold spaces: the row is read from the first place where all columns between them fit. */
function findColumns(words: readonly PlacedWord[], kinds: readonly ColumnKind[]): number | null {
  for (let at = 1; at + kinds.length < words.length; at += 1)
    if (kinds.every((kind, index) => CELLS[kind].test(words[at + index]?.word ?? ''))) return at
  return null
}

function readRow(line: string, { kinds, usedAt }: Header): DfTableRow | null {
  const words = placedWords(line)
  const at = findColumns(words, kinds)
  if (at === null) return null
  const cells = words.slice(at, at + kinds.length).map(({ word }) => word)
  const mount = words[at + kinds.length]
  const percent = usedAt === null ? '-' : (cells[usedAt] ?? '-')
  return {
    source: line.slice(0, words[at]?.start).trim(),
    type: cells[kinds.indexOf('type')] ?? null,
    mount: line.slice(mount?.start).trimEnd(),
    usedPercent: percent === '-' ? null : Number(percent.slice(0, -1)),
  }
}

/** GNU df before 8.x breaks the line behind a long source. */
function joinWrapped(lines: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const line of lines) {
    const before = joined.at(-1)
    const isRest = /^\s/.test(line) && before !== undefined && !/\s(?:\d{1,4}%|-)\s/.test(before)
    if (isRest) joined[joined.length - 1] = `${before} ${line.trim()}`
    else joined.push(line)
  }
  return joined
}

/**
 * Returns the rows of a `df` table: GNU (also -h, -P, -T, -i and other languages), BusyBox, FreeBSD, NetBSD and macOS;
 * null when no line is its header. Rows that do not fit the header are left out.
 */
export function readDfTable(text: string): readonly DfTableRow[] | null {
  const lines = joinWrapped(filledLines(text))
  for (const [index, line] of lines.entries()) {
    const header = readHeader(line)
    if (header === null) continue
    const rows = lines.slice(index + 1).flatMap((row) => readRow(row, header) ?? [])
    if (rows.length > 0) return rows
  }
  return null
}
