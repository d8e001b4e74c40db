import type {
  HardwareRaid,
  RaidBattery,
  RaidController,
  RaidDrive,
  RaidVolume,
} from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'
import type { IndentedRecord } from './indented-records.ts'
import { countOf, readIndentedRecords, wordsOf } from './indented-records.ts'
import { driveStateOf, isHealthyWord, volumeStateOf } from './raid-states.ts'

const CONTROLLER = /^Controller information$/i
const VOLUME = /^Logical (?:device|drive) number (\d{1,4})$/i
const DRIVE = /^Device #(\d{1,4})$/i
const BATTERY = /^(?:Controller )?(?:Battery|ZMM|Cache Backup Unit|Green Backup).{0,20} Information$/i
const OTHER =
  /^(?:Controller Version Information|Logical device segment information|Array Information|Connector #\d{1,3}|Temperature Sensors Information|Vendor specific information|Phy #\d{1,3}|Enclosure #\d{1,3})$/i

const isHeading = (line: string): boolean =>
  [CONTROLLER, VOLUME, DRIVE, BATTERY, OTHER].some((pattern) => pattern.test(line))

/** Versions differ in capitals: `Status of logical device`, `Status of Logical Device`. */
const lowered = (record: IndentedRecord): IndentedRecord => ({
  ...record,
  fields: new Map([...record.fields].map(([name, value]) => [name.toLowerCase(), value])),
})

function batteryOf({ fields }: IndentedRecord): RaidBattery | null {
  const stateText = fields.get('overall backup unit status') ?? fields.get('status')
  if (stateText === undefined || /not installed|not present/i.test(stateText)) return null
  return {
    stateText,
    healthy: isHealthyWord(stateText),
    temperatureCelsius: null,
    chargePercent: countOf(fields.get('capacity remaining')),
  }
}

function controllerOf(
  id: string,
  { fields }: IndentedRecord,
  rest: { readonly battery: RaidBattery | null; readonly firmware: string | null },
): RaidController {
  const status = fields.get('controller status')
  return {
    id,
    model: wordsOf(fields.get('controller model')),
    serialNumber: wordsOf(fields.get('controller serial number')),
    stateText: status ?? null,
    healthy: status === undefined ? null : isHealthyWord(status),
    ...rest,
  }
}

function volumeOf(number: string, controllerId: string, { fields }: IndentedRecord): RaidVolume {
  const stateText = fields.get('status of logical device') ?? fields.get('status of logical drive') ?? ''
  const level = fields.get('raid level')
  return {
    controllerId,
    name: wordsOf(fields.get('logical device name') ?? fields.get('logical drive name')) ?? number,
    level: level === undefined ? null : /^\d/.test(level) ? `RAID${level}` : level,
    stateText,
    state: volumeStateOf(stateText),
    sizeText: wordsOf(fields.get('size')),
  }
}

/** Enclosure processors and expanders are devices too; only drives have a State and are a "Hard drive" or an SSD. */
function driveOf(number: string, controllerId: string, { fields }: IndentedRecord): RaidDrive | null {
  const stateText = fields.get('state')
  if (stateText === undefined) return null
  const warnings = countOf(fields.get('s.m.a.r.t. warnings'))
  const alert = fields.get('s.m.a.r.t.')
  const celsius = /^(-?\d{1,3})/.exec(fields.get('current temperature') ?? '')?.[1]
  return {
    controllerId,
    slot: wordsOf(fields.get('reported location')) ?? number,
    stateText,
    state: driveStateOf(stateText),
    model: wordsOf(fields.get('model')),
    serialNumber: wordsOf(fields.get('serial number')),
    mediaErrors: countOf(fields.get('medium error count') ?? fields.get('media failures')),
    otherErrors: countOf(fields.get('hardware error count') ?? fields.get('hardware errors')),
    predictiveFailures: warnings,
    smartAlert: alert === undefined ? null : /^yes/i.test(alert),
    temperatureCelsius: celsius === undefined ? null : Number(celsius),
    rebuildPercent: null,
  }
}

/** Returns whether the text is of `arcconf GETCONFIG`. */
export const isArcconf = (text: string): boolean =>
  linesOf(text).some((line) => /^Controllers found: \d/.test(line)) &&
  /^\s{0,9}(?:Logical (?:device|drive) number|Device #)|^Controller information/im.test(
    text.slice(0, 200_000),
  )

/**
 * Returns what `arcconf GETCONFIG n` says of one or more controllers (each begins with `Controllers found`), or null for
 * another text. Source: Microchip/Adaptec ARCCONF command line utility user's guide.
 */
export function readArcconf(text: string): HardwareRaid | null {
  if (!isArcconf(text)) return null
  const controllers: RaidController[] = []
  const volumes: RaidVolume[] = []
  const drives: RaidDrive[] = []
  const parts = text.split(/^Controllers found: \d{1,3}.{0,20}$/m).slice(1)
  for (const [index, part] of parts.entries()) {
    const id = String(index + 1)
    const records = readIndentedRecords(part, isHeading).map(lowered)
    const battery = records
      .filter(({ heading }) => BATTERY.test(heading))
      .flatMap((one) => batteryOf(one) ?? [])[0]
    const version = records.find(({ heading }) => /^Controller Version Information$/i.test(heading))
    const firmware = wordsOf(version?.fields.get('firmware'))
    for (const record of records) {
      const volume = VOLUME.exec(record.heading)?.[1]
      const drive = DRIVE.exec(record.heading)?.[1]
      if (CONTROLLER.test(record.heading))
        controllers.push(controllerOf(id, record, { battery: battery ?? null, firmware }))
      if (volume !== undefined) volumes.push(volumeOf(volume, id, record))
      if (drive !== undefined) drives.push(...[driveOf(drive, id, record) ?? []].flat())
    }
  }
  return { tool: 'arcconf', controllers, volumes, drives }
}
