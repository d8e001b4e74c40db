import type { SmartDetails, SmartDrive } from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'
import { readAtaFacts } from './ata-attributes.ts'
import { summariseSelfTests } from './self-tests.ts'
import { accessOf, unknownDetails, unknownDrive } from './smart-drive.ts'
import {
  decimalNumber,
  firstField,
  groupedNumber,
  readFields,
  type TextFields,
} from './smartctl-text-fields.ts'
import {
  readAttributeTable,
  readSelfTests,
  statisticOf,
  sumUncorrectedErrors,
} from './smartctl-text-tables.ts'

const NVME_DATA_UNIT_BYTES = 512_000

/** `smartctl -x` of a drive with full logs prints about a tenth of this. */
const MAX_TEXT_LENGTH = 400_000

interface TextDocument {
  readonly lines: readonly string[]
  readonly fields: TextFields
  readonly attributes: SmartDetails['attributes']
}

/** SCSI of smartctl before 5.40 has one line: `Device: VENDOR PRODUCT  Version: REVISION`. */
function oldScsiDevice(lines: readonly string[]): { model: string; firmware: string | null } | null {
  const line = lines.find((one) => /^Device: +\S/.test(one) && / Version: /.test(one))
  if (line === undefined) return null
  const at = line.indexOf(' Version: ')
  return { model: line.slice(8, at).trim(), firmware: line.slice(at + 10).trim() || null }
}

function protocolOf({ fields, attributes, lines }: TextDocument): SmartDrive['protocol'] {
  const has = (...names: readonly string[]): boolean => names.some((name) => fields.has(name))
  if (has('nvme version', 'total nvm capacity', 'number of namespaces', 'data units written')) return 'NVMe'
  if (has('device model', 'ata version is', 'sata version is') || attributes.length > 0) return 'ATA'
  const isScsi =
    has('product', 'transport protocol', 'logical unit id', 'smart health status') ||
    oldScsiDevice(lines) !== null
  return isScsi ? 'SCSI' : null
}

function modelOf({ fields, lines }: TextDocument): string | null {
  const name = firstField(fields, 'device model', 'model number')
  if (name !== undefined) return name
  const parts = [fields.get('vendor'), fields.get('product')].filter((part) => part !== undefined)
  return parts.join(' ') || (oldScsiDevice(lines)?.model ?? null)
}

/** ATA and NVMe print PASSED, FAILED! or UNKNOWN!; SCSI prints OK or what is impending. */
function healthOf(fields: TextFields): boolean | null {
  const result = fields.get('smart overall-health self-assessment test result')
  if (result !== undefined) return /^PASS/i.test(result) ? true : /^FAIL/i.test(result) ? false : null
  const status = fields.get('smart health status')
  return status === undefined ? null : /^OK\b/i.test(status)
}

/** Attribute 9 may be printed as `28h+14m+13.123s`; named after minutes or seconds and plain it counts those. */
function hoursOfAttribute(attributes: SmartDetails['attributes']): number | null {
  const row = attributes.find(({ id }) => id === 9)
  return row?.raw ?? null
}

function powerOnHours({ fields, lines, attributes }: TextDocument): number | null {
  const printed =
    groupedNumber(fields.get('power on hours')) ??
    decimalNumber(firstField(fields, 'number of hours powered up'))
  if (printed !== null) return Math.floor(printed)
  const accumulated = lines.find((line) => line.startsWith('Accumulated power on time, hours:minutes'))
  const hours = accumulated === undefined ? undefined : /\s(\d{1,9}):\d{1,2}/.exec(accumulated)?.[1]
  return hours === undefined ? hoursOfAttribute(attributes) : Number(hours)
}

function rotationOf(fields: TextFields): number | null {
  const rate = fields.get('rotation rate')
  if (rate === undefined) return null
  return /^solid state/i.test(rate) ? 0 : groupedNumber(rate)
}

function wwnOf(fields: TextFields): string | null {
  const parts = firstField(fields, 'lu wwn device id', 'logical unit id')
  if (parts === undefined) return null
  const hex = parts.replaceAll(/\s/g, '').replace(/^0x/, '').toLowerCase()
  return /^[0-9a-f]{16,32}$/.test(hex) && !/^0{16}/.test(hex) ? `0x${hex}` : null
}

function errorLogCount({ fields, lines }: TextDocument): number | null {
  const count = firstField(fields, 'ata error count', 'device error count', 'error information log entries')
  if (count !== undefined) return groupedNumber(count)
  return lines.some((line) => /^No Errors Logged/.test(line)) ? 0 : null
}

const percent = (value: string | undefined): number | null =>
  value === undefined ? null : decimalNumber(value.replace('%', ''))

const sectorBytes = (fields: TextFields): number =>
  groupedNumber(firstField(fields, 'sector sizes', 'sector size', 'logical block size')) ?? 512

