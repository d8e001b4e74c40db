import type { DmiRecord } from './dmi-records.ts'
import { parseDmiCount, parseDmiSpeed, statedOrNull } from './dmi-values.ts'

/** Maker, model and numbers of the system, a board or the chassis, as printed: fillers of the firmware are still in it. */
export interface DmiIdentity {
  readonly manufacturer: string | null
  readonly product: string | null
  readonly version: string | null
  readonly serialNumber: string | null
  readonly assetTag: string | null
}

/** One processor socket (type 4) as printed. */
export interface DmiProcessor {
  readonly socket: string | null
  /** `Central Processor`; null where firmware and dmidecode give no known type, as some do for an empty socket. */
  readonly type: string | null
  /** `Populated, Enabled`, `Unpopulated`; null where old versions print none. */
  readonly status: string | null
  readonly manufacturer: string | null
  readonly version: string | null
  readonly family: string | null
  /** CPUID bytes as printed: `57 06 05 00 FF FB EB BF`. */
  readonly id: string | null
  readonly signature: string | null
  readonly coreCount: number | null
  readonly enabledCoreCount: number | null
  readonly threadCount: number | null
  readonly maximumMegahertz: number | null
  readonly currentMegahertz: number | null
}

/** The machine that a firmware's table describes. */
export interface DmiMachine {
  readonly bios: {
    readonly vendor: string | null
    readonly version: string | null
    readonly date: string | null
  }
  readonly system: DmiIdentity & { readonly sku: string | null; readonly family: string | null }
  readonly boards: readonly DmiIdentity[]
  readonly chassisType: string | null
  readonly processors: readonly DmiProcessor[]
}

type Fields = ReadonlyMap<string, string>
const NO_FIELDS: Fields = new Map()

/** First of the labels that the record has: dmidecode before 2.3 used others. */
const first = (fields: Fields, labels: readonly string[]): string | undefined =>
  labels.map((label) => fields.get(label)).find((value) => value !== undefined)

const identityOf = (fields: Fields): DmiIdentity => ({
  manufacturer: statedOrNull(first(fields, ['Manufacturer', 'Vendor'])),
  product: statedOrNull(first(fields, ['Product Name', 'Product'])),
  version: statedOrNull(fields.get('Version')),
  serialNumber: statedOrNull(fields.get('Serial Number')),
  assetTag: statedOrNull(fields.get('Asset Tag')),
})

const processorOf = ({ fields }: DmiRecord): DmiProcessor => ({
  socket: fields.get('Socket Designation') ?? null,
  type: statedOrNull(first(fields, ['Type', 'Processor Type'])),
  status: fields.get('Status') || null,
  manufacturer: statedOrNull(first(fields, ['Manufacturer', 'Processor Manufacturer'])),
  version: statedOrNull(first(fields, ['Version', 'Processor Version'])),
  family: statedOrNull(first(fields, ['Family', 'Processor Family'])),
  id: statedOrNull(fields.get('ID')),
  signature: statedOrNull(fields.get('Signature')),
  coreCount: parseDmiCount(fields.get('Core Count')),
  enabledCoreCount: parseDmiCount(fields.get('Core Enabled')),
  threadCount: parseDmiCount(fields.get('Thread Count')),
  maximumMegahertz: parseDmiSpeed(fields.get('Max Speed')),
  currentMegahertz: parseDmiSpeed(fields.get('Current Speed')),
})

/** Returns what types 0, 1, 2, 3 and 4 say; of a type that should be there once the first record counts. */
export function readDmiMachine(records: readonly DmiRecord[]): DmiMachine {
  const ofType = (type: number): readonly DmiRecord[] => records.filter((record) => record.type === type)
  const [bios, system, chassis] = [0, 1, 3].map((type) => ofType(type)[0]?.fields ?? NO_FIELDS)
  return {
    bios: {
      vendor: statedOrNull(bios?.get('Vendor')),
      version: statedOrNull(bios?.get('Version')),
      date: statedOrNull(first(bios ?? NO_FIELDS, ['Release Date', 'Release'])),
    },
    system: {
      ...identityOf(system ?? NO_FIELDS),
      sku: statedOrNull(system?.get('SKU Number')),
      family: statedOrNull(system?.get('Family')),
    },
    boards: ofType(2).map(({ fields }) => identityOf(fields)),
    chassisType: statedOrNull(first(chassis ?? NO_FIELDS, ['Type', 'Chassis Type'])),
    processors: ofType(4).map(processorOf),
  }
}
