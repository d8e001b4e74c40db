import type { SmartDrive } from '../../../domain/facts/disk.ts'
import type { AtaAttribute } from './ata-attributes.ts'
import { pickAtaAttributes, readAtaAttributes } from './ata-attributes.ts'
import { at, finiteAt, textAt } from './json-path.ts'

/** Returns a drive of which nothing is known but its name. */
export const unknownDrive = (device: string): SmartDrive => ({
  device,
  protocol: null,
  model: null,
  serialNumber: null,
  firmware: null,
  capacityBytes: null,
  healthPassed: null,
  temperatureCelsius: null,
  powerOnHours: null,
  reallocatedSectors: null,
  pendingSectors: null,
  offlineUncorrectable: null,
  reportedUncorrectable: null,
  mediaErrors: null,
  nvmeCriticalWarning: null,
  wearPercent: null,
  failingAttributes: [],
  pastFailedAttributes: [],
  grownDefects: null,
  scsiUncorrectedErrors: null,
})

function protocolOf(document: unknown): SmartDrive['protocol'] {
  const protocol = textAt(document, 'device', 'protocol')
  if (protocol === 'ATA' || protocol === 'NVMe' || protocol === 'SCSI') return protocol
  if (at(document, 'nvme_smart_health_information_log') !== undefined) return 'NVMe'
  if (at(document, 'ata_smart_attributes') !== undefined) return 'ATA'
  return at(document, 'scsi_grown_defect_list') === undefined ? null : 'SCSI'
}

/** SAS drives of older 7.x versions have vendor and product apart. */
function modelOf(document: unknown): string | null {
  const name = textAt(document, 'model_name') ?? textAt(document, 'scsi_model_name')
  if (name !== null) return name
  const parts = [
    textAt(document, 'scsi_vendor') ?? textAt(document, 'vendor'),
    textAt(document, 'scsi_product') ?? textAt(document, 'product'),
  ]
  return parts.filter((part) => part !== null).join(' ') || null
}

function sumUncorrected(document: unknown): number | null {
  const counts = ['read', 'write', 'verify']
    .map((kind) => finiteAt(document, 'scsi_error_counter_log', kind, 'total_uncorrected_errors'))
    .filter((count) => count !== null)
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0)
}

/** NVMe and SAS say how much is used; of ATA only the device statistics log and a few attributes do. */
function wearOf(document: unknown, attributes: readonly AtaAttribute[]): number | null {
  return (
    finiteAt(document, 'nvme_smart_health_information_log', 'percentage_used') ??
    finiteAt(document, 'endurance_used', 'current_percent') ??
    finiteAt(document, 'scsi_percentage_used_endurance_indicator') ??
    pickAtaAttributes(attributes, finiteAt(document, 'rotation_rate') === 0).wearPercent
  )
}

/**
 * Returns what one document of `smartctl -j` (JSON format 1.x, smartctl 7.0 and later) says. What it does not print is
 * null. The exit status is not looked at: it is a bit mask, and with bits 3–7 set the data is good.
 */
export function readSmartDrive(device: string, document: unknown): SmartDrive {
  const attributes = readAtaAttributes(document)
  const ata = pickAtaAttributes(attributes, finiteAt(document, 'rotation_rate') === 0)
  const passed = at(document, 'smart_status', 'passed')
  const nvme = (name: string): number | null => finiteAt(document, 'nvme_smart_health_information_log', name)
  return {
    ...unknownDrive(device),
    protocol: protocolOf(document),
    model: modelOf(document),
    serialNumber: textAt(document, 'serial_number'),
    firmware:
      textAt(document, 'firmware_version') ??
      textAt(document, 'scsi_revision') ??
      textAt(document, 'revision'),
    capacityBytes: finiteAt(document, 'user_capacity', 'bytes') ?? finiteAt(document, 'nvme_total_capacity'),
    healthPassed: typeof passed === 'boolean' ? passed : null,
    temperatureCelsius: finiteAt(document, 'temperature', 'current') ?? nvme('temperature'),
    powerOnHours: finiteAt(document, 'power_on_time', 'hours') ?? nvme('power_on_hours'),
    reallocatedSectors: ata.reallocatedSectors,
    pendingSectors: ata.pendingSectors,
    offlineUncorrectable: ata.offlineUncorrectable,
    reportedUncorrectable: ata.reportedUncorrectable,
    mediaErrors: nvme('media_errors'),
    nvmeCriticalWarning: nvme('critical_warning'),
    wearPercent: wearOf(document, attributes),
    failingAttributes: attributes
      .filter((attribute) => attribute.whenFailed === 'now')
      .map(({ name }) => name),
    pastFailedAttributes: attributes
      .filter((attribute) => attribute.whenFailed === 'past')
      .map(({ name }) => name),
    grownDefects: finiteAt(document, 'scsi_grown_defect_list'),
    scsiUncorrectedErrors: sumUncorrected(document),
  }
}