function detailsOf(document: TextDocument, ata: Partial<SmartDetails>): SmartDetails {
  const { fields, lines } = document
  const speed = fields.get('sata version is') ?? ''
  const gigabits = (pattern: RegExp): number | null => decimalNumber(pattern.exec(speed)?.[1])
  const units = groupedNumber(fields.get('data units written'))
  const sectors = statisticOf(lines, 'Logical Sectors Written')
  const answered = protocolOf(document) !== null
  const said = lines.slice(0, 40).join('\n').slice(0, 2_000)
  return {
    ...unknownDetails(
      answered ? 'answered' : (accessOf(said) ?? 'no_answer'),
      answered ? null : reasonIn(lines),
    ),
    ...ata,
    wwn: wwnOf(fields),
    rotationRpm: rotationOf(fields),
    formFactor: fields.get('form factor') ?? null,
    interfaceMaxGigabits: gigabits(/, (\d{1,2}\.\d) Gb\/s/),
    interfaceGigabits: gigabits(/current: (\d{1,2}\.\d) Gb\/s/),
    smartEnabled: lines.some((line) => /^SMART support is: +Enabled|supports SMART and is Enabled/.test(line))
      ? true
      : lines.some((line) => /^SMART support is: +Disabled/.test(line))
        ? false
        : null,
    temperatureWarnCelsius: groupedNumber(fields.get('warning comp. temp. threshold')),
    temperatureCriticalCelsius: groupedNumber(
      firstField(fields, 'drive trip temperature', 'critical comp. temp. threshold'),
    ),
    powerCycles: groupedNumber(fields.get('power cycles')) ?? ata.powerCycles ?? null,
    startStopCycles:
      groupedNumber(fields.get('accumulated start-stop cycles')) ?? ata.startStopCycles ?? null,
    availableSparePercent: percent(fields.get('available spare')),
    availableSpareThresholdPercent: percent(fields.get('available spare threshold')),
    unsafeShutdowns: groupedNumber(fields.get('unsafe shutdowns')) ?? ata.unsafeShutdowns ?? null,
    bytesWritten:
      units !== null
        ? units * NVME_DATA_UNIT_BYTES
        : sectors !== null
          ? sectors * sectorBytes(fields)
          : (ata.bytesWritten ?? null),
    nonMediumErrors: groupedNumber(fields.get('non-medium error count')),
    errorLogCount: errorLogCount(document),
    selfTests: summariseSelfTests(readSelfTests(lines)),
  }
}

/** The line that says why there was no answer: the last one that is neither the banner nor blank. */
function reasonIn(lines: readonly string[]): string | null {
  const words = lines.filter(
    (line) => line.trim() !== '' && !/^(?:smartctl \S*\d|Copyright|Home page)/.test(line),
  )
  return words.at(-1)?.trim().slice(0, 300) ?? null
}

/**
 * Returns what the text of smartctl 5.x–7.x says of one drive: ATA, NVMe, SCSI and SAS, with any digit grouping and with
 * tables cut at the width of a terminal. What is not printed is null: unknown, never healthy. Source: the print
 * functions of smartmontools 5.38–7.3 (ataprint.cpp, nvmeprint.cpp, scsiprint.cpp).
 */
export function readSmartText(device: string, text: string): SmartDrive {
  const lines = linesOf(text.slice(0, MAX_TEXT_LENGTH))
  const fields = readFields(lines)
  const document: TextDocument = { lines, fields, attributes: readAttributeTable(lines) }
  const rotation = rotationOf(fields)
  const ata = readAtaFacts(document.attributes, {
    isSolidState: rotation === 0,
    sectorBytes: sectorBytes(fields),
  })
  const warning = fields.get('critical warning')
  return {
    ...unknownDrive(device),
    ...ata,
    protocol: protocolOf(document),
    model: modelOf(document),
    serialNumber: fields.get('serial number') ?? null,
    firmware: firstField(fields, 'firmware version', 'revision') ?? oldScsiDevice(lines)?.firmware ?? null,
    capacityBytes: groupedNumber(
      firstField(fields, 'user capacity', 'total nvm capacity', 'namespace 1 size/capacity'),
    ),
    healthPassed: healthOf(fields),
    temperatureCelsius:
      decimalNumber(firstField(fields, 'temperature', 'current drive temperature', 'current temperature')) ??
      ata.temperatureCelsius,
    powerOnHours: powerOnHours(document),
    mediaErrors: groupedNumber(fields.get('media and data integrity errors')),
    nvmeCriticalWarning:
      warning !== undefined && /^0x[0-9a-f]{1,2}\b/i.test(warning) ? Number(warning.slice(0, 4)) : null,
    wearPercent:
      percent(firstField(fields, 'percentage used', 'percentage used endurance indicator')) ??
      statisticOf(lines, 'Percentage Used Endurance Indicator') ??
      ata.wearPercent,
    grownDefects: groupedNumber(fields.get('elements in grown defect list')),
    scsiUncorrectedErrors: sumUncorrectedErrors(lines),
    details: detailsOf(document, ata.details),
  }
}
