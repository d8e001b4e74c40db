import { parseMounts } from '../../formats/mounts.ts'
import { filledLines } from './table-lines.ts'

/** One mounted filesystem. */
export interface MountRow {
  readonly source: string
  readonly mountPoint: string
  /** The word behind `type`; null on BSD and macOS, which print it among the options. */
  readonly type: string | null
}

/** `SOURCE on POINT type TYPE (OPTIONS)` and, on BSD and macOS, `SOURCE on POINT (OPTIONS)`. Both names may hold spaces and brackets. */
function readLine(line: string): MountRow | null {
  const end = line.lastIndexOf(')')
  const options = line.lastIndexOf(' (', end)
  const on = line.indexOf(' on /')
  if (on <= 0 || options <= on || end < options) return null
  const place = line.slice(on + ' on '.length, options)
  const type = / type (\S{1,64})$/.exec(place)
  return {
    source: line.slice(0, on),
    mountPoint: type === null ? place : place.slice(0, type.index),
    type: type?.[1] ?? null,
  }
}

/** Returns what `mount` or `/proc/mounts` lists; null when fewer than half of the lines are of either form. */
export function readMountLines(text: string): readonly MountRow[] | null {
  const lines = filledLines(text)
  const rows = lines.flatMap((line) => readLine(line) ?? [])
  if (rows.length * 2 >= lines.length && rows.length > 0) return rows
  if (!lines.every((line) => /^\S{1,4096} \/\S{0,4096} \S{1,64} \S{1,4096} \d \d$/.test(line))) return null
  const table = [...parseMounts(text).values()]
  return table.length === 0
    ? null
    : table.map(({ source, mount, type }) => ({ source, mountPoint: mount, type }))
}
