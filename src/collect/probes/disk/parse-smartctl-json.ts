import type { DriveAccess, SmartDetails, SmartDrive, SmartSelfTests } from '../../../domain/facts/disk.ts'
import { readAtaAttributes, readAtaFacts } from './ata-attributes.ts'
import { at, finiteAt, textAt } from './json-path.ts'
import { selfTestOutcome, summariseSelfTests } from './self-tests.ts'
import { accessOf, unknownDetails, unknownDrive } from './smart-drive.ts'

const NVME = 'nvme_smart_health_information_log'
/** One data unit is 1,000 blocks of 512 bytes. Source: NVMe Base Specification 2.0, Data Units Written. */
const NVME_DATA_UNIT_BYTES = 512_000

function protocolOf(document: unknown): SmartDrive['protocol'] {
  const protocol = textAt(document, 'device', 'protocol')
  if (protocol === 'ATA' || protocol === 'NVMe' || protocol === 'SCSI') return protocol
  if (at(document, NVME) !== undefined) return 'NVMe'
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

/** Returns a value of the ATA device statistics log (`-l devstat`) by its name, or null where it is not valid. */
function statistic(document: unknown, name: RegExp): number | null {
  const pages = at(document, 'ata_device_statistics', 'pages')
  if (!Array.isArray(pages)) return null
  for (const page of pages) {
    const table = at(page, 'table')
    if (!Array.isArray(table)) continue
    const row: unknown = table.find((one: unknown) => name.test(textAt(one, 'name') ?? ''))
    if (row !== undefined && at(row, 'flags', 'valid') !== false) return finiteAt(row, 'value')
  }
  return null
}

function selfTestsOf(document: unknown): SmartSelfTests | null {
  const log =
    at(document, 'ata_smart_self_test_log', 'extended') ??
    at(document, 'ata_smart_self_test_log', 'standard') ??
    at(document, 'nvme_self_test_log')
  const table = at(log, 'table')
  if (!Array.isArray(table)) return null
  return summariseSelfTests(
    table.map((row: unknown) => ({
      kind: textAt(row, 'type', 'string') ?? textAt(row, 'self_test_code', 'string'),
      outcome: selfTestOutcome(
        textAt(row, 'status', 'string') ?? textAt(row, 'self_test_result', 'string') ?? '',
      ),
      atPowerOnHours: finiteAt(row, 'lifetime_hours') ?? finiteAt(row, 'power_on_hours'),
    })),
  )
}

/** smartctl gives the speed as units per second and bits per unit: 60 and 100,000,000 are 6 Gb/s. */
function gigabits(document: unknown, which: 'current' | 'max'): number | null {
  const units = finiteAt(document, 'interface_speed', which, 'units_per_second')
  const bits = finiteAt(document, 'interface_speed', which, 'bits_per_unit')
  return units === null || bits === null ? null : (units * bits) / 1e9
}

function wwnOf(document: unknown): string | null {
  const [naa, oui, id] = ['naa', 'oui', 'id'].map((part) => finiteAt(document, 'wwn', part))
  if (naa == null || oui == null || id == null) return textAt(document, 'logical_unit_id')
  if (oui === 0 && id === 0) return null
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0')
  return `0x${hex(naa, 1)}${hex(oui, 6)}${hex(id, 9)}`
}

const messagesOf = (document: unknown): string => {
  const messages = at(document, 'smartctl', 'messages')
  if (!Array.isArray(messages)) return ''
  return messages
    .map((message: unknown) => textAt(message, 'string') ?? '')
    .join('\n')
    .slice(0, 500)
    .trim()
}

/** Bit 3 of the exit status is "DISK FAILING", also where a bridge hides the status itself (smartctl(8)). */
const FAILING_BIT = 8

function healthOf(document: unknown, exitStatus: number | null): boolean | null {
  const passed = at(document, 'smart_status', 'passed')
  if (typeof passed === 'boolean') return passed
  return exitStatus !== null && (exitStatus & FAILING_BIT) !== 0 ? false : null
}

function accessOfDocument(document: unknown, messages: string): DriveAccess {
  const knowsNothing =
    modelOf(document) === null &&
    at(document, 'ata_smart_attributes') === undefined &&
    at(document, 'smart_status') === undefined
  if (!knowsNothing) return 'answered'
  return accessOf(messages) ?? 'no_answer'
}

type Counters = Omit<SmartDetails, 'access' | 'message' | 'attributes' | 'commandTimeouts' | 'crcErrors'>

function countersOf(document: unknown, ata: SmartDetailsOfAta): Counters {
  const nvme = (name: string): number | null => finiteAt(document, NVME, name)
  const units = nvme('data_units_written')
  const enabled = at(document, 'smart_support', 'enabled')
  const sectors = statistic(document, /^Logical Sectors Written$/i)
  const sectorBytes = finiteAt(document, 'logical_block_size') ?? 512
  return {
    wwn: wwnOf(document),
    rotationRpm: finiteAt(document, 'rotation_rate'),
    formFactor: textAt(document, 'form_factor', 'name'),
    interfaceMaxGigabits: gigabits(document, 'max'),
    interfaceGigabits: gigabits(document, 'current'),
    smartEnabled: typeof enabled === 'boolean' ? enabled : null,
    temperatureWarnCelsius:
      finiteAt(document, 'temperature', 'op_limit_max') ??
      finiteAt(document, 'nvme_composite_temperature_threshold', 'warning'),
    temperatureCriticalCelsius:
      finiteAt(document, 'temperature', 'drive_trip') ??
      finiteAt(document, 'temperature', 'limit_max') ??
      finiteAt(document, 'nvme_composite_temperature_threshold', 'critical'),
    powerCycles: finiteAt(document, 'power_cycle_count') ?? nvme('power_cycles') ?? ata.powerCycles,
    startStopCycles:
      finiteAt(document, 'scsi_start_stop_cycle_counter', 'accumulated_start_stop_cycles') ??
      finiteAt(document, 'accumulated_start_stop_cycles') ??
      ata.startStopCycles,
    availableSparePercent: nvme('available_spare'),
    availableSpareThresholdPercent: nvme('available_spare_threshold'),
    unsafeShutdowns: nvme('unsafe_shutdowns') ?? ata.unsafeShutdowns,
    bytesWritten:
      units !== null
        ? units * NVME_DATA_UNIT_BYTES
        : sectors !== null
          ? sectors * sectorBytes
          : ata.bytesWritten,
    nonMediumErrors: finiteAt(document, 'scsi_error_counter_log', 'non_medium_error', 'count'),
    errorLogCount:
      finiteAt(document, 'ata_smart_error_log', 'extended', 'count') ??
      finiteAt(document, 'ata_smart_error_log', 'summary', 'count') ??
      nvme('num_err_log_entries'),
    selfTests: selfTestsOf(document),
    exitStatus: finiteAt(document, 'smartctl', 'exit_status'),
  }
}

type SmartDetailsOfAta = ReturnType<typeof readAtaFacts>['details']

/**
 * Returns what one document of `smartctl -j` (JSON format 1.x, smartctl 7.0 and later) says. What it does not print is
 * null. Of the exit status, a bit mask, only "failing" counts: with bits 3–7 set the data is good.
 */
export function readSmartDrive(device: string, document: unknown): SmartDrive {
  const ata = readAtaFacts(readAtaAttributes(document), {
    isSolidState: finiteAt(document, 'rotation_rate') === 0,
    sectorBytes: finiteAt(document, 'logical_block_size') ?? 512,
  })
  const nvme = (name: string): number | null => finiteAt(document, NVME, name)
  const messages = messagesOf(document)
  const access = accessOfDocument(document, messages)
  const counters = countersOf(document, ata.details)
  return {
    ...unknownDrive(device),
    ...ata,
    protocol: protocolOf(document),
    model: modelOf(document),
    serialNumber: textAt(document, 'serial_number'),
    firmware:
      textAt(document, 'firmware_version') ??
      textAt(document, 'scsi_revision') ??
      textAt(document, 'revision'),
    capacityBytes: finiteAt(document, 'user_capacity', 'bytes') ?? finiteAt(document, 'nvme_total_capacity'),
    healthPassed: healthOf(document, counters.exitStatus),
    temperatureCelsius:
      finiteAt(document, 'temperature', 'current') ?? nvme('temperature') ?? ata.temperatureCelsius,
    powerOnHours: finiteAt(document, 'power_on_time', 'hours') ?? nvme('power_on_hours'),
    mediaErrors: nvme('media_errors'),
    nvmeCriticalWarning: nvme('critical_warning'),
    // NVMe and SAS say it; of ATA only the device statistics log and some makers' attributes do.
    wearPercent:
      nvme('percentage_used') ??
      finiteAt(document, 'scsi_percentage_used_endurance_indicator') ??
      finiteAt(document, 'endurance_used', 'current_percent') ??
      statistic(document, /^Percentage Used Endurance Indicator$/i) ??
      ata.wearPercent,
    grownDefects: finiteAt(document, 'scsi_grown_defect_list'),
    scsiUncorrectedErrors: sumUncorrected(document),
    details: {
      ...unknownDetails(access, access === 'answered' ? null : messages || null),
      ...ata.details,
      ...counters,
    },
  }
}
