import { linesOf } from './lines.ts'

/** One line of `/proc/mounts`. */
export interface MountLine {
  readonly source: string
  readonly mount: string
  readonly type: string
  readonly readOnly: boolean
}

const unescapeOctal = (word: string): string =>
  word.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** Returns the lines of `/proc/mounts` (fstab(5): blank, tab, newline and backslash are octal escapes) by mount point; the last mount on a point is the visible one. */
export function parseMounts(text: string): ReadonlyMap<string, MountLine> {
  const mounts = new Map<string, MountLine>()
  for (const line of linesOf(text)) {
    const [source, mount, type, options] = line.split(' ')
    if (source === undefined || mount === undefined || type === undefined || options === undefined) continue
    const point = unescapeOctal(mount)
    mounts.set(point, {
      source: unescapeOctal(source),
      mount: point,
      type,
      readOnly: options.split(',').includes('ro'),
    })
  }
  return mounts
}
