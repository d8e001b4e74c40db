import { z } from 'zod'
import { METRIC_NAMES } from '../../domain/assessment.ts'
import {
  countField,
  documentHead,
  limitSourceField,
  machineFields,
  maintenanceField,
  percentField,
  percentOrNull,
  textField,
  timeField,
} from './document-fields.ts'
import { environmentSchema } from './environment-entry.ts'
import { evidenceEntrySchema } from './evidence-entry.ts'
import { findingEntrySchema } from './finding-entry.ts'

const metricField = z.enum(METRIC_NAMES).describe('Which share')

const exceedanceSchema = z.strictObject({
  metric: metricField,
  value: percentField('Share now'),
  threshold: percentField('Limit it is above: the one in force for this server'),
  threshold_source: limitSourceField,
  mount: z
    .string()
    .nullable()
    .default(null)
    .describe('Filesystem that is above its limit; null for other shares and where it is not known'),
  status: z.enum(['warning', 'critical']).describe('How far above'),
  since: timeField('First sample of the unbroken stretch above the threshold'),
  since_is_lower_bound: z.boolean().describe('True when the stretch may be older than the samples looked at'),
  peak: percentField('Highest share in the samples looked at'),
  peak_at: timeField('When the peak was'),
  trend: z.enum(['rising', 'falling', 'steady', 'unknown']).describe('unknown with too few samples'),
  percent_per_hour: z
    .number()
    .nullable()
    .describe('Slope in percentage points an hour; null when the trend is unknown'),
})

const abnormalSchema = z.strictObject({
  ...machineFields,
  collected_at: timeField('When the latest sample was taken'),
  cpu_usage: percentOrNull('CPU share of the latest sample'),
  memory_usage: percentOrNull('Memory share'),
  disk_usage: percentOrNull('Share of the fullest filesystem'),
  exceedances: z.array(exceedanceSchema).describe('Shares above their thresholds; at least one'),
  in_maintenance: maintenanceField,
})

const recoveredSchema = z.strictObject({
  ...machineFields,
  metric: metricField,
  now: percentOrNull('Share now'),
  peak: percentField('Highest share while it was above'),
  last_exceeded_at: timeField('Last sample above the threshold'),
})

const staleSchema = z.strictObject({
  ...machineFields,
  last_collected_at: timeField('Last sample').nullable().describe('Null when it never sent one'),
  reason: z.enum(['never_collected', 'too_old', 'clock_ahead']).describe('Why its data do not count'),
  explanation: textField('The reason in words'),
  in_maintenance: maintenanceField,
})

const maintainedSchema = z.strictObject({
  ...machineFields,
  until: timeField('End of the window'),
  reason: textField('Which window it is'),
  state: z.enum(['healthy', 'abnormal', 'stale']).describe('How it stands'),
})

/** `data` of service 001. */
export const systemDocumentSchema = z.strictObject({
  ...documentHead,
  thresholds: z
    .strictObject({
      cpu_percent: percentField('CPU limit'),
      memory_percent: percentField('Memory limit'),
      disk_percent: percentField('Disk limit'),
      network_percent: percentField('Network limit'),
    })
    .describe(
      'Limits above which a share is abnormal, of servers without limits of their own or of their group',
    ),
  max_age_seconds: z.number().describe('A latest sample older than this is not fresh; seconds'),
  totals: z
    .strictObject({
      servers: countField('Enabled servers and those known from metrics'),
      healthy: countField('Fresh and below every threshold'),
      abnormal: countField('Above a threshold now'),
      stale: countField('Without a fresh sample'),
      in_maintenance: countField('In a maintenance window: listed, and not counted as the others').default(0),
      recovered: countField('Above a threshold lately and not now; counted among the others as well'),
    })
    .describe('Every server is in exactly one of healthy, abnormal, stale and in_maintenance'),
  abnormal: z.array(abnormalSchema).describe('Servers whose latest sample is above a threshold'),
  cpu_list: z.array(z.string()).describe('Addresses above the CPU threshold'),
  memory_list: z
    .array(z.string())
    .describe('Addresses above the memory threshold: what service 002 takes by default'),
  disk_list: z
    .array(z.string())
    .describe('Addresses above the disk threshold: what service 003 takes by default'),
  recovered: z.array(recoveredSchema).describe('Servers that were above a threshold lately and are not now'),
  stale: z
    .array(staleSchema)
    .describe('Servers without fresh data, with the last time: never silently left out'),
  in_maintenance: z
    .array(maintainedSchema)
    .default([])
    .describe('Servers in a maintenance window; they stand in the other lists too, marked'),
  environment: environmentSchema,
  findings: z.array(findingEntrySchema).describe('Most severe first'),
  evidence: z.array(evidenceEntrySchema).describe('What the sensor readings rest on'),
  summary: textField('One or two sentences'),
  report_markdown: z.string().describe('The report for people, in `language`'),
})
/** What service 001 returns. */
export type SystemDocument = z.output<typeof systemDocumentSchema>
