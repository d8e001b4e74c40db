import { linesOf } from '../../formats/lines.ts'
import { filledLines, rowOf, type TableRow, wordsOf } from './table-lines.ts'

/** Reads one tool's tables; null when the text is not of that tool. */
type TableReader = (text: string) => readonly TableRow[] | null

/** Rows below the last title line, for tools that repeat titles (iostat, mpstat, vmstat). */
function readTitled(text: string, isTitle: (line: string) => boolean, isSkipped: (line: string) => boolean) {
  let columns: readonly string[] | null = null
  const rows: TableRow[] = []
  for (const line of filledLines(text)) {
    if (isTitle(line)) columns = wordsOf(line)
    else if (columns !== null && !isSkipped(line)) rows.push(rowOf(columns, line))
  }
  return columns === null ? null : rows
}

const never = (): boolean => false

/** sysstat's first line: kernel, host, day, machine, number of CPUs. */
const SYSSTAT = /^Linux \S{1,200} \(.{1,300}?\)\s/

/** The shares of the CPU stand below `avg-cpu:`, devices below `Device`. */
const readIostat: TableReader = (text) =>
  /^(?:avg-cpu:|Device)\s/m.test(text)
    ? readTitled(
        text.replaceAll(/^avg-cpu:/gm, ''),
        (line) => /^\s*%user\s|^Device:?\s/.test(line),
        (line) => SYSSTAT.test(line) || /^\d{1,4}[/-]\d{1,2}[/-]\d{2,4}\s\d/.test(line),
      )
    : null

const CLOCK = /^(?:\d{2}:\d{2}:\d{2}(?: [AP]M)?|Average:)\s+/

/** The time stands in the title line too, instead of a title. */
const readMpstat: TableReader = (text) => {
  const lines = filledLines(text).filter((line) => CLOCK.test(line))
  if (!lines.some((line) => /^(?:CPU|NODE)\s/.test(line.replace(CLOCK, '')))) return null
  return readTitled(
    lines.map((line) => line.replace(CLOCK, '')).join('\n'),
    (line) => /^(?:CPU|NODE)\s/.test(line),
    never,
  )
}

const readVmstat: TableReader = (text) =>
  /^(?:procs|--procs--)\s?-/m.test(text)
    ? readTitled(
        text,
        (line) => /^\s*r\s+b\s+swpd\s/.test(line),
        (line) => /^(?:--)?procs/.test(line),
      )
    : null

/** Titles of vmstat(8) -d repeat for reads and writes. */
const DISK_COLUMNS = [
  'disk',
  ...['reads', 'reads_merged', 'read_sectors', 'read_ms'],
  ...['writes', 'writes_merged', 'written_sectors', 'write_ms'],
  ...['io_current', 'io_seconds', 'time'],
]

const readDiskVmstat: TableReader = (text) =>
  /^disk-\s?-/m.test(text)
    ? filledLines(text)
        .filter((line) => !line.startsWith('disk-') && !/^\s+total\s+merged\s/.test(line))
        .map((line) => rowOf(DISK_COLUMNS, line))
    : null

/** Marks units that failed or are missing. */
const FAILED_MARK = /^[●○×↻*] /u

/** Units, unit files, sockets, timers and jobs end at a blank line, behind which words about the table follow. */
const readSystemctl: TableReader = (text) => {
  const lines = linesOf(text)
  const titleAt = lines.findIndex((line) => line.trim() !== '')
  const title = lines[titleAt] ?? ''
  if (!/^\s*(?:UNIT(?: FILE)?|LISTEN|NEXT|JOB)\s{1,400}[A-Z]/.test(title)) return null
  const body = lines.slice(titleAt + 1)
  const end = body.findIndex((line) => line.trim() === '')
  const columns = wordsOf(title)
  return body
    .slice(0, end < 0 ? body.length : end)
    .map((line) => rowOf(columns, line.replace(FAILED_MARK, '')))
}

