import type { DiskGrowth } from '../../domain/assessment.ts'
import type { DiskFacts } from '../../domain/facts/disk.ts'
import type { DiskServer } from './disk-schema.ts'
import { sectionValue } from './raid-entry.ts'
import { SECTION_IDS } from './section-ids.ts'

const FILES_LISTED = 50

type SpacePart = Pick<
  DiskServer,
  'swaps' | 'deleted_open_files' | 'biggest_entries' | 'biggest_entries_evidence'
>

/** Returns what takes the space of a server. */
export function spaceEntry(
  facts: DiskFacts | undefined,
  ref: (sectionId: string) => string | null,
): SpacePart {
  const deleted = sectionValue(facts?.deletedOpenFiles)
  return {
    swaps:
      sectionValue(facts?.swaps)?.map(({ device, type, totalBytes, usedBytes }) => ({
        device,
        type,
        total_bytes: totalBytes,
        used_bytes: usedBytes,
      })) ?? null,
    deleted_open_files:
      deleted === null
        ? null
        : {
            all_processes: deleted.allProcesses,
            total_bytes: deleted.files.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0),
            files: deleted.files.slice(0, FILES_LISTED).map(({ pid, command, path, allocatedBytes }) => ({
              pid,
              command,
              path,
              allocated_bytes: allocatedBytes,
            })),
            evidence: ref(SECTION_IDS.deletedOpenFiles),
          },
    biggest_entries:
      sectionValue(facts?.biggestEntries)?.map(({ mount, complete, directories, files }) => ({
        mount,
        complete,
        directories: directories.map(({ path, sizeBytes }) => ({ path, size_bytes: sizeBytes })),
        files: files.map(({ path, sizeBytes }) => ({ path, size_bytes: sizeBytes })),
      })) ?? null,
    biggest_entries_evidence: ref(SECTION_IDS.biggestEntries),
  }
}

/** Returns the growth of the fullest filesystem; null where nothing is known of it. `filesystems` come fullest first. */
export function growthEntry(
  growth: DiskGrowth | null,
  filesystems: DiskServer['filesystems'],
  localTime: (at: Date) => string,
): DiskServer['growth'] {
  const fullest = filesystems?.[0]
  if (growth === null || fullest === undefined) return null
  const usableBytes = fullest.used_bytes + fullest.available_bytes
  return {
    mount: fullest.mount,
    percent_per_day: growth.percentPerDay,
    bytes_per_day: Math.round((usableBytes * growth.percentPerDay) / 100),
    days_until_full: growth.daysUntilFull,
    measured_since: localTime(growth.sinceAt),
    samples: growth.sampleCount,
  }
}
