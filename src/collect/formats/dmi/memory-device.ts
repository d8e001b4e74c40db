import { parseCount } from '../count.ts'
import type { DmiRecord } from './dmi-records.ts'
import { normaliseHandle } from './dmi-records.ts'
import {
  parseDmiBits,
  parseDmiCount,
  parseDmiSize,
  parseDmiSpeed,
  parseDmiVolts,
  statedOrNull,
} from './dmi-values.ts'

const CONTROLLER_TYPE = 5
const MODULE_TYPE = 6
const ARRAY_TYPE = 16
const DEVICE_TYPE = 17
const SYSTEM_MEMORY = 'System Memory'

/** A physical memory array (type 16) as printed. */
export interface DmiArray {
  readonly handle: string
  readonly use: string | null
  readonly location: string | null
  readonly errorCorrection: string | null
  readonly errorInformation: string | null
  readonly maximumBytes: number | null
  readonly deviceCount: number | null
}

/** A memory device (type 17), or a module of the old type 6, as printed: fillers of the firmware are still in it. */
export interface DmiMemoryDevice {
  readonly handle: string
  readonly arrayHandle: string | null
  readonly locator: string | null
  readonly bankLocator: string | null
  readonly set: number | null
  /** `unknown`: the record has no size, or says "Unknown". */
  readonly state: 'populated' | 'empty' | 'unknown'
  /** The firmware says outright that it does not use the module (type 6, sizes "Disabled"). */
  readonly saysDisabled: boolean
  /** False for a record without a size: cut short, or of a dmidecode that prints none. */
  readonly saysSize: boolean
  /** Null unless populated. */
  readonly sizeBytes: number | null
  readonly type: string | null
  readonly typeDetail: string | null
  readonly formFactor: string | null
  readonly totalWidthBits: number | null
  readonly dataWidthBits: number | null
  readonly rank: number | null
  readonly ratedMegatransfersPerSecond: number | null
  readonly configuredMegatransfersPerSecond: number | null
  readonly manufacturer: string | null
  readonly partNumber: string | null
  readonly serialNumber: string | null
  readonly assetTag: string | null
  readonly technology: string | null
  readonly operatingModes: string | null
  readonly firmwareVersion: string | null
  readonly manufacturerId: string | null
  readonly nonVolatileBytes: number | null
  readonly volatileBytes: number | null
  readonly minimumVolts: number | null
  readonly maximumVolts: number | null
  readonly configuredVolts: number | null
  /** `No Error`, or the handle of the record with the last error; null where the firmware keeps none. */
  readonly errorInformation: string | null
}

/** The memory that a firmware's table lists. */
export interface DmiMemory {
  readonly arrays: readonly DmiArray[]
  /** The memory controllers (type 5) of tables from before arrays, in the same words. */
  readonly controllers: readonly DmiArray[]
  /** Devices of arrays that are system memory. */
  readonly slots: readonly DmiMemoryDevice[]
  /** Devices of flash, video or cache arrays. */
  readonly otherDevices: readonly DmiMemoryDevice[]
  /** True where the table has no type 17, so that the slots are its old type 6 records. */
  readonly fromLegacyModules: boolean
}

type Fields = ReadonlyMap<string, string>

const handleOrNull = (value: string | undefined): string | null =>
  value !== undefined && /^0x[0-9A-Fa-f]{1,8}$/.test(value) ? normaliseHandle(value) : null

const toArray = ({ handle, fields }: DmiRecord): DmiArray => ({
  handle,
  use: statedOrNull(fields.get('Use')),
  location: fields.get('Location') || null,
  errorCorrection: fields.get('Error Correction Type') || null,
  errorInformation: statedOrNull(fields.get('Error Information Handle')),
  maximumBytes: parseDmiSize(fields.get('Maximum Capacity')),
  deviceCount: parseCount(fields.get('Number Of Devices')),
})

const toControllerArray = ({ handle, fields }: DmiRecord): DmiArray => ({
  handle,
  use: SYSTEM_MEMORY,
  location: null,
  errorCorrection: null,
  errorInformation: null,
  maximumBytes: parseDmiSize(fields.get('Maximum Total Memory Size')),
  deviceCount: parseCount(fields.get('Associated Memory Slots')),
})

/** Sizes that are words: "No Module Installed" and "Not Installed" are empty, the rest tells nothing. */
function stateOf(size: string | undefined, bytes: number | null): DmiMemoryDevice['state'] {
  if (bytes !== null) return bytes > 0 ? 'populated' : 'empty'
  return /^(?:no module installed|not installed)/i.test(size ?? '') ? 'empty' : 'unknown'
}

