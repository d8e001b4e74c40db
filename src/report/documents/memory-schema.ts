import { z } from 'zod'
import { sinceLastInspectionField } from './changes-entry.ts'
import {
  bytesField,
  bytesOrNull,
  countField,
  countOrNull,
  documentHead,
  evidenceRefField,
  limitField,
  limitSourceField,
  percentField,
  percentOrNull,
  textField,
  timeField,
  wordsOrNull,
} from './document-fields.ts'
import { evidenceEntrySchema } from './evidence-entry.ts'
import { findingEntrySchema } from './finding-entry.ts'
import { inspectedServerFields } from './inspected-server.ts'
import { memoryAreasField } from './memory-areas.ts'
import { platformSchema } from './platform-entry.ts'
import { unreadSectionSchema } from './unread-section.ts'

const usageSchema = z.strictObject({
  total_bytes: bytesField('What the kernel manages'),
  used_bytes: bytesField('total - available'),
  used_percent: percentField('1 - available/total'),
  threshold_percent: limitField('memory usage of this server'),
  threshold_source: limitSourceField,
  available_bytes: bytesField('What can be had without swapping'),
  available_is_kernel_estimate: z
    .boolean()
    .describe('True for MemAvailable; false where free + buffers + cached stands in'),
  free_bytes: bytesField('Unused'),
  buffers_bytes: bytesField('Block device buffers'),
  cache_bytes: bytesField('Page cache, shared memory included'),
  slab_bytes: bytesOrNull('Kernel slab'),
  slab_reclaimable_bytes: bytesOrNull('The part of slab the kernel can give back'),
  shared_bytes: bytesOrNull('Shared memory and tmpfs'),
  hugepages: z
    .strictObject({
      total: countField('Pages reserved'),
      free: countOrNull('Reserved and unused'),
      page_bytes: bytesField('Size of one page'),
      reserved_bytes: bytesField('total × page size'),
      unused_bytes: bytesOrNull('free × page size'),
    })
    .nullable()
    .describe('Null when the kernel prints none'),
  swap_total_bytes: bytesField('Swap space; 0 when there is none'),
  swap_used_bytes: bytesField('Swap in use'),
  swap_used_percent: percentOrNull('Share of swap in use, when there is swap'),
  committed_bytes: bytesOrNull('Committed_AS'),
  hardware_corrupted_bytes: bytesOrNull('Memory the kernel took out of use because of errors'),
  evidence: evidenceRefField('the usage'),
})

const pressureSchema = z.strictObject({
  some_avg10: percentField('Time in which some task waited for memory, over 10 s'),
  some_avg60: percentField('… over 60 s'),
  some_avg300: percentField('… over 300 s'),
  full_avg10: percentField('Time in which all tasks waited for memory, over 10 s'),
  full_avg60: percentField('… over 60 s'),
  full_avg300: percentField('… over 300 s'),
  evidence: evidenceRefField('the pressure'),
})

const oomSchema = z.strictObject({
  kills: z
    .array(
      z.strictObject({
        at: timeField('When').nullable().describe('Null where the kernel log has no times'),
        victim: z.string().describe('Name of the killed process'),
        pid: countField('Its process id'),
        uid: countOrNull('Its user id'),
        resident_bytes: bytesOrNull('What it held'),
        scope: z
          .enum(['machine', 'cgroup'])
          .nullable()
          .describe('machine: the whole machine ran out; cgroup: a container or service reached its limit'),
        cgroup: wordsOrNull('Group that reached its limit'),
        invoked_by: wordsOrNull('Process whose allocation failed'),
      }),
    )
    .describe('Latest first, at most 50'),
  log_since: timeField('Kills before this are no longer in the log').nullable().describe('Null if not known'),
  evidence: evidenceRefField('the kills'),
})

const numaSchema = z.strictObject({
  nodes: z.array(
    z.strictObject({
      node: countField('Node'),
      total_bytes: bytesField('Its memory'),
      free_bytes: bytesField('Unused on it'),
      cpus: wordsOrNull('Its CPUs, as 0-15,32-47'),
    }),
  ),
  evidence: evidenceRefField('the nodes'),
})

const hugePagesSchema = z.strictObject({
  pools: z.array(
    z.strictObject({
      page_bytes: bytesField('Size of one page'),
      total: countField('Pages reserved'),
      free: countField('Reserved and unused'),
      promised: countOrNull('Promised to a process and not yet used'),
    }),
  ),
  transparent: wordsOrNull('always, madvise or never'),
  evidence: evidenceRefField('the pools'),
})

