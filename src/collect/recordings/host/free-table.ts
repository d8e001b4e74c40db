import { filledLines, wordsOf } from './table-lines.ts'

/** One line of `free`: numbers as printed (KiB unless asked otherwise), human sizes in bytes. */
export interface FreeRow {
  /** `Mem`, `Swap`, `Total`, `Low`, `High`, `-/+ buffers/cache`. */
  readonly type: string
  /** By column: total, used, free, shared, buff_cache, buffers, cache, cached, available. Columns that a line leaves out are absent. */
  readonly sizes: Readonly<Record<string, number>>
}

const EXPONENTS: Readonly<Record<string, number>> = { B: 0, K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 }

/** `3.7Gi` is binary, `3.7G` decimal, as the letters say (procps before 3.3.16 wrote G and meant GiB). */
function sizeOf(word: string): number | null {
  const match = /^(\d{1,15}(?:[.,]\d{1,6})?)([BKMGTPE])?(i)?B?$/.exec(word)
  if (match === null) return null
  const [, digits = '', letter = 'B', binary] = match
  const base = binary === undefined ? 1000 : 1024
  return Math.floor(Number(digits.replace(',', '.')) * base ** (EXPONENTS[letter] ?? 0))
}

function readLine(columns: readonly string[], line: string): FreeRow | null {
  const colon = line.indexOf(':')
  if (colon <= 0) return null
  const type = line.slice(0, colon).trim()
  // The line without buffers has no total.
  const titles = type.startsWith('-/+') ? columns.slice(1) : columns
  const sizes = wordsOf(line.slice(colon + 1)).flatMap((word, index) => {
    const [title, size] = [titles[index], sizeOf(word)]
    return title === undefined || size === null ? [] : [[title, size] as const]
  })
  return sizes.length === 0 ? null : { type, sizes: Object.fromEntries(sizes) }
}

/** Returns the lines of `free` (procps and BusyBox, any option); null when its title line is missing. */
export function readFreeTable(text: string): readonly FreeRow[] | null {
  const lines = filledLines(text)
  const headerAt = lines.findIndex((line) => /^\s+total\s+used\s+free\b/.test(line))
  if (headerAt < 0) return null
  const columns = wordsOf(lines[headerAt] ?? '').map((title) => title.replace('/', '_'))
  return lines.slice(headerAt + 1).flatMap((line) => readLine(columns, line) ?? [])
}
