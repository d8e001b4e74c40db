import { at, finiteAt, textAt } from './json-path.ts'

/** One row of the ATA attribute table. */
export interface AtaAttribute {
  readonly id: number
  readonly name: string
  /** Normalised: 100 or 200 new, falling. */
  readonly normalised: number | null
  readonly raw: number | null
  readonly whenFailed: 'now' | 'past' | null
}

/** Returns the rows of `ata_smart_attributes.table`; `when_failed` is "now", "past" or empty (smartctl JSON 7.x). */
export function readAtaAttributes(document: unknown): readonly AtaAttribute[] {
  const table = at(document, 'ata_smart_attributes', 'table')
  if (!Array.isArray(table)) return []
  return table.flatMap((row: unknown): readonly AtaAttribute[] => {
    const id = finiteAt(row, 'id')
    if (id === null) return []
    const failed = textAt(row, 'when_failed')
    return [
      {
        id,
        name: textAt(row, 'name') ?? `attribute_${id}`,
        normalised: finiteAt(row, 'value'),
        raw: finiteAt(row, 'raw', 'value'),
        whenFailed: failed === 'now' || failed === 'past' ? failed : null,
      },
    ]
  })
}

/** Some makers pack counters into the upper words of these; the low 16 bits are the count then. */
const LOW_16_BITS = 0x1_0000
const PACKED_LIMIT = 0x1_0000_0000

const unpack = (raw: number | null): number | null =>
  raw === null ? null : raw >= PACKED_LIMIT ? raw % LOW_16_BITS : raw

/** Wear attributes whose normalised value falls from 100 (new) to 0, with names that say so; makers use the ids for other things too. */
const WEAR_NAMES: readonly RegExp[] = [
  /^Percent_Lifetime_Remain$/i,
  /^SSD_Life_Left$/i,
  /^Media_Wearout_Indicator$/i,
  /^Wear_Leveling_Count$/i,
  /^Remaining_Lifetime_Perc$/i,
]

export interface AtaCounts {
  readonly reallocatedSectors: number | null
  readonly pendingSectors: number | null
  readonly offlineUncorrectable: number | null
  readonly reportedUncorrectable: number | null
  /** From the normalised value of a wear attribute, on SSDs only; null elsewhere. */
  readonly wearPercent: number | null
}

/** Returns the counters that matter: attributes 5, 197, 198, 187 and wear. Null for an attribute the drive has not. */
export function pickAtaAttributes(attributes: readonly AtaAttribute[], isSolidState: boolean): AtaCounts {
  const rawOf = (id: number): number | null => unpack(attributes.find((row) => row.id === id)?.raw ?? null)
  const wear = isSolidState
    ? attributes.find(({ name }) => WEAR_NAMES.some((pattern) => pattern.test(name)))?.normalised
    : undefined
  return {
    reallocatedSectors: rawOf(5),
    pendingSectors: rawOf(197),
    offlineUncorrectable: rawOf(198),
    reportedUncorrectable: rawOf(187),
    wearPercent: wear == null || wear > 100 ? null : 100 - wear,
  }
}
