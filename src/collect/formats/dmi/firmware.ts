import type { FirmwareFacts, HardwareIdentity, ProcessorSocket } from '../../../domain/facts/system.ts'
import { fillerToNull } from '../filler.ts'
import type { DmiTable } from './dmi-records.ts'
import type { DmiIdentity, DmiProcessor } from './machine.ts'
import { readDmiMachine } from './machine.ts'

const identityOf = (printed: DmiIdentity): HardwareIdentity => ({
  manufacturer: fillerToNull(printed.manufacturer),
  product: fillerToNull(printed.product),
  version: fillerToNull(printed.version),
  serialNumber: fillerToNull(printed.serialNumber),
  assetTag: fillerToNull(printed.assetTag),
})

const socketOf = (printed: DmiProcessor): ProcessorSocket => ({
  socket: fillerToNull(printed.socket),
  populated: printed.status === null ? null : printed.status.startsWith('Populated'),
  status: printed.status,
  manufacturer: fillerToNull(printed.manufacturer),
  version: fillerToNull(printed.version),
  signature: fillerToNull(printed.signature),
  coreCount: printed.coreCount,
  enabledCoreCount: printed.enabledCoreCount,
  threadCount: printed.threadCount,
  maximumMegahertz: printed.maximumMegahertz,
  currentMegahertz: printed.currentMegahertz,
})

/** A coprocessor is no socket; an empty socket may have no known type. */
const isSocket = ({ type }: DmiProcessor): boolean => type === null || type === 'Central Processor'

/** Returns the machine that dmidecode describes, fillers of the firmware as null. Types that were not printed are null or empty. */
export function readFirmware({ smbiosVersion, records }: DmiTable): FirmwareFacts {
  const machine = readDmiMachine(records)
  return {
    smbiosVersion,
    bios: {
      vendor: fillerToNull(machine.bios.vendor),
      version: fillerToNull(machine.bios.version),
      date: fillerToNull(machine.bios.date),
    },
    system: {
      ...identityOf(machine.system),
      sku: fillerToNull(machine.system.sku),
      family: fillerToNull(machine.system.family),
    },
    boards: machine.boards.map(identityOf),
    chassisType: fillerToNull(machine.chassisType),
    processors: machine.processors.filter(isSocket).map(socketOf),
  }
}
