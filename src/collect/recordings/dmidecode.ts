import { readDmi } from '../formats/dmi/dmi-records.ts'
import type { DmiProcessor } from '../formats/dmi/machine.ts'
import { readDmiMachine } from '../formats/dmi/machine.ts'
import type { DmiArray, DmiMemoryDevice } from '../formats/dmi/memory-device.ts'
import { isSystemArray, readDmiMemory } from '../formats/dmi/memory-device.ts'

const MIB = 1024 ** 2

const megabytes = (bytes: number | null): number | null => (bytes === null ? null : Math.floor(bytes / MIB))

/** What firmware writes where it has no value, besides dmidecode's own words; other fillers are left as printed. */
const NO_VALUE: ReadonlySet<string> = new Set(['none', 'n/a', 'not available', '--'])
const textOrNull = (value: string | null): string | null =>
  value === null || NO_VALUE.has(value.toLowerCase()) ? null : value

const isPopulated = (status: string | null): boolean => status?.startsWith('Populated') ?? false
const isCentral = ({ type }: DmiProcessor): boolean => type === 'Central Processor'

/** Sum of what is known; null when nothing is. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

const arrayFacts = (array: DmiArray) => ({
  handle: array.handle,
  use: array.use,
  location: array.location,
  ecc: array.errorCorrection,
  max_capacity_mb: megabytes(array.maximumBytes),
  number_of_devices: array.deviceCount,
})

const deviceFacts = (device: DmiMemoryDevice) => ({
  handle: device.handle,
  array: device.arrayHandle,
  locator: device.locator,
  bank: device.bankLocator,
  state: device.state,
  size_mb: megabytes(device.sizeBytes),
  type: textOrNull(device.type),
  detail: textOrNull(device.typeDetail),
  form_factor: textOrNull(device.formFactor),
  speed_mts: device.ratedMegatransfersPerSecond,
  configured_mts: device.configuredMegatransfersPerSecond,
  manufacturer: textOrNull(device.manufacturer),
  part: textOrNull(device.partNumber),
  serial: textOrNull(device.serialNumber),
  rank: device.rank,
})

/**
 * Returns the facts in `dmidecode` text of any version: values as printed, null where dmidecode has none, sizes in MiB.
 * `slots` are all devices of system memory, `dimms` those of them that hold a module.
 */
export function readDmidecodeRecording(text: string) {
  const { toolVersion, smbiosVersion, records } = readDmi(text)
  const machine = readDmiMachine(records)
  const memory = readDmiMemory(records)
  const system = memory.arrays.filter(isSystemArray)
  const slots = memory.slots.map(deviceFacts)
  const count = (state: DmiMemoryDevice['state']): number =>
    slots.filter((slot) => slot.state === state).length
  const processors = machine.processors.filter(isCentral)
  const [board] = machine.boards
  return {
    dmidecode: toolVersion,
    smbios: smbiosVersion,
    bios: machine.bios,
    system: {
      manufacturer: textOrNull(machine.system.manufacturer),
      product: textOrNull(machine.system.product),
      serial: textOrNull(machine.system.serialNumber),
      sku: textOrNull(machine.system.sku),
      family: textOrNull(machine.system.family),
    },
    baseboard: {
      manufacturer: textOrNull(board?.manufacturer ?? null),
      product: textOrNull(board?.product ?? null),
      serial: textOrNull(board?.serialNumber ?? null),
    },
    baseboard_count: machine.boards.length,
    chassis_type: machine.chassisType,
    cpu_sockets: processors.length,
    cpu_populated: processors.filter(({ status }) => isPopulated(status)).length,
    cpus: processors.map((cpu) => ({
      socket: cpu.socket,
      status: cpu.status ?? '',
      populated: isPopulated(cpu.status),
      version: textOrNull(cpu.version),
      cores: cpu.coreCount,
      threads: cpu.threadCount,
      max_mhz: cpu.maximumMegahertz,
      current_mhz: cpu.currentMegahertz,
    })),
    arrays: memory.arrays.map(arrayFacts),
    legacy_type6: memory.fromLegacyModules,
    slots_total: slots.length,
    slots_declared: sumOrNull(system.map(({ deviceCount }) => deviceCount)) ?? 0,
    max_capacity_mb_sum: megabytes(sumOrNull(system.map(({ maximumBytes }) => maximumBytes))),
    max_capacity_mb_each: system.flatMap(({ maximumBytes }) => megabytes(maximumBytes) ?? []),
    slots_populated: count('populated'),
    slots_empty: count('empty'),
    slots_unknown: count('unknown'),
    installed_mb: megabytes(sumOrNull(memory.slots.map(({ sizeBytes }) => sizeBytes)) ?? 0),
    dimms: slots.filter(({ state }) => state === 'populated'),
    slots,
    other_devices: memory.otherDevices.map(deviceFacts),
  }
}
