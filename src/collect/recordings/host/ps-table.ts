import { redactText } from '../../../lib/redact.ts'
import { parseCount } from '../../formats/count.ts'
import { filledLines, type PlacedWord, placedWords, tableNumber } from './table-lines.ts'

/** One process of a `ps` table. */
export interface PsRow {
  readonly pid: number
  /** As printed: a name, or a number where ps prints numbers. Null when the table has no such column. */
  readonly user: string | null
  readonly cpuPercent: number | null
  readonly memoryPercent: number | null
  /** Secrets in arguments redacted. */
  readonly command: string
}

const COMMAND = /^(?:CMD|COMMAND|ARGS)$/
const DAY = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/

/** `lstart` prints five words (`Thu Oct 25 10:00:00 2018`) below one title: they count as one. */
function mergeLongStart(words: readonly PlacedWord[], at: number): readonly PlacedWord[] {
  const [first, last] = [words[at], words[at + 4]]
  if (at < 0 || first === undefined || last === undefined) return words
  if (!DAY.test(first.word) || !/^\d{4}$/.test(last.word)) return words
  return [...words.slice(0, at), { ...first, end: last.end }, ...words.slice(at + 5)]
}

function readRow(columns: readonly string[], line: string): PsRow | null {
  const startAt = columns.findIndex((column) => /^(?:STARTED|START|STIME|LSTART)$/.test(column))
  const words = mergeLongStart(placedWords(line), startAt)
  const cell = (...names: string[]): string | undefined =>
    words[columns.findIndex((column) => names.includes(column))]?.word
  const pid = parseCount(cell('PID'))
  const command = words[columns.length - 1]
  // A process may have no command line at all.
  if (pid === null || words.length < columns.length - 1) return null
  return {
    pid,
    user: cell('USER', 'UID', 'RUSER', 'EUSER') ?? null,
    cpuPercent: tableNumber(cell('%CPU')),
    memoryPercent: tableNumber(cell('%MEM')),
    command: command === undefined ? '' : redactText(line.slice(command.start).trimEnd()),
  }
}

/** Returns the processes of a `ps` table with titles whose last column is the command (Linux, BSD, macOS, BusyBox); null when no line is such a header. */
export function readPsTable(text: string): readonly PsRow[] | null {
  const lines = filledLines(text)
  const headerAt = lines.findIndex((line) => {
    const words = line.trim().split(/\s+/)
    return words.includes('PID') && COMMAND.test(words.at(-1) ?? '')
  })
  if (headerAt < 0) return null
  const columns = (lines[headerAt] ?? '').trim().split(/\s+/)
  return lines.slice(headerAt + 1).flatMap((line) => readRow(columns, line) ?? [])
}