const slotSchema = z.strictObject({
  locator: wordsOrNull('Slot as the board prints it'),
  bank: wordsOrNull('Bank locator'),
  state: z
    .enum(['populated', 'empty', 'disabled', 'unknown'])
    .nullable()
    .default(null)
    .describe('disabled: listed by the firmware and not used; null in old reports'),
  module: z
    .strictObject({
      size_bytes: bytesOrNull('Capacity'),
      generation: wordsOrNull('DDR4, DDR5 …'),
      kind: z.enum(['RDIMM', 'LRDIMM', 'UDIMM']).nullable().describe('Null where it cannot be told'),
      form_factor: wordsOrNull('Form factor'),
      ecc: z.boolean().nullable().describe('Total width above data width; null when a width is not given'),
      rank: countOrNull('Ranks'),
      rated_mts: z.number().nullable().describe('Rated speed, MT/s; null when not given'),
      configured_mts: z.number().nullable().describe('Speed it runs at, MT/s; null when not given'),
      manufacturer: wordsOrNull('Maker'),
      part_number: wordsOrNull('Part number'),
      serial: wordsOrNull('Serial number'),
    })
    .nullable()
    .describe('Null when the slot is empty, or nothing is known of it'),
})

const inventorySchema = z.strictObject({
  slots: z.array(slotSchema).describe("In the firmware's order"),
  slots_total: countField('Slots of system memory'),
  slots_filled: countField('Slots with a module'),
  empty_slots: z.array(z.string()).describe('Locators of empty slots; one without a name is `?`'),
  disabled_slots: z
    .array(z.string())
    .default([])
    .describe('Locators of modules that the firmware lists and does not use'),
  installed_bytes: bytesOrNull('Sum of the modules; null when the size of one is unknown'),
  firmware_maximum_bytes: bytesOrNull('Maximum the firmware declares: a hint, often wrong'),
  error_correction: wordsOrNull('Error correction of the array'),
  evidence: evidenceRefField('the modules'),
})

const memoryServerSchema = z.strictObject({
  ...inspectedServerFields,
  platform: platformSchema,
  usage: usageSchema.nullable().describe('Null when not read'),
  pressure: pressureSchema
    .nullable()
    .describe('Pressure stall information; null where the kernel gives none'),
  oom_kill_count: countOrNull('Processes killed for lack of memory since boot'),
  swapped_in_pages: countOrNull('Pages swapped in since boot'),
  swapped_out_pages: countOrNull('Pages swapped out since boot'),
  vmstat_evidence: evidenceRefField('the three counters'),
  oom: oomSchema.nullable().default(null).describe('Killed processes of the kernel log; null when not read'),
  numa: numaSchema.nullable().default(null).describe('Memory per NUMA node; null when not read'),
  huge_pages: hugePagesSchema
    .nullable()
    .default(null)
    .describe('Huge pages of every size; null when not read'),
  edac: z
    .strictObject({
      dimms: z.array(
        z.strictObject({
          controller: z.string().describe('Memory controller'),
          label: z.string().describe('DIMM as the driver calls it'),
          corrected_count: countField('Corrected errors since the driver was loaded'),
          uncorrected_count: countField('Uncorrected errors since the driver was loaded'),
        }),
      ),
      evidence: evidenceRefField('the counters'),
    })
    .nullable()
    .describe('Error counters per DIMM; null when not read'),
  top_processes: z
    .array(
      z.strictObject({
        pid: countField('Process id'),
        user: z.string().describe('Owner'),
        resident_bytes: bytesField('Resident memory'),
        resident_percent: percentOrNull('Share of total memory'),
        proportional_bytes: bytesOrNull('Its share when shared pages are divided (PSS)').default(null),
        swapped_bytes: bytesOrNull('Swapped out').default(null),
        started_at: timeField('When it began').nullable().default(null).describe('Null when not known'),
        elapsed_seconds: z.number().nullable().describe('How long it has run, seconds; null when not known'),
        command: z.string().describe('Command line, secrets redacted'),
      }),
    )
    .nullable()
    .describe('Largest first, by PSS where it was read, else by resident memory; null when not read'),
  processes_evidence: evidenceRefField('the processes'),
  inventory: inventorySchema.nullable().describe('Modules and slots; null when not read'),
  areas: memoryAreasField,
  since_last_inspection: sinceLastInspectionField,
  warnings: z
    .array(findingEntrySchema)
    .describe('Findings on memory and on the server as a whole, most severe first'),
  not_read: z.array(unreadSectionSchema).describe('Sections that gave nothing, with reason and remedy'),
  evidence: z.array(evidenceEntrySchema).describe('What the numbers rest on'),
})
export type MemoryServer = z.output<typeof memoryServerSchema>

/** `data` of service 002. */
export const memoryDocumentSchema = z.strictObject({
  ...documentHead,
  requested_ips: z
    .array(z.string())
    .nullable()
    .describe('Addresses the caller named; null when the list came from service 001'),
  not_inspected: z.array(z.string()).describe('Named addresses for which there is no inspection'),
  servers: z.array(memoryServerSchema).describe('One entry per inspected server'),
  summary: textField('One or two sentences'),
  report_markdown: z.string().describe('The report for people, in `language`'),
})
/** What service 002 returns. */
export type MemoryDocument = z.output<typeof memoryDocumentSchema>
