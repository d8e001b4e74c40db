import type { SmartDrive } from '../../domain/facts/disk.ts'
import type { MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import { GIB } from './healthy-vm.ts'

const memoryModule = (sizeGib: number, partNumber: string, configured: number): MemoryModule => ({
  sizeBytes: sizeGib * GIB,
  generation: 'DDR4',
  kind: 'RDIMM',
  formFactor: 'DIMM',
  totalWidthBits: 72,
  dataWidthBits: 64,
  rank: 2,
  ratedMegatransfersPerSecond: 3200,
  configuredMegatransfersPerSecond: configured,
  manufacturer: 'Samsung',
  partNumber,
  serialNumber: `S${partNumber.length}${sizeGib}`,
})

/** Eight slots, every other one empty, one module smaller than the rest. */
export const sickSlots: MemorySlot[] = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'D1', 'D2'].map(
  (name, position) => ({
    arrayHandle: '0x1000',
    locator: `DIMM_${name}`,
    bankLocator: null,
    module:
      position % 2 === 1
        ? null
        : memoryModule(position === 6 ? 16 : 32, position === 6 ? 'M393A2K43' : 'M393A4K40', 2666),
  }),
)

/** A drive that says it is well. */
export const quietDrive: SmartDrive = {
  device: '/dev/nvme0n1',
  protocol: 'NVMe',
  model: 'INTEL SSDPE2KX040T8',
  serialNumber: 'PHLJ0001',
  firmware: 'VDV10131',
  capacityBytes: 4_000_787_030_016,
  healthPassed: true,
  temperatureCelsius: 41,
  powerOnHours: 21_000,
  reallocatedSectors: null,
  pendingSectors: null,
  offlineUncorrectable: null,
  reportedUncorrectable: null,
  mediaErrors: 0,
  nvmeCriticalWarning: 0,
  wearPercent: 12,
  failingAttributes: [],
  pastFailedAttributes: [],
  grownDefects: null,
  scsiUncorrectedErrors: null,
}

/** A drive that fails its own test. */
export const failingDrive: SmartDrive = {
  ...quietDrive,
  device: '/dev/sdb',
  protocol: 'ATA',
  model: 'ST8000NM0055',
  serialNumber: 'ZA10XXXX',
  capacityBytes: 8_001_563_222_016,
  healthPassed: false,
  reallocatedSectors: 1288,
  pendingSectors: 64,
  offlineUncorrectable: 64,
  reportedUncorrectable: 17,
  mediaErrors: null,
  nvmeCriticalWarning: null,
  wearPercent: null,
  failingAttributes: ['Reallocated_Sector_Ct'],
}

/** SMART printed nothing that could be judged. */
export const silentDrive: SmartDrive = {
  ...quietDrive,
  device: '/dev/sdc',
  protocol: 'SCSI',
  model: null,
  serialNumber: null,
  healthPassed: null,
  temperatureCelsius: null,
  powerOnHours: null,
  mediaErrors: null,
  nvmeCriticalWarning: null,
  wearPercent: null,
}
