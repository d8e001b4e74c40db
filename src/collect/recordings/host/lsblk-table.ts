import { linesOf } from '../../formats/lines.ts'
import { type PlacedWord, placedWords } from './table-lines.ts'

/** One device as `lsblk` prints it, values as printed. */
export interface LsblkRow {
  readonly name: string
  readonly type: string | null
  readonly size: string | null
  /** The first one when the device is mounted at several places. */
  readonly mountPoint: string | null
}

type Cells = ReadonlyMap<string, string>

/** Branches as lsblk draws them in UTF-8 and in ASCII. */
const BRANCHES = /^[\s│├└─|`-]{0,200}/u

const rowFrom = (cells: Cells): LsblkRow => ({
  name: (cells.get('NAME') ?? '').replace(BRANCHES, '').replace(/ \(dm-\d{1,5}\)$/, ''),
  type: cells.get('TYPE') ?? null,
  size: cells.get('SIZE') ?? null,
  mountPoint: cells.get('MOUNTPOINT') ?? cells.get('MOUNTPOINTS') ?? null,
})

/** A cell stands under its title or, where it has several words, right of where its title begins. */
function cellsOf(header: readonly PlacedWord[], line: string): Cells {
  const cells = new Map<string, string>()
  for (const { word, start, end } of placedWords(line)) {
    const under = header.find((title) => start < title.end && end > title.start)
    const column = under ?? header.findLast((title) => title.start <= start) ?? header[0]
    if (column === undefined) continue
    const before = cells.get(column.word)
    cells.set(column.word, before === undefined ? word : `${before} ${word}`)
  }
  return cells
}

function readTree(lines: readonly string[], headerAt: number): readonly LsblkRow[] {
  const header = placedWords(lines[headerAt] ?? '')
  const rows: LsblkRow[] = []
  for (const line of lines.slice(headerAt + 1)) {
    if (line.trim() === '') continue
    const row = rowFrom(cellsOf(header, line))
    const last = rows.at(-1)
    if (row.name !== '') rows.push(row)
    // A second mount point of the device above stands alone in its line.
    else if (last !== undefined && last.mountPoint === null)
      rows[rows.length - 1] = { ...last, mountPoint: row.mountPoint }
  }
  return rows
}

/** `lsblk -n` in its usual columns. */
const BARE =
  /^(\S.{0,200}?)\s{1,60}\d{1,5}:\d{1,7}\s{1,60}[01]\s{1,60}(\S{1,20})\s{1,60}[01]\s{1,60}(\S{1,20})(?:\s{1,60}(\S.{0,1000}))?$/

function readBare(lines: readonly string[]): readonly LsblkRow[] {
  return lines.flatMap((line) => {
    const match = BARE.exec(line.trimEnd())
    if (match === null) return []
    const [, name = '', size = '', type = '', mount] = match
    return [
      rowFrom(
        new Map([
          ['NAME', name],
          ['SIZE', size],
          ['TYPE', type],
          ...(mount ? [['MOUNTPOINT', mount] as const] : []),
        ]),
      ),
    ]
  })
}

const PAIR = /([A-Z][A-Z_:0-9%-]{0,30})="([^"]{0,1024})"/g

const readPairs = (lines: readonly string[]): readonly LsblkRow[] =>
  lines.flatMap((line) => {
    const cells = new Map(
      [...line.matchAll(PAIR)].flatMap(([, key = '', value = '']) =>
        value === '' ? [] : [[key, value] as const],
      ),
    )
    return cells.has('NAME') ? [rowFrom(cells)] : []
  })

const MAX_DEPTH = 20

function readDevices(devices: unknown, depth: number): readonly LsblkRow[] {
  if (!Array.isArray(devices) || depth > MAX_DEPTH) return []
  return devices.flatMap((device: unknown): readonly LsblkRow[] => {
    if (typeof device !== 'object' || device === null) return []
    const fields = new Map<string, unknown>(Object.entries(device))
    const mounts: unknown = fields.get('mountpoints')
    const mount = fields.get('mountpoint') ?? (Array.isArray(mounts) ? mounts.find(Boolean) : null)
    const word = (value: unknown): string | null =>
      typeof value === 'string' || typeof value === 'number' ? String(value) : null
    const row = {
      name: word(fields.get('name')) ?? '',
      type: word(fields.get('type')),
      size: word(fields.get('size')),
      mountPoint: word(mount),
    }
    return [...(row.name === '' ? [] : [row]), ...readDevices(fields.get('children'), depth + 1)]
  })
}

function readJson(text: string): readonly LsblkRow[] {
  try {
    const parsed: unknown = JSON.parse(text)
    const isObject = typeof parsed === 'object' && parsed !== null
    return isObject && 'blockdevices' in parsed ? readDevices(parsed.blockdevices, 0) : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** Returns the devices of `lsblk` (tree, list, any columns, `-n`, `-P`, `-J`), parents before children; null when it is none of these. */
export function readLsblkTable(text: string): readonly LsblkRow[] | null {
  const lines = linesOf(text)
  const headerAt = lines.findIndex((line) => /^NAME(?:\s+[A-Z][A-Z0-9:%_-]*)+\s*$/.test(line))
  const rows =
    headerAt >= 0
      ? readTree(lines, headerAt)
      : text.trimStart().startsWith('{')
        ? readJson(text)
        : [...readPairs(lines), ...readBare(lines)]
  return rows.length > 0 ? rows : null
}
