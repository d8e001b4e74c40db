import type { Filesystem } from '../../../domain/facts/disk.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseLocalFilesystems } from '../../formats/local-filesystems.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** Returns the real local filesystems, sorted by mount point. */
export function parseFilesystems({ stdout }: RawSection): Parsed<readonly Filesystem[]> {
  const filesystems = parseLocalFilesystems(splitBlocks(stdout))
  return filesystems.length > 0 ? { value: filesystems } : unparseable('df printed no row that could be read')
}
