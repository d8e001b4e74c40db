import { z } from 'zod'
import type { MaintenanceNow } from '../../domain/inventory-fields.ts'
import { THRESHOLD_SOURCES } from '../../domain/thresholds.ts'

/** A sentence in both languages. */
export const textField = (description: string) =>
  z
    .strictObject({ zh: z.string().describe('Chinese'), en: z.string().describe('English') })
    .describe(description)

/** A local time of the document's time zone. */
export const timeField = (description: string) =>
  z
    .string()
    .regex(/^\d{4,6}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
    .describe(`${description}; YYYY-MM-DD HH:mm:ss in time_zone`)

/** A share from 0 to 100. */
export const percentField = (description: string) => z.number().describe(`${description}; percent`)

/** A share that may be missing. */
export const percentOrNull = (description: string) =>
  z.number().nullable().describe(`${description}; percent, null when not measured`)

/** A size. */
export const bytesField = (description: string) => z.number().nonnegative().describe(`${description}; bytes`)

/** A size that may be missing. */
export const bytesOrNull = (description: string) =>
  z.number().nonnegative().nullable().describe(`${description}; bytes, null when not measured`)

/** How many, where it may be unknown. */
export const countOrNull = (description: string) =>
  z.number().int().nonnegative().nullable().describe(`${description}; null when not known`)

/** Words of a device or system that may be missing. */
export const wordsOrNull = (description: string) =>
  z.string().nullable().describe(`${description}; null when not given`)

/** How many. */
export const countField = (description: string) => z.number().int().nonnegative().describe(description)

/** Fields that open every document. */
export const documentHead = {
  generated_at: timeField('When the document was made'),
  time_zone: z.string().describe('IANA name of the time zone of every time in the document'),
  language: z.enum(['zh', 'en']).describe('Language of the Markdown; texts for people come in both'),
} as const

/** How a machine is named in a document. */
export const machineFields = {
  ip: z.string().describe('Address'),
  bk_cloud_id: z.number().int().describe('BlueKing cloud area; 0 where none was given'),
  name: z.string().nullable().describe('Name in the inventory; null when known only from its metrics'),
  group: z.string().nullable().describe('Platform or cluster; null when it belongs to none'),
} as const

/** The limit in force; null in reports of versions that did not keep it. */
export const limitField = (what: string) =>
  z.number().nullable().default(null).describe(`Limit of ${what} in force; percent, null in old reports`)

/** Where a limit comes from. Reports of versions that knew the configured limits alone lack it. */
export const limitSourceField = z
  .enum(THRESHOLD_SOURCES)
  .default('configuration')
  .describe(
    "Where the limit comes from: this call, a limit of the mount point, the server's own, its group's, or the configuration's",
  )

/** That a server is in a maintenance window. Reports of versions that did not look lack it. */
export const maintenanceField = z
  .strictObject({
    until: timeField('End of the window'),
    reason: textField('Which window it is'),
  })
  .nullable()
  .default(null)
  .describe('The maintenance window that the server is in; null when it is in none')

/** Returns a maintenance window as documents hold it. */
export const maintenanceEntry = (
  maintenance: MaintenanceNow | null,
  localTime: (at: Date) => string,
): z.output<typeof maintenanceField> =>
  maintenance === null ? null : { until: localTime(maintenance.until), reason: maintenance.reason }

/** Ids of the evidence a statement rests on. */
export const evidenceRefsField = z
  .array(z.string())
  .describe(
    'Evidence it rests on, as serverIp#evidenceId (serverIp@cloudArea#evidenceId outside cloud area 0)',
  )

/** The evidence of one number; null when it was not read by an inspection. */
export const evidenceRefField = (description: string) =>
  z
    .string()
    .nullable()
    .describe(`Evidence of ${description}, as serverIp#evidenceId; null when there is none`)
