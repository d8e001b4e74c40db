import type { MemoryArray, MemoryInventory, MemoryModule, MemorySlot } from '../../../domain/facts/memory.ts'
import { parseCount } from '../../formats/count.ts'
import { fillerToNull } from '../../formats/filler.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import type { DmiRecord } from './parse-dmidecode.ts'
import { normaliseHandle, parseDmidecode, parseDmiSize } from './parse-dmidecode.ts'

const ARRAY_TYPE = 16
const DEVICE_TYPE = 17
const SYSTEM_MEMORY = 'System Memory'

/** "None" is a true answer here: no error correction. */
const correctionOf = (value: string | undefined): string | null =>
  value === 'None' ? value : fillerToNull(value)

const toArray = ({ handle, fields }: DmiRecord): MemoryArray => ({
  handle,
  use: fillerToNull(fields.get('Use')),
  errorCorrection: correctionOf(fields.get('Error Correction Type')),
  maximumBytes: parseDmiSize(fields.get('Maximum Capacity')),
  slotCount: parseCount(fields.get('Number Of Devices')),
})

/** `72 bits`; 0 bits is what firmware writes for "not known". */
function bitsOf(value: string | undefined): number | null {
  const bits = parseCount(/^(\d{1,5}) bits?$/.exec(value ?? '')?.[1])
  return bits === 0 ? null : bits
}

/** dmidecode before 3.1 says MHz for what is megatransfers per second; some versions add `(0.3 ns)`. */
function transfersOf(value: string | undefined): number | null {
  const speed = parseCount(/^(\d{1,6}) (?:MT\/s|MHz)/.exec(value ?? '')?.[1])
  return speed === 0 ? null : speed
}

/** Type Detail is a list of bits; LRDIMM is more special than Registered. Firmware that sets none tells nothing. */
function kindOf(detail: string | undefined): MemoryModule['kind'] {
  const words = detail ?? ''
  if (words.includes('LRDIMM')) return 'LRDIMM'
  if (words.includes('Unbuffered')) return 'UDIMM'
  return words.includes('Registered (Buffered)') ? 'RDIMM' : null
}

/** Words of a list, not free text: "Other" is an answer of the firmware, "Unknown" and "<OUT OF SPEC>" are none. */
const wordOrNull = (value: string | undefined): string | null =>
  value === 'Other' ? value : fillerToNull(value)

function toModule(fields: ReadonlyMap<string, string>): MemoryModule {
  const configured = fields.get('Configured Memory Speed') ?? fields.get('Configured Clock Speed')
  const rank = parseCount(fields.get('Rank'))
  return {
    sizeBytes: parseDmiSize(fields.get('Size')),
    generation: wordOrNull(fields.get('Type')),
    kind: kindOf(fields.get('Type Detail')),
    formFactor: wordOrNull(fields.get('Form Factor')),
    totalWidthBits: bitsOf(fields.get('Total Width')),
    dataWidthBits: bitsOf(fields.get('Data Width')),
    rank: rank === 0 ? null : rank,
    ratedMegatransfersPerSecond: transfersOf(fields.get('Speed')),
    configuredMegatransfersPerSecond: transfersOf(configured),
    manufacturer: fillerToNull(fields.get('Manufacturer')),
    partNumber: fillerToNull(fields.get('Part Number')),
    serialNumber: fillerToNull(fields.get('Serial Number')),
  }
}

/** Size "No Module Installed" (and a size of nothing) is an empty slot; "Unknown" is a module of unknown size. */
function toSlot({ fields }: DmiRecord): MemorySlot {
  const size = fields.get('Size')
  const empty = size === 'No Module Installed' || parseDmiSize(size) === 0
  const array = fields.get('Array Handle')
  return {
    arrayHandle: array === undefined || !/^0x/i.test(array) ? null : normaliseHandle(array),
    locator: fillerToNull(fields.get('Locator')),
    bankLocator: fillerToNull(fields.get('Bank Locator')),
    module: empty ? null : toModule(fields),
  }
}

/**
 * Returns arrays (SMBIOS type 16) and the slots (type 17) that belong to system memory. A slot without a known array
 * counts as system memory, unless every array has another use (flash, video). Source: DMTF DSP0134, dmidecode 2.x–3.x.
 */
export function parseInventory({ stdout }: RawSection): Parsed<MemoryInventory> {
  const records = parseDmidecode(stdout)
  const arrays = records.filter((record) => record.type === ARRAY_TYPE).map(toArray)
  const useByHandle = new Map(arrays.map((array) => [array.handle, array.use]))
  const anySystem =
    arrays.length === 0 || arrays.some((array) => array.use === SYSTEM_MEMORY || array.use === null)
  const slots = records
    .filter((record) => record.type === DEVICE_TYPE && record.fields.has('Size'))
    .map(toSlot)
    .filter(({ arrayHandle }) => {
      if (arrayHandle === null || !useByHandle.has(arrayHandle)) return anySystem
      const use = useByHandle.get(arrayHandle) ?? null
      return use === SYSTEM_MEMORY || use === null
    })
  if (arrays.length > 0 || slots.length > 0) return { value: { arrays, slots } }
  if (/No SMBIOS nor DMI entry point found/i.test(stdout))
    return { absent: 'unsupported', why: 'this system has no SMBIOS table' }
  if (/SMBIOS .{0,40}present|structures occupying|DMI type/i.test(stdout))
    return { absent: 'no_data', why: 'the SMBIOS table lists no memory' }
  return unparseable('no dmidecode record in the output')
}
