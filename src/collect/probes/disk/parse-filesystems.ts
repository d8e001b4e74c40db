import type { Filesystem, SilentFilesystem } from '../../../domain/facts/disk.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { linesOf } from '../../formats/lines.ts'
import { parseLocalFilesystems } from '../../formats/local-filesystems.ts'
import { parseMounts } from '../../formats/mounts.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** Returns the real local filesystems, sorted by mount point. */
export function parseFilesystems({ stdout }: RawSection): Parsed<readonly Filesystem[]> {
  const filesystems = parseLocalFilesystems(splitBlocks(stdout))
  return filesystems.length > 0 ? { value: filesystems } : unparseable('df printed no row that could be read')
}

const MAX_SILENT = 100
const SILENT_START = 'df: '
const SILENT_END = ' does not answer'

/** Returns the mounts that `shell/local-filesystems.ts` named as hung, sorted by mount point; words that name no mount count for nothing. */
export function parseSilentFilesystems({ stdout, stderr }: RawSection): Parsed<readonly SilentFilesystem[]> {
  const mounts = parseMounts(splitBlocks(stdout).get('mounts') ?? '')
  const points = linesOf(stderr)
    .filter((line) => line.startsWith(SILENT_START) && line.endsWith(SILENT_END))
    .map((line) => line.slice(SILENT_START.length, -SILENT_END.length))
  const silent = [...new Set(points)].sort().flatMap((point): SilentFilesystem[] => {
    const found = mounts.get(point)
    return found === undefined ? [] : [{ source: found.source, type: found.type, mount: point }]
  })
  return { value: silent.slice(0, MAX_SILENT) }
}
