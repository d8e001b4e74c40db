import type { SmartAttribute, SmartDetails, SmartDrive } from '../../../domain/facts/disk.ts'
import { at, finiteAt, textAt } from './json-path.ts'

/** Some makers pack counters into the upper words of a raw value; the low 16 bits are the count then. */
const LOW_16_BITS = 0x1_0000
const PACKED_LIMIT = 0x1_0000_0000

const unpack = (raw: number | null): number | null =>
  raw === null ? null : raw >= PACKED_LIMIT ? raw % LOW_16_BITS : raw

/**
 * Returns the leading number of a raw value as smartctl formats it (`24 (Min/Max 15/29)`, `5 (1 0)`,
 * `6585h+55m+23.234s`, `0x00a0`), or null. A number too long for a double is null.
 */
export function leadingNumber(raw: string): number | null {
  const hex = /^\s{0,20}0x([0-9a-fA-F]{1,13})\b/.exec(raw)?.[1]
  if (hex !== undefined) return Number.parseInt(hex, 16)
  const digits = /^\s{0,20}(\d{1,15})(?!\d)/.exec(raw)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** A raw value beyond 32 bits is several numbers in one: then smartctl's own formatting tells the first. */
function rawOf(row: unknown): number | null {
  const value = finiteAt(row, 'raw', 'value')
  if (value !== null && value < PACKED_LIMIT) return value
  const formatted = textAt(row, 'raw', 'string')
  return (formatted === null ? null : leadingNumber(formatted)) ?? value
}

/** Returns the rows of `ata_smart_attributes.table`; `when_failed` is "now", "past" or empty (smartctl JSON 7.x). */
export function readAtaAttributes(document: unknown): readonly SmartAttribute[] {
  const table = at(document, 'ata_smart_attributes', 'table')
  if (!Array.isArray(table)) return []
  return table.flatMap((row: unknown): readonly SmartAttribute[] => {
    const id = finiteAt(row, 'id')
    if (id === null) return []
    const failed = textAt(row, 'when_failed')
    return [
      {
        id,
        name: textAt(row, 'name') ?? `attribute_${id}`,
        normalised: finiteAt(row, 'value'),
        worst: finiteAt(row, 'worst'),
        threshold: finiteAt(row, 'thresh'),
        raw: rawOf(row),
        failed: failed === 'now' || failed === 'past' ? failed : null,
      },
    ]
  })
}

/**
 * Names of attributes whose normalised value falls from 100 (new) to 0 with wear. Makers use the ids for other things
 * too, so the name decides. Source: drivedb.h of smartmontools 7.3.
 */
const WEAR_NAME =
  /^(?:Percent_Lifetime_Remain|Percent_Lifetime_Used|Percent_Life_Remaining|Percent_Life_Used|PCT_Life_Remaining|Perc_Rated_Life_Used|Perc_Rated_Life_Remain|Remaining_Lifetime_Perc|Remaining_Life|Lifetime_Remaining%?|Lifetime_Left|SSD_Life_?Left(?:_Perc)?|Drive_?Life_Remaining%|Drive_?Life_Used%|Media_Wearout_Indicator|Wear_Leveling_Count)$/i

/** Bytes of one unit, by the name of an attribute that counts what the host wrote. Source: drivedb.h of smartmontools 7.3. */
const WRITTEN_UNITS: readonly (readonly [RegExp, number])[] = [
  [/^Total_LBAs_Written$/i, 512],
  [/^Host_Writes_32MiB$/i, 32 * 1024 ** 2],
  [/^(?:Host_Writes_GiB|Lifetime_Writes_GiB|Total_Writes_GiB)$/i, 1024 ** 3],
  [/^(?:Total_Writes_GB|Lifetime_Wts_Frm_Hst_GB)$/i, 1e9],
  [/^Host_Writes_MiB$/i, 1024 ** 2],
]

function wearOf(attributes: readonly SmartAttribute[]): number | null {
  const normalised = attributes.find(({ name }) => WEAR_NAME.test(name))?.normalised
  return normalised == null || normalised > 100 ? null : 100 - normalised
}

function bytesWrittenOf(attributes: readonly SmartAttribute[], sectorBytes: number): number | null {
  for (const [pattern, unit] of WRITTEN_UNITS) {
    const raw = attributes.find(({ name }) => pattern.test(name))?.raw
    if (raw != null) return raw * (unit === 512 ? sectorBytes : unit)
  }
  return null
}

/** 190 and 194 hold the temperature in the low byte; ids that are a temperature on most drives, best first. */
function temperatureOf(attributes: readonly SmartAttribute[]): number | null {
  for (const id of [194, 190]) {
    const raw = attributes.find((row) => row.id === id)?.raw
    if (raw != null && raw > 0) return raw > 255 ? raw % 256 : raw
  }
  return null
}

type AtaFacts = Pick<
  SmartDrive,
  | 'reallocatedSectors'
  | 'pendingSectors'
  | 'offlineUncorrectable'
  | 'reportedUncorrectable'
  | 'temperatureCelsius'
  | 'wearPercent'
  | 'failingAttributes'
  | 'pastFailedAttributes'
> & {
  readonly details: Pick<
    SmartDetails,
    | 'attributes'
    | 'crcErrors'
    | 'commandTimeouts'
    | 'powerCycles'
    | 'startStopCycles'
    | 'unsafeShutdowns'
    | 'bytesWritten'
  >
}

/**
 * Returns what the attributes that matter say: 5, 197, 198, 187, 199, 188, 12, 4, 194, wear, host writes. Null for an
 * attribute that the drive has not.
 */
export function readAtaFacts(
  attributes: readonly SmartAttribute[],
  drive: { readonly isSolidState: boolean; readonly sectorBytes: number },
): AtaFacts {
  const rawOf = (id: number): number | null => unpack(attributes.find((row) => row.id === id)?.raw ?? null)
  const namesOf = (failed: 'now' | 'past'): readonly string[] =>
    attributes.filter((row) => row.failed === failed).map(({ name }) => name)
  const unsafe = attributes.find(({ name }) =>
    /^(?:Unsafe_Shutdown_Count|Unexpect_Power_Loss_Ct)$/i.test(name),
  )
  return {
    reallocatedSectors: rawOf(5),
    pendingSectors: rawOf(197),
    offlineUncorrectable: rawOf(198),
    reportedUncorrectable: rawOf(187),
    temperatureCelsius: temperatureOf(attributes),
    wearPercent: drive.isSolidState ? wearOf(attributes) : null,
    failingAttributes: namesOf('now'),
    pastFailedAttributes: namesOf('past'),
    details: {
      attributes,
      crcErrors: rawOf(199),
      commandTimeouts: lowWord(rawOf(188)),
      powerCycles: rawOf(12),
      startStopCycles: rawOf(4),
      unsafeShutdowns: unsafe?.raw ?? null,
      bytesWritten: bytesWrittenOf(attributes, drive.sectorBytes),
    },
  }
}

/** 188 packs three 16-bit counters on Seagate drives; the low one is usable. */
const lowWord = (raw: number | null): number | null => (raw === null ? null : raw % LOW_16_BITS)
