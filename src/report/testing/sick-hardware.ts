import type { DriveOutlook } from '../../domain/assessment.ts'
import type { SmartDrive } from '../../domain/facts/disk.ts'
import type { MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import type { FirmwareFacts } from '../../domain/facts/system.ts'
import { text } from '../../domain/text.ts'
import { GIB } from './healthy-vm.ts'

const memoryModule = (sizeGib: number, partNumber: string, configured: number): MemoryModule => ({
  sizeBytes: sizeGib * GIB,
  generation: 'DDR4',
  kind: 'RDIMM',
  detail: null,
  technology: null,
  isPersistent: false,
  minimumVolts: null,
  maximumVolts: null,
  configuredVolts: null,
  manufacturerId: null,
  assetTag: null,
  firmwareVersion: null,
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
    handle: `0x11${String(position).padStart(2, '0')}`,
    arrayHandle: '0x1000',
    set: null,
    state: position % 2 === 1 ? 'empty' : 'populated',
    errorInformation: null,
    locator: `DIMM_${name}`,
    bankLocator: null,
    module:
      position % 2 === 1
        ? null
        : memoryModule(position === 6 ? 16 : 32, position === 6 ? 'M393A2K43' : 'M393A4K40', 2666),
  }),
)

/** A firmware whose table lists memory alone. */
export const silentFirmware: FirmwareFacts = {
  smbiosVersion: '3.2.0',
  bios: { vendor: null, version: null, date: null },
  system: {
    manufacturer: null,
    product: null,
    version: null,
    serialNumber: null,
    assetTag: null,
    sku: null,
    family: null,
  },
  boards: [],
  chassisType: null,
  processors: [],
}

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

/** What is expected of the three drives. */
export const sickOutlooks: DriveOutlook[] = [
  {
    device: '/dev/nvme0n1',
    risk: {
      scorePercent: 0,
      contributions: [],
      explanation: text('更换风险 0/100', 'Replacement risk 0/100'),
    },
    remainingLifeHours: 154_000,
  },
  { device: '/dev/sdc', risk: null, remainingLifeHours: null },
  {
    device: '/dev/sdb',
    risk: {
      scorePercent: 99,
      contributions: [
        { sign: 'healthFailed', reading: 1, riskPercent: 95 },
        { sign: 'pendingSectors', reading: 64, riskPercent: 68 },
        { sign: 'reallocatedSectors', reading: 1288, riskPercent: 40 },
      ],
      explanation: text(
        '更换风险 99/100:自检判定失败 1 (+95)、待映射扇区 64 (+68)、已重映射扇区 1288 (+40)',
        'Replacement risk 99/100: self-assessment failed 1 (+95), pending sectors 64 (+68), reallocated sectors 1288 (+40)',
      ),
    },
    remainingLifeHours: null,
  },
]
