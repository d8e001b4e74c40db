import { z } from 'zod'
import {
  bytesField,
  bytesOrNull,
  countField,
  evidenceRefField,
  evidenceRefsField,
  textField,
  timeField,
} from './document-fields.ts'

const entries = z.array(z.strictObject({ path: z.string().describe('Path'), size_bytes: bytesField('Size') }))

const growthSchema = z.strictObject({
  mount: z.string().describe('The fullest filesystem'),
  percent_per_day: z.number().describe('Percentage points a day; negative when it empties'),
  bytes_per_day: z.number().describe('The same in bytes'),
  days_until_full: z.number().nullable().describe('At this pace; null when it does not grow'),
  measured_since: timeField('Oldest sample looked at'),
  samples: countField('Samples looked at'),
})

const cleanUpSchema = z.strictObject({
  kind: z
    .enum(['free', 'restart', 'look'])
    .describe(
      'free: the command frees space and touches no data of an application; restart: it finds the service whose restart frees space; look: it shows what to decide on',
    ),
  title: textField('What it is about'),
  command: z.string().describe('For a person to run as root on the server; never run by this product'),
  frees_bytes: bytesOrNull('What it would free at most'),
  mount: z.string().nullable().describe('Filesystem that gains; null when not known'),
  evidence: evidenceRefsField,
})
/** One suggestion of what could be cleaned up. */
export type CleanUp = z.output<typeof cleanUpSchema>

/** What takes the space, as fields of a server's entry. Reports of versions that did not read it have null. */
export const spaceFields = {
  swaps: z
    .array(
      z.strictObject({
        device: z.string().describe('Device or file'),
        type: z.string().describe('partition or file'),
        total_bytes: bytesField('Size'),
        used_bytes: bytesField('In use'),
      }),
    )
    .nullable()
    .default(null)
    .describe('Swap areas; null when not read'),
  deleted_open_files: z
    .strictObject({
      all_processes: z.boolean().describe("False when only the login user's own could be looked into"),
      total_bytes: bytesField('What they hold together'),
      files: z
        .array(
          z.strictObject({
            pid: countField('Process that has it open'),
            command: z.string().nullable().describe('Its name; null when not known'),
            path: z.string().describe('Where the file was'),
            allocated_bytes: bytesField('Space that it holds'),
          }),
        )
        .describe('Largest first, at most 50'),
      evidence: evidenceRefField('the files'),
    })
    .nullable()
    .default(null)
    .describe('Files that are deleted but still open; null when not read'),
  biggest_entries: z
    .array(
      z.strictObject({
        mount: z.string().describe('Filesystem'),
        complete: z.boolean().describe('False when time ran out: the lists may lack some'),
        directories: entries.describe('Largest first'),
        files: entries.describe('Largest first'),
      }),
    )
    .nullable()
    .default(null)
    .describe('What fills filesystems that are nearly full; null when not read'),
  biggest_entries_evidence: evidenceRefField('the biggest entries').default(null),
  growth: growthSchema
    .nullable()
    .default(null)
    .describe('How fast the fullest filesystem fills; null where the samples do not say'),
  clean_up: z
    .array(cleanUpSchema)
    .default([])
    .describe('What could be cleaned up: free, restart, look; most space first'),
} as const