const LOGIN =
  /\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}\s/

const readLast: TableReader = (text) => {
  const rows = filledLines(text).filter((line) => !/^\S{1,100} begins /.test(line))
  if (rows.length === 0 || !rows.every((line) => LOGIN.test(line))) return null
  return rows.map((line) => rowOf(['user', 'terminal', 'rest'], line))
}

/** One row for each screen of `top -b`; its titles and processes are not taken apart. */
const readTop: TableReader = (text) => {
  const screens = filledLines(text).filter((line) => /^top - \d/.test(line))
  return screens.length === 0 ? null : screens.map((line) => ({ head: line }))
}

const readSwaps: TableReader = (text) =>
  /^(?:NAME\s+TYPE\s+SIZE\s+USED\s+PRIO|Filename\s+Type\s+Size\s+Used\s+Priority)\b/m.test(text)
    ? readTitled(text, (line) => /^(?:NAME|Filename)\s/.test(line), never)
    : null

/** A table without titles whose every line has one form. */
const allLines =
  (form: RegExp, columns: readonly string[]): TableReader =>
  (text) => {
    const lines = filledLines(text)
    return lines.length > 0 && lines.every((line) => form.test(line))
      ? lines.map((line) => rowOf(columns, line))
      : null
  }

const readNetDev: TableReader = (text) => {
  if (!text.trimStart().startsWith('Inter-|')) return null
  return filledLines(text)
    .slice(2)
    .map((line) => rowOf(['interface', 'counters'], line.replace(':', ' ')))
}

const readCpuinfo: TableReader = (text) => {
  const blocks = text.split(/\n\s*\n/).filter((block) => /^processor\s*:/m.test(block))
  return blocks.length === 0 ? null : blocks.map((block) => ({ processor: block.trim() }))
}

const readPartitions: TableReader = (text) =>
  /^major minor\s+#blocks\s+name/.test(text.trimStart())
    ? readTitled(text, (line) => line.startsWith('major'), never)
    : null

/** A file that as a whole is one record. */
const oneRecord =
  (form: RegExp): TableReader =>
  (text) =>
    form.test(text.trimStart()) ? [{ text: text.trim() }] : null

/** Tools and files whose tables are read, most telling form first. */
const READERS: readonly (readonly [name: string, read: TableReader])[] = [
  ['top', readTop],
  ['iostat', readIostat],
  ['mpstat', readMpstat],
  ['vmstat', readVmstat],
  ['vmstat -d', readDiskVmstat],
  ['systemctl', readSystemctl],
  ['swaps', readSwaps],
  ['/proc/net/dev', readNetDev],
  ['/proc/cpuinfo', readCpuinfo],
  ['/proc/partitions', readPartitions],
  ['/proc/stat', oneRecord(/^cpu\s+\d+ \d+ \d+/)],
  ['/proc/vmstat', oneRecord(/^nr_free_pages \d/)],
  ['/proc/loadavg', oneRecord(/^\d{1,6}\.\d\d \d{1,6}\.\d\d \d{1,6}\.\d\d \d{1,9}\/\d{1,9} \d{1,10}\s*$/)],
  [
    '/proc/diskstats',
    allLines(/^\s*\d{1,5}\s+\d{1,7} \S{1,64}(?: \d{1,20}){11,20}\s*$/, [
      'major',
      'minor',
      'device',
      'counters',
    ]),
  ],
  ['last', readLast],
]

/** Rows of a tool that counts what a machine does. */
export interface ActivityTable {
  readonly tool: string
  readonly rows: readonly TableRow[]
}

/**
 * Returns the rows of `top -b` (screens), sysstat's iostat and mpstat, vmstat, systemctl lists, last, swapon, and the
 * counters of /proc; null when the text is none of these.
 */
export function readActivityTable(text: string): ActivityTable | null {
  for (const [tool, read] of READERS) {
    const rows = read(text)
    if (rows !== null) return { tool, rows }
  }
  return null
}
