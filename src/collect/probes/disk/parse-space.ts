import type {
  BiggestEntries,
  DeletedOpenFile,
  DeletedOpenFiles,
  SwapArea,
} from '../../../domain/facts/disk.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import { contentOf, parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const KIB = 1024
const MOST_ENTRIES = 20

/** Returns the lines of /proc/swaps (proc(5)); an empty list when no swap is in use. */
export function parseSwaps({ stdout }: RawSection): Parsed<readonly SwapArea[]> {
  if (!/^Filename\b/m.test(stdout)) return unparseable('not /proc/swaps')
  const value = linesOf(stdout).flatMap((line): readonly SwapArea[] => {
    const [device, type, size, used] = line.trim().split(/\s+/, 5)
    const [total, inUse] = [parseCount(size), parseCount(used)]
    if (device === undefined || type === undefined || total === null || inUse === null) return []
    return [{ device, type, totalBytes: total * KIB, usedBytes: inUse * KIB }]
  })
  return { value }
}

interface Entry {
  readonly path: string
  readonly sizeBytes: number
}

/** `du -k`: size, tab, path. The mount itself is the sum and no news. */
function directoriesOf(lines: readonly string[], mount: string): readonly Entry[] {
  return lines
    .flatMap((line): readonly Entry[] => {
      const [, size, path] = /^(\d{1,15})\t(\/.{0,1000})$/.exec(line) ?? []
      return size === undefined || path === undefined || path === mount
        ? []
        : [{ path, sizeBytes: Number(size) * KIB }]
    })
    .slice(0, MOST_ENTRIES)
}

/** `ls -dln`: mode, links, user, group, size, three words of time, path. */
function filesOf(lines: readonly string[]): readonly Entry[] {
  return lines
    .flatMap((line): readonly Entry[] => {
      const words = [...line.slice(0, 200).matchAll(/\S{1,200}/g)].slice(0, 9)
      const sizeBytes = parseCount(words[4]?.[0])
      const start = line.indexOf(' /')
      return words.length < 9 || sizeBytes === null || start < 0
        ? []
        : [{ path: line.slice(start + 1), sizeBytes }]
    })
    .sort((one, other) => other.sizeBytes - one.sizeBytes)
    .slice(0, MOST_ENTRIES)
}

/** Returns the biggest directories and files of the filesystems that are nearly full; no data where none is. */
export function parseBiggest({ stdout }: RawSection): Parsed<readonly BiggestEntries[]> {
  const mounts: {
    mount: string
    directories: string[]
    files: string[]
    inFiles: boolean
    status: string | null
  }[] = []
  for (const line of linesOf(stdout)) {
    const mount = /^@@ mount (\/\S{0,300})$/.exec(line)?.[1]
    const open = mounts.at(-1)
    if (mount !== undefined) mounts.push({ mount, directories: [], files: [], inFiles: false, status: null })
    else if (open === undefined) continue
    else if (line === '@@ files') open.inFiles = true
    else if (/^@@ du \d{1,3}$/.test(line)) open.status = line.slice(6)
    else if (open.inFiles) open.files.push(line)
    else open.directories.push(line)
  }
  if (mounts.length === 0) return unparseable('no filesystem in the output')
  return {
    value: mounts.map(({ mount, directories, files, inFiles, status }) => ({
      mount,
      directories: directoriesOf(directories, mount),
      files: filesOf(files),
      complete: inFiles && status === '0',
    })),
  }
}

interface Size {
  readonly allocatedBytes: number
  readonly file: string
}

/** `stat -L -c '%n %b %B %d:%i %F'`: path, blocks, bytes a block, the file's identity, its kind. */
function sizesOf(text: string): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>()
  for (const line of linesOf(text)) {
    const [path, blocks, blockBytes, file, ...kind] = line.trim().split(' ')
    const [count, each] = [parseCount(blocks), parseCount(blockBytes)]
    if (path === undefined || file === undefined || count === null || each === null) continue
    if (kind.join(' ').startsWith('regular')) sizes.set(path, { allocatedBytes: count * each, file })
  }
  return sizes
}

/** Returns the deleted files that are still open, largest first, each once though many descriptors hold it. */
export function parseDeleted({ stdout }: RawSection): Parsed<DeletedOpenFiles> {
  const blocks = splitBlocks(stdout)
  const scope = blocks.get('scope')?.trim()
  if (scope !== 'all' && scope !== 'own') return unparseable('it does not say whose processes were seen')
  const sizes = sizesOf(blocks.get('sizes') ?? '')
  const commands = parsePathLines(blocks.get('commands') ?? '')
  const byFile = new Map<string, DeletedOpenFile>()
  for (const line of linesOf(blocks.get('links') ?? '')) {
    const [descriptor, target] = line.split('\t', 2)
    const size = descriptor === undefined ? undefined : sizes.get(descriptor)
    const pid = parseCount(/^\/proc\/(\d{1,10})\//.exec(descriptor ?? '')?.[1])
    if (size === undefined || target === undefined || pid === null || byFile.has(size.file)) continue
    byFile.set(size.file, {
      pid,
      command: contentOf(commands, `/proc/${pid}/comm`) || null,
      path: target.replace(/ \(deleted\)$/, ''),
      allocatedBytes: size.allocatedBytes,
    })
  }
  const files = [...byFile.values()]
    .filter(({ allocatedBytes }) => allocatedBytes > 0)
    .sort((one, other) => other.allocatedBytes - one.allocatedBytes)
    .slice(0, MOST_ENTRIES)
  return { value: { allProcesses: scope === 'all', files } }
}
