import type {
  MemoryArray,
  MemoryInventory,
  MemoryModule,
  MemorySlot,
  MemorySlotState,
} from '../../../domain/facts/memory.ts'
import { readDmi } from '../../formats/dmi/dmi-records.ts'
import { readFirmware } from '../../formats/dmi/firmware.ts'
import type { DmiArray, DmiMemoryDevice } from '../../formats/dmi/memory-device.ts'
import { readDmiMemory } from '../../formats/dmi/memory-device.ts'
import { fillerToNull } from '../../formats/filler.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** "None" is a true answer here: no error correction. */
const correctionOf = (value: string | null): string | null => (value === 'None' ? value : fillerToNull(value))

/** Words of a list, not free text: "Other" is an answer of the firmware, "Unknown" and "<OUT OF SPEC>" are none. */
const wordOrNull = (value: string | null): string | null => (value === 'Other' ? value : fillerToNull(value))

const toArray = (array: DmiArray): MemoryArray => ({
  handle: array.handle,
  use: wordOrNull(array.use),
  location: wordOrNull(array.location),
  errorCorrection: correctionOf(array.errorCorrection),
  maximumBytes: array.maximumBytes,
  slotCount: array.deviceCount,
})

const saysAnything = ({ maximumBytes, deviceCount }: DmiArray): boolean =>
  maximumBytes !== null || deviceCount !== null

/** Type Detail is a list of bits; LRDIMM is more special than Registered. Firmware that sets none tells nothing. */
function kindOf(detail: string | null): MemoryModule['kind'] {
  const words = detail ?? ''
  if (words.includes('LRDIMM')) return 'LRDIMM'
  if (words.includes('Unbuffered')) return 'UDIMM'
  return words.includes('Registered (Buffered)') ? 'RDIMM' : null
}

/** Part numbers of Intel Optane persistent memory (100, 200, 300 series), for versions that know no technology. */
const OPTANE_PART = /^NM[A-C]1X/
const PERSISTENT_TECHNOLOGY = /^(?:NVDIMM|Intel Optane|Intel persistent)/i

const isPersistent = (device: DmiMemoryDevice): boolean =>
  PERSISTENT_TECHNOLOGY.test(device.technology ?? '') ||
  /^logical non-volatile/i.test(device.type ?? '') ||
  /persistent/i.test(device.operatingModes ?? '') ||
  (device.nonVolatileBytes ?? 0) > 0 ||
  OPTANE_PART.test(device.partNumber ?? '')

/** Some firmwares print the bytes of the text: `0x4D33393341324B3430` is M393A2K40. */
function partNumberOf(printed: string | null): string | null {
  const digits = /^0x((?:[0-9A-F]{2}){6,32})$/i.exec(printed ?? '')?.[1]
  if (digits === undefined) return fillerToNull(printed)
  const characters = (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
  const decoded = characters.join('').replace(/[\0 ]{1,64}$/, '')
  return /^[A-Za-z0-9][\w ./+-]{3,63}$/.test(decoded) ? fillerToNull(decoded) : fillerToNull(printed)
}

const toModule = (device: DmiMemoryDevice): MemoryModule => ({
  sizeBytes: device.sizeBytes,
  generation: wordOrNull(device.type),
  kind: kindOf(device.typeDetail),
  detail: wordOrNull(device.typeDetail),
  formFactor: wordOrNull(device.formFactor),
  technology: wordOrNull(device.technology),
  isPersistent: isPersistent(device),
  totalWidthBits: device.totalWidthBits,
  dataWidthBits: device.dataWidthBits,
  rank: device.rank,
  ratedMegatransfersPerSecond: device.ratedMegatransfersPerSecond,
  configuredMegatransfersPerSecond: device.configuredMegatransfersPerSecond,
  minimumVolts: device.minimumVolts,
  maximumVolts: device.maximumVolts,
  configuredVolts: device.configuredVolts,
  manufacturer: fillerToNull(device.manufacturer),
  manufacturerId: wordOrNull(device.manufacturerId),
  partNumber: partNumberOf(device.partNumber),
  serialNumber: fillerToNull(device.serialNumber),
  assetTag: fillerToNull(device.assetTag),
  firmwareVersion: fillerToNull(device.firmwareVersion),
})

/**
 * "No Module Installed" beside a true part number and a speed is a module that the firmware found and does not use
 * (failed training, mapped out); an empty slot has neither, whatever filler stands there.
 */
function slotStateOf(device: DmiMemoryDevice): MemorySlotState {
  if (device.saysDisabled) return 'disabled'
  const isKnown = fillerToNull(device.partNumber) !== null && device.ratedMegatransfersPerSecond !== null
  return device.state === 'empty' && isKnown ? 'disabled' : device.state
}

function toSlot(device: DmiMemoryDevice): MemorySlot {
  const state = slotStateOf(device)
  const hasModule = state === 'populated' || state === 'disabled' || (state === 'unknown' && device.saysSize)
  return {
    handle: device.handle,
    arrayHandle: device.arrayHandle,
    locator: fillerToNull(device.locator),
    bankLocator: fillerToNull(device.bankLocator),
    set: device.set,
    state,
    // What the firmware does not use is not installed memory.
    module: hasModule ? toModule(state === 'disabled' ? { ...device, sizeBytes: null } : device) : null,
    errorInformation: device.errorInformation,
  }
}

/**
 * Returns arrays (SMBIOS type 16), the slots (type 17) that belong to system memory, the devices that do not, and the
 * machine around them; for tables from before SMBIOS 2.1 types 5 and 6 take their place. Source: DMTF DSP0134, dmidecode 2.x–3.x.
 */
export function parseInventory({ stdout }: RawSection): Parsed<MemoryInventory> {
  const table = readDmi(stdout)
  const { arrays, controllers, slots, otherDevices } = readDmiMemory(table.records)
  if (arrays.length > 0 || slots.length > 0)
    return {
      value: {
        arrays: (arrays.length > 0 ? arrays : controllers.filter(saysAnything)).map(toArray),
        slots: slots.map(toSlot),
        otherDevices: otherDevices.map(toSlot),
        firmware: readFirmware(table),
      },
    }
  if (/No SMBIOS nor DMI entry point found/i.test(stdout))
    return { absent: 'unsupported', why: 'this system has no SMBIOS table' }
  if (/SMBIOS .{0,40}present|structures occupying|DMI type/i.test(stdout))
    return { absent: 'no_data', why: 'the SMBIOS table lists no memory' }
  return unparseable('no dmidecode record in the output')
}
