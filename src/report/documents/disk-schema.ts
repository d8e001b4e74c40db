import { z } from 'zod'
import { SMART_SIGNS } from '../../domain/facts/disk.ts'
import { sinceLastInspectionField } from './changes-entry.ts'
import {
  bytesField,
  bytesOrNull,
  countOrNull,
  documentHead,
  evidenceRefField,
  limitField,
  limitSourceField,
  percentField,
  percentOrNull,
  textField,
  wordsOrNull,
} from './document-fields.ts'
import { evidenceEntrySchema } from './evidence-entry.ts'
import { findingEntrySchema } from './finding-entry.ts'
import { inspectedServerFields } from './inspected-server.ts'
import { raidFields } from './raid-schema.ts'
import { spaceFields } from './space-schema.ts'
import { unreadSectionSchema } from './unread-section.ts'

const filesystemSchema = z.strictObject({
  source: z.string().describe('Device it is on'),
  type: z.string().describe('Filesystem type'),
  mount: z.string().describe('Where it is mounted'),
  total_bytes: bytesField('Size'),
  used_bytes: bytesField('Used'),
  available_bytes: bytesField('What an ordinary user may still write'),
  used_percent: percentField('used / (used + available)'),
  threshold_percent: limitField('disk usage of this filesystem'),
  threshold_source: limitSourceField,
  inodes_total: countOrNull('Inodes, on filesystems with a fixed table'),
  inodes_used: countOrNull('Inodes in use'),
  inodes_used_percent: percentOrNull('Share of inodes in use'),
  read_only: z.boolean().nullable().describe('Mounted read-only; null when not known'),
})

const blockDeviceSchema = z.strictObject({
  name: z.string().describe('Kernel name'),
  parent: wordsOrNull('Device it is part of'),
  type: z.string().describe('disk, part, lvm, raid1, crypt …'),
  size_bytes: bytesField('Size'),
  rotational: z.boolean().nullable().describe('True for spinning disks; null when not given'),
  model: wordsOrNull('Model'),
  serial: wordsOrNull('Serial number'),
  filesystem: wordsOrNull('Filesystem on it'),
  mount: wordsOrNull('Where it is mounted'),
})

const mdArraySchema = z.strictObject({
  name: z.string().describe('Array'),
  level: wordsOrNull('RAID level'),
  state: z.string().describe('State as /proc/mdstat gives it'),
  members: countOrNull('Members it should have'),
  active_members: countOrNull('Members it has'),
  failed_members: z.array(z.string()).describe('Members marked failed'),
  operation: wordsOrNull('recovery, resync, check …'),
  operation_percent: percentOrNull('How far that is'),
})

const driveSchema = z.strictObject({
  device: z.string().describe('Device'),
  protocol: z.enum(['ATA', 'NVMe', 'SCSI']).nullable().describe('Null when not known'),
  model: wordsOrNull('Model'),
  serial: wordsOrNull('Serial number'),
  firmware: wordsOrNull('Firmware'),
  capacity_bytes: bytesOrNull('Capacity'),
  verdict: z
    .enum(['critical', 'warning', 'no_warning_signs', 'unknown'])
    .describe('unknown when the drive said nothing to judge it by: never healthy by silence'),
  decided_by: z
    .array(
      z.strictObject({
        attribute: z.string().describe('Attribute'),
        reading: z.union([z.number(), z.string(), z.boolean()]).describe('What it said'),
      }),
    )
    .describe('Attributes that decided the verdict; empty for no_warning_signs and unknown'),
  health_passed: z.boolean().nullable().describe('The drive’s own overall verdict; null when not given'),
  temperature_celsius: z.number().nullable().describe('°C; null when not given'),
  power_on_hours: z.number().nullable().describe('Hours; null when not given'),
  wear_percent: percentOrNull('Share of rated endurance used, may exceed 100'),
  remaining_life_hours: z
    .number()
    .nullable()
    .default(null)
    .describe('Hours of running until the endurance is used up at the pace so far; null when not known'),
  replacement_risk: z
    .strictObject({
      score_percent: percentField('How pressing the replacement is: a rank, not a probability'),
      contributions: z.array(
        z.strictObject({
          sign: z.enum(SMART_SIGNS).describe('Sign'),
          reading: z.number().describe('What the drive said'),
          risk_percent: percentField('What it adds'),
        }),
      ),
      explanation: textField('The same in words'),
    })
    .nullable()
    .default(null)
    .describe('Null when the drive said nothing'),
  access: z
    .enum(['answered', 'asleep', 'not_opened', 'denied', 'timeout', 'no_answer'])
    .nullable()
    .default(null)
    .describe('Whether it answered; a sleeping drive is not woken; null in old reports'),
})

const diskServerSchema = z.strictObject({
  ...inspectedServerFields,
  filesystems: z
    .array(filesystemSchema)
    .nullable()
    .describe('Real filesystems, fullest first; null when not read'),
  filesystems_evidence: evidenceRefField('the filesystems'),
  block_devices: z
    .array(blockDeviceSchema)
    .nullable()
    .describe('Block devices, parents first; null when not read'),
  block_devices_evidence: evidenceRefField('the block devices'),
  md_arrays: z
    .array(mdArraySchema)
    .nullable()
    .describe('Software RAID; empty when there is none, null when not read'),
  md_arrays_evidence: evidenceRefField('the arrays'),
  drives: z
    .array(driveSchema)
    .nullable()
    .describe('Drives as SMART sees them, worst first; null when not read'),
  drives_evidence: evidenceRefField('the drives'),
  ...raidFields,
  ...spaceFields,
  since_last_inspection: sinceLastInspectionField,
  warnings: z
    .array(findingEntrySchema)
    .describe('Findings on storage and on the server as a whole, most severe first'),
  not_read: z.array(unreadSectionSchema).describe('Sections that gave nothing, with reason and remedy'),
  evidence: z.array(evidenceEntrySchema).describe('What the numbers rest on'),
})
export type DiskServer = z.output<typeof diskServerSchema>
export type DriveEntry = z.output<typeof driveSchema>

/** `data` of service 003. */
export const diskDocumentSchema = z.strictObject({
  ...documentHead,
  requested_ips: z
    .array(z.string())
    .nullable()
    .describe('Addresses the caller named; null when the list came from service 001'),
  not_inspected: z.array(z.string()).describe('Named addresses for which there is no inspection'),
  servers: z.array(diskServerSchema).describe('One entry per inspected server'),
  summary: textField('One or two sentences'),
  report_markdown: z.string().describe('The report for people, in `language`'),
})
/** What service 003 returns. */
export type DiskDocument = z.output<typeof diskDocumentSchema>