const speedsOf = (
  fields: Fields,
): Pick<DmiMemoryDevice, 'ratedMegatransfersPerSecond' | 'configuredMegatransfersPerSecond'> => ({
  ratedMegatransfersPerSecond: parseDmiSpeed(fields.get('Speed') ?? fields.get('Current Speed')),
  configuredMegatransfersPerSecond: parseDmiSpeed(
    fields.get('Configured Memory Speed') ?? fields.get('Configured Clock Speed'),
  ),
})

function toDevice({ handle, fields }: DmiRecord): DmiMemoryDevice {
  const size = fields.get('Size') ?? fields.get('Installed Size')
  const bytes = parseDmiSize(size)
  const state = stateOf(size, bytes)
  const stated = (label: string): string | null => statedOrNull(fields.get(label))
  const locator = fields.get('Locator') ?? fields.get('Socket Designation') ?? fields.get('Socket')
  return {
    handle,
    arrayHandle: handleOrNull(fields.get('Array Handle')),
    locator: locator ?? null,
    bankLocator: fields.get('Bank Locator') ?? null,
    set: parseCount(fields.get('Set')),
    state,
    saysDisabled: /^disabled/i.test(size ?? '') || /^disabled/i.test(fields.get('Enabled Size') ?? ''),
    saysSize: size !== undefined,
    sizeBytes: state === 'populated' ? bytes : null,
    type: stated('Type'),
    typeDetail: stated('Type Detail'),
    formFactor: stated('Form Factor'),
    totalWidthBits: parseDmiBits(fields.get('Total Width')),
    dataWidthBits: parseDmiBits(fields.get('Data Width')),
    rank: parseDmiCount(fields.get('Rank')),
    ...speedsOf(fields),
    manufacturer: stated('Manufacturer'),
    partNumber: stated('Part Number'),
    serialNumber: stated('Serial Number'),
    assetTag: stated('Asset Tag'),
    technology: stated('Memory Technology'),
    operatingModes: stated('Memory Operating Mode Capability'),
    firmwareVersion: stated('Firmware Version'),
    manufacturerId: stated('Module Manufacturer ID'),
    nonVolatileBytes: parseDmiSize(fields.get('Non-Volatile Size')),
    volatileBytes: parseDmiSize(fields.get('Volatile Size')),
    minimumVolts: parseDmiVolts(fields.get('Minimum Voltage')),
    maximumVolts: parseDmiVolts(fields.get('Maximum Voltage')),
    configuredVolts: parseDmiVolts(fields.get('Configured Voltage')),
    errorInformation: stated('Error Information Handle'),
  }
}

/**
 * Returns arrays and devices. A device whose array is not listed counts as system memory, unless every array has
 * another use; so does a device of an array of unknown use. Tables without type 17 (SMBIOS 2.0) are read from type 6.
 * Source: DMTF DSP0134, dmidecode 2.0–3.6.
 */
export function readDmiMemory(records: readonly DmiRecord[]): DmiMemory {
  const ofType = (type: number): readonly DmiRecord[] => records.filter((record) => record.type === type)
  const arrays = ofType(ARRAY_TYPE).map(toArray)
  const uses = new Map(arrays.map(({ handle, use }) => [handle, use]))
  const isSystem = (use: string | null | undefined): boolean => use === SYSTEM_MEMORY || use === null
  const anySystem = arrays.length === 0 || arrays.some(({ use }) => isSystem(use))
  const devices = ofType(DEVICE_TYPE)
  const fromLegacyModules = devices.length === 0 && records.some(({ type }) => type === MODULE_TYPE)
  const listed = (fromLegacyModules ? ofType(MODULE_TYPE) : devices).map(toDevice)
  const ofSystem = ({ arrayHandle }: DmiMemoryDevice): boolean =>
    arrayHandle !== null && uses.has(arrayHandle) ? isSystem(uses.get(arrayHandle)) : anySystem
  return {
    arrays,
    controllers: ofType(CONTROLLER_TYPE).map(toControllerArray),
    slots: listed.filter(ofSystem),
    otherDevices: listed.filter((device) => !ofSystem(device)),
    fromLegacyModules,
  }
}

/** Returns true for an array whose devices are slots for system memory. */
export const isSystemArray = ({ use }: Pick<DmiArray, 'use'>): boolean =>
  use === SYSTEM_MEMORY || use === null
