import { linesOf } from '../../formats/lines.ts'

/** A word and where it stands in its line. */
export interface PlacedWord {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** Returns the words of a line with their places. */
export const placedWords = (line: string): readonly PlacedWord[] =>
  [...line.matchAll(/\S+/g)].map((match) => ({
    word: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))

/** Returns the words of a line. */
export const wordsOf = (line: string): readonly string[] => line.split(/\s+/).filter((word) => word !== '')

/** Returns the lines that hold anything. */
export const filledLines = (text: string): readonly string[] =>
  linesOf(text).filter((line) => line.trim() !== '')

/** Values of one row by the names of its columns. */
export type TableRow = Readonly<Record<string, string>>

/** Returns the row's words by column; what is left over belongs to the last column, columns without a word are left out. */
export function rowOf(columns: readonly string[], line: string): TableRow {
  const words = placedWords(line)
  const last = columns.length - 1
  const row = columns.flatMap((column, index): (readonly [string, string])[] => {
    const word = words[index]
    if (word === undefined) return []
    return [[column, index === last ? line.slice(word.start).trimEnd() : word.word]]
  })
  return Object.fromEntries(row)
}

/** Returns a decimal number that a table prints (`0,5` in some locales), or null. */
export function tableNumber(word: string | undefined): number | null {
  if (word === undefined || !/^-?\d{1,15}(?:[.,]\d{1,9})?%?$/.test(word)) return null
  return Number(word.replace(',', '.').replace('%', ''))
}
