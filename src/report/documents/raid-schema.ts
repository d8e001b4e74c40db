import { z } from 'zod'
import { countOrNull, evidenceRefField, percentOrNull, wordsOrNull } from './document-fields.ts'

const celsiusOrNull = z.number().nullable().describe('°C; null when not given')
const healthyField = z.boolean().nullable().describe('Null where the word of the tool is not known')

const controllerSchema = z.strictObject({
  id: z.string().describe('Name within the tool'),
  model: wordsOrNull('Model'),
  serial: wordsOrNull('Serial number'),
  firmware: wordsOrNull('Firmware'),
  state: wordsOrNull('State as the tool prints it'),
  healthy: healthyField,
  battery: z
    .strictObject({
      state: z.string().describe('As the tool prints it'),
      healthy: healthyField,
      temperature_celsius: celsiusOrNull,
      charge_percent: percentOrNull('Charge'),
    })
    .nullable()
    .describe('Backup power of the write cache; null when none is told'),
})

const volumeSchema = z.strictObject({
  controller: wordsOrNull('Its controller'),
  name: z.string().describe('Volume'),
  level: wordsOrNull('RAID level'),
  state: z.enum(['optimal', 'degraded', 'rebuilding', 'failed', 'unknown']).describe('State'),
  state_text: z.string().describe('As the tool prints it'),
  size: wordsOrNull('Size as the tool prints it'),
})

const driveSchema = z.strictObject({
  controller: wordsOrNull('Its controller'),
  slot: z.string().describe('Enclosure and slot'),
  state: z
    .enum([
      'online',
      'spare',
      'unassigned',
      'rebuilding',
      'predictive_failure',
      'failed',
      'missing',
      'unknown',
    ])
    .describe('State'),
  state_text: z.string().describe('As the tool prints it'),
  model: wordsOrNull('Model'),
  serial: wordsOrNull('Serial number'),
  media_errors: countOrNull('Media errors'),
  other_errors: countOrNull('Other errors'),
  predictive_failures: countOrNull('Predictive failures'),
  smart_alert: z.boolean().nullable().describe('Null when not told'),
  temperature_celsius: celsiusOrNull,
  rebuild_percent: percentOrNull('How far a rebuild is'),
})

/** Arrays of every kind but /proc/mdstat, as fields of a server's entry. Reports of versions that did not read them have null. */
export const raidFields = {
  hardware_raid: z
    .array(
      z.strictObject({
        tool: z.enum(['storcli', 'megacli', 'ssacli', 'arcconf']).describe('Tool of the controller'),
        controllers: z.array(controllerSchema),
        volumes: z.array(volumeSchema),
        drives: z.array(driveSchema),
      }),
    )
    .nullable()
    .default(null)
    .describe('RAID controllers; null when not read'),
  hardware_raid_evidence: evidenceRefField('the controllers').default(null),
  md_details: z
    .array(
      z.strictObject({
        device: z.string().describe('Array'),
        level: wordsOrNull('RAID level'),
        state: wordsOrNull('State as mdadm prints it'),
        degraded: z.boolean().nullable().describe('Null where it cannot be told'),
        failed_members: z.array(z.string()).describe('Members marked failed'),
        progress_percent: percentOrNull('How far a rebuild or check is'),
        mismatches: countOrNull('Sectors that differed at the last check'),
      }),
    )
    .nullable()
    .default(null)
    .describe('Software RAID as mdadm tells it; null when not read'),
  md_details_evidence: evidenceRefField('the details').default(null),
  zfs_pools: z
    .array(
      z.strictObject({
        name: z.string().describe('Pool'),
        state: z.string().describe('ONLINE, DEGRADED, FAULTED …'),
        status: wordsOrNull('What ZFS says of it'),
        scan: wordsOrNull('Last scrub or resilver'),
        errors: wordsOrNull('Data errors'),
        devices: z.array(
          z.strictObject({
            name: z.string().describe('Device'),
            state: z.string().describe('Its state'),
            read_errors: countOrNull('Read errors'),
            write_errors: countOrNull('Write errors'),
            checksum_errors: countOrNull('Checksum errors'),
          }),
        ),
      }),
    )
    .nullable()
    .default(null)
    .describe('ZFS pools; null when not read'),
  zfs_pools_evidence: evidenceRefField('the pools').default(null),
  multipath: z
    .array(
      z.strictObject({
        name: z.string().describe('Map'),
        wwid: wordsOrNull('World wide id'),
        paths: z.array(
          z.strictObject({
            device: z.string().describe('Device'),
            up: z.boolean().describe('Whether it works'),
            state: z.string().describe('As the tool prints it'),
          }),
        ),
      }),
    )
    .nullable()
    .default(null)
    .describe('Multipath maps; null when not read'),
  multipath_evidence: evidenceRefField('the maps').default(null),
} as const
