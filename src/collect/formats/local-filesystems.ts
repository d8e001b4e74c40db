import type { Filesystem } from '../../domain/facts/disk.ts'
import type { DfRow } from './df.ts'
import { parseDf } from './df.ts'
import { parseMounts } from './mounts.ts'

const percentOf = (row: DfRow): number =>
  row.usedPercent ??
  (row.used + row.available > 0 ? Math.ceil((100 * row.used) / (row.used + row.available)) : 0)

/**
 * Returns the filesystems of the blocks `mounts`, `df` and `inodes` that `shell/local-filesystems.ts` printed, one per
 * source (bind mounts and btrfs subvolumes share theirs; the shortest mount point stands for it), sorted by mount point.
 */
export function parseLocalFilesystems(blocks: ReadonlyMap<string, string>): readonly Filesystem[] {
  const mounts = parseMounts(blocks.get('mounts') ?? '')
  const inodes = new Map(parseDf(blocks.get('inodes') ?? '').map((row) => [row.mount, row]))
  const bySource = new Map<string, Filesystem>()
  for (const row of parseDf(blocks.get('df') ?? '')) {
    if (row.total === 0) continue
    const mount = mounts.get(row.mount)
    const inode = inodes.get(row.mount)
    // Filesystems without a fixed inode table print 0 or "-".
    const counted = inode !== undefined && inode.total > 0 ? inode : null
    const filesystem: Filesystem = {
      source: row.source,
      type: mount?.type ?? 'unknown',
      mount: row.mount,
      totalBytes: row.total * 1024,
      usedBytes: row.used * 1024,
      availableBytes: row.available * 1024,
      usedPercent: percentOf(row),
      inodesTotal: counted?.total ?? null,
      inodesUsed: counted?.used ?? null,
      inodesUsedPercent: counted === null ? null : percentOf(counted),
      readOnly: mount?.readOnly ?? null,
    }
    const known = bySource.get(row.source)
    if (known === undefined || filesystem.mount.length < known.mount.length)
      bySource.set(row.source, filesystem)
  }
  return [...bySource.values()].sort((a, b) => (a.mount < b.mount ? -1 : a.mount > b.mount ? 1 : 0))
}
