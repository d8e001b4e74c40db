import type {
  HardwareRaid,
  RaidBattery,
  RaidController,
  RaidDrive,
  RaidVolume,
} from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'
import type { IndentedRecord } from './indented-records.ts'
import { readIndentedRecords, wordsOf } from './indented-records.ts'
import { driveStateOf, isHealthyWord, percentIn, volumeStateOf } from './raid-states.ts'

/** `Smart Array P408i-a in Slot 0 (Embedded)`. */
const CONTROLLER = /^(\S.{0,100}?) in (Slot \S{1,10}(?: \([^)]{1,30}\)){0,3})$/
const ARRAY = /^(?:Array|array):? (\S{1,4})$/
const VOLUME = /^Logical Drive: (\d{1,4})$/i
/** Alone on its line; the summaries (`physicaldrive 1I:1:1 (port 1I:box …, OK)`) are not records. */
const DRIVE = /^physicaldrive (\S{1,20})$/

const OTHER =
  /^(?:Port Name|Sensor ID|Internal Drive Cage|External Drive Cage|Expander|Unassigned|Physical Drives|Enclosure SEP|SEP \(|Mirror Group)\b/

const isHeading = (line: string): boolean =>
  CONTROLLER.test(line) || ARRAY.test(line) || VOLUME.test(line) || DRIVE.test(line) || OTHER.test(line)

function batteryOf(fields: ReadonlyMap<string, string>): RaidBattery | null {
  const status = fields.get('Battery/Capacitor Status')
  if (status === undefined) return null
  return { stateText: status, healthy: isHealthyWord(status), temperatureCelsius: null, chargePercent: null }
}

function controllerOf(id: string, model: string, { fields }: IndentedRecord): RaidController {
  const status = fields.get('Controller Status')
  return {
    id,
    model,
    serialNumber: wordsOf(fields.get('Serial Number')),
    firmware: wordsOf(fields.get('Firmware Version')),
    stateText: status ?? null,
    healthy: status === undefined ? null : isHealthyWord(status),
    battery: batteryOf(fields),
  }
}

function volumeOf(number: string, controllerId: string | null, { fields }: IndentedRecord): RaidVolume {
  const stateText = fields.get('Status') ?? ''
  const level = fields.get('Fault Tolerance')
  return {
    controllerId,
    name: wordsOf(fields.get('Disk Name')) ?? `Logical Drive ${number}`,
    level: level === undefined ? null : /^\d/.test(level) ? `RAID${level.replaceAll(/\s/g, '')}` : level,
    stateText,
    state: volumeStateOf(stateText),
    sizeText: wordsOf(fields.get('Size')),
  }
}

function driveOf(slot: string, controllerId: string | null, { fields }: IndentedRecord): RaidDrive {
  const stateText = fields.get('Status') ?? ''
  const kind = fields.get('Drive Type') ?? ''
  const state = driveStateOf(stateText)
  const celsius = fields.get('Current Temperature (C)')
  const role = /spare/i.test(kind) ? 'spare' : /unassigned/i.test(kind) ? 'unassigned' : 'online'
  return {
    controllerId,
    slot,
    stateText,
    state: state === 'online' ? role : state,
    model: wordsOf(fields.get('Model')?.replaceAll(/\s{1,40}/g, ' ')),
    serialNumber: wordsOf(fields.get('Serial Number')),
    mediaErrors: null,
    otherErrors: null,
    predictiveFailures: /predictive/i.test(stateText) ? 1 : null,
    smartAlert: null,
    temperatureCelsius: celsius !== undefined && /^\d{1,3}$/.test(celsius) ? Number(celsius) : null,
    rebuildPercent: percentIn(stateText),
  }
}

/** Returns whether the text is of `ssacli` or `hpssacli` `ctrl all show config detail`. */
export const isSsacli = (text: string): boolean =>
  linesOf(text).some((line) =>
    /^\s{0,9}(?:Controller Status:|physicaldrive \S{1,20}(?: \(port |$))/.test(line),
  )

/** Returns what `ctrl all show config detail` says, or null for another text. Source: HPE Smart Storage Administrator user guide. */
export function readSsacli(text: string): HardwareRaid | null {
  if (!isSsacli(text)) return null
  const controllers: RaidController[] = []
  const volumes: RaidVolume[] = []
  const drives: RaidDrive[] = []
  let id: string | null = null
  for (const record of readIndentedRecords(text, isHeading)) {
    const controller = CONTROLLER.exec(record.heading)
    const volume = VOLUME.exec(record.heading)?.[1]
    const drive = DRIVE.exec(record.heading)?.[1]
    if (controller?.[1] !== undefined && controller[2] !== undefined) {
      id = controller[2]
      controllers.push(controllerOf(id, controller[1], record))
    } else if (volume !== undefined) volumes.push(volumeOf(volume, id, record))
    else if (drive !== undefined) drives.push(driveOf(drive, id, record))
  }
  return { tool: 'ssacli', controllers, volumes, drives }
}
