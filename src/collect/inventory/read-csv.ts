/** One record of a table. */
export interface TableRecord {
  /** Line where it begins, or row of a sheet; from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** True when a quoted cell of it is not closed, or text follows a closing quote: `cells` is then the whole line. */
  readonly isBroken: boolean
}

const SEPARATORS = [',', ';', '\t'] as const
const LINES_SNIFFED = 10
const LONGEST_SNIFFED = 100_000

/** Returns the separator that occurs most outside quotes in the first lines; a comma when none does. */
function sniffSeparator(content: string): string {
  const counts = new Map<string, number>()
  let lines = 0
  let isQuoted = false
  for (let at = 0; at < Math.min(content.length, LONGEST_SNIFFED) && lines < LINES_SNIFFED; at += 1) {
    const char = content.charAt(at)
    if (char === '"') isQuoted = !isQuoted
    else if (char === '\n') lines += 1
    else if (!isQuoted) counts.set(char, (counts.get(char) ?? 0) + 1)
  }
  return SEPARATORS.reduce(
    (best: string, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best),
    ',',
  )
}

interface Cell {
  readonly value: string
  /** Index of what follows: a separator, a line end, or the end. */
  readonly end: number
}

const isLineEnd = (char: string): boolean => char === '\n' || char === '\r' || char === ''

/** Reads a quoted cell whose opening quote stands at `start`; null when it is not closed properly. */
function readQuoted(content: string, start: number, separator: string): Cell | null {
  let value = ''
  let from = start + 1
  for (;;) {
    const quote = content.indexOf('"', from)
    if (quote === -1) return null
    value += content.slice(from, quote)
    const next = content.charAt(quote + 1)
    if (next === '"') {
      value += '"'
      from = quote + 2
    } else return next === separator || isLineEnd(next) ? { value, end: quote + 1 } : null
  }
}

function readPlain(content: string, start: number, separator: string): Cell {
  let end = start
  while (!isLineEnd(content.charAt(end)) && content.charAt(end) !== separator) end += 1
  return { value: content.slice(start, end), end }
}

const lineEndFrom = (content: string, start: number): number => {
  let end = start
  while (!isLineEnd(content.charAt(end))) end += 1
  return end
}

const afterLineEnd = (content: string, end: number): number =>
  end + (content.charAt(end) === '\r' && content.charAt(end + 1) === '\n' ? 2 : 1)

const countLineEnds = (content: string): number => content.match(/\r\n|\n|\r/g)?.length ?? 0

/** Reads the record that begins at `start`. A broken one ends with its first line, so that what follows is read. */
function readRecord(
  content: string,
  start: number,
  separator: string,
): { cells: string[]; end: number; isBroken: boolean } {
  const cells: string[] = []
  let at = start
  for (;;) {
    const cell =
      content.charAt(at) === '"' ? readQuoted(content, at, separator) : readPlain(content, at, separator)
    if (cell === null) {
      const end = lineEndFrom(content, start)
      return { cells: [content.slice(start, end)], end, isBroken: true }
    }
    cells.push(cell.value)
    if (content.charAt(cell.end) !== separator) return { cells, end: cell.end, isBroken: false }
    at = cell.end + 1
  }
}

/**
 * Yields the records of a CSV text (RFC 4180: quoted cells may hold separators, quotes doubled and newlines). Lines end
 * in CRLF, LF or CR; the separator (comma, semicolon, tab) is what the first lines use, or what an Excel `sep=` line
 * says. Linear: a cell's search ends at the next single quote, which is where every later search would begin.
 */
export function* readCsv(content: string): Generator<TableRecord> {
  const announced = /^sep=([,;\t])(?:\r\n|\n|\r)/i.exec(content.slice(0, 10))
  const separator = announced?.[1] ?? sniffSeparator(content)
  let at = announced?.[0].length ?? 0
  let line = announced === null ? 1 : 2
  while (at < content.length) {
    const record = readRecord(content, at, separator)
    yield { line, cells: record.cells, isBroken: record.isBroken }
    const next = afterLineEnd(content, record.end)
    line += countLineEnds(content.slice(at, next))
    at = next
  }
}
