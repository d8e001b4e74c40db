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

const ADAPTER = /^(?:Adapter:? ?#?(\d{1,3})\b|Adapter (\d{1,3}) --|BBU status for Adapter: (\d{1,3}))/i
const VOLUME = /^(?:Virtual Drive|Virtual Disk): ?(\d{1,4})/i
const DRIVE = /^Enclosure Device ID: ?(\S{1,10})/i

const isHeading = (line: string): boolean => ADAPTER.test(line) || VOLUME.test(line) || DRIVE.test(line)

function levelOf(words: string | undefined): string | null {
  const level = /Primary-(\d{1,2})/.exec(words ?? '')?.[1]
  return level === undefined ? wordsOf(words) : `RAID${level}`
}

interface Identity {
  readonly model: string | null
  readonly serialNumber: string | null
}

/**
 * `Inquiry Data`: of SAS drives the columns of SCSI INQUIRY (vendor 8, product 16, revision 4, serial number), of SATA
 * drives the serial number, the model and the firmware with runs of blanks between them.
 */
function identityOf(inquiry: string, kind: string | undefined): Identity {
  if (kind === 'SAS' && inquiry.length > 28) {
    const model = `${inquiry.slice(0, 8).trim()} ${inquiry.slice(8, 24).trim()}`
    return { model: wordsOf(model.trim()), serialNumber: wordsOf(inquiry.slice(28).trim()) }
  }
  const [first, second] = inquiry.split(/\s{2,}/)
  if (first === undefined || second === undefined) return { model: wordsOf(inquiry), serialNumber: null }
  return { model: second, serialNumber: first }
}

function driveOf({ heading, fields }: IndentedRecord, controllerId: string | null): RaidDrive {
  const stateText = fields.get('Firmware state') ?? ''
  const alert = fields.get('Drive has flagged a S.M.A.R.T alert')
  const celsius = /^(-?\d{1,3}) ?C/.exec(fields.get('Drive Temperature') ?? '')?.[1]
  return {
    controllerId,
    slot: `${DRIVE.exec(heading)?.[1] ?? '?'}:${fields.get('Slot Number') ?? '?'}`,
    stateText,
    state: driveStateOf(stateText),
    ...identityOf(fields.get('Inquiry Data') ?? '', fields.get('PD Type')),
    mediaErrors: countOf(fields.get('Media Error Count')),
    otherErrors: countOf(fields.get('Other Error Count')),
    predictiveFailures: countOf(fields.get('Predictive Failure Count')),
    smartAlert: alert === undefined ? null : /^yes/i.test(alert),
    temperatureCelsius: celsius === undefined ? null : Number(celsius),
    rebuildPercent: null,
  }
}

function volumeOf({ heading, fields }: IndentedRecord, controllerId: string | null): RaidVolume {
  const stateText = fields.get('State') ?? ''
  const number = VOLUME.exec(heading)?.[1] ?? '?'
  return {
    controllerId,
    name: wordsOf(fields.get('Name')) ?? number,
    level: levelOf(fields.get('RAID Level')),
    stateText,
    state: volumeStateOf(stateText),
    sizeText: wordsOf(fields.get('Size')),
  }
}

/** Words that `-AdpBbuCmd` prints with Yes when the battery is no longer good. */
const BATTERY_COMPLAINTS = [
  'Battery Pack Missing',
  'Battery Replacement required',
  'Remaining Capacity Low',
  'Pack is about to fail & should be replaced',
]

function batteryOf(fields: ReadonlyMap<string, string>): RaidBattery | null {
  const type = fields.get('BatteryType')
  const stateText = fields.get('Battery State') ?? (type === undefined ? undefined : '')
  if (stateText === undefined) return null
  const complaint = BATTERY_COMPLAINTS.find((name) => /^yes/i.test(fields.get(name) ?? ''))
  const celsius = /^(-?\d{1,3})/.exec(fields.get('Temperature') ?? '')?.[1]
  return {
    stateText: complaint ?? stateText,
    healthy: complaint !== undefined ? false : isHealthyWord(stateText),
    temperatureCelsius: celsius === undefined ? null : Number(celsius),
    chargePercent: countOf(fields.get('Relative State of Charge')),
  }
}

function controllerOf(id: string, records: readonly IndentedRecord[]): RaidController {
  const batteries = records.flatMap(({ fields }) => batteryOf(fields) ?? [])
  const fields = new Map(records.flatMap((record) => [...record.fields]))
  return {
    id,
    model: fields.get('Product Name') ?? null,
    serialNumber: wordsOf(fields.get('Serial No')),
    firmware: wordsOf(fields.get('FW Package Build')),
    stateText: null,
    healthy: null,
    battery: batteries[0] ?? null,
  }
}

const idOf = (heading: string): string | null => {
  const match = ADAPTER.exec(heading)
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null
}

/** Returns whether the text is of MegaCli: `-PDList`, `-LDInfo`, `-LdPdInfo`, `-AdpAllInfo` or `-AdpBbuCmd`. */
export const isMegacli = (text: string): boolean =>
  linesOf(text).some(
    (line) => DRIVE.test(line.trim()) || /^(?:BBU status for Adapter|Virtual Drive):/.test(line.trim()),
  )

/** Returns what MegaCli says of all adapters, or null for another text. Source: LSI MegaRAID SAS software user guide. */
export function readMegacli(text: string): HardwareRaid | null {
  if (!isMegacli(text)) return null
  const records = readIndentedRecords(text, isHeading)
  const adapters = new Map<string, IndentedRecord[]>()
  const volumes: RaidVolume[] = []
  const drives = new Map<string, RaidDrive>()
  let controllerId: string | null = null
  for (const record of records) {
    const id = idOf(record.heading)
    if (id !== null) {
      controllerId = id
      adapters.set(id, [...(adapters.get(id) ?? []), record])
    } else if (VOLUME.test(record.heading)) volumes.push(volumeOf(record, controllerId))
    else {
      const drive = driveOf(record, controllerId)
      drives.set(`${drive.controllerId} ${drive.slot}`, drive)
    }
  }
  const controllers = [...adapters].map(([id, own]) => controllerOf(id, own))
  return { tool: 'megacli', controllers, volumes, drives: [...drives.values()] }
}
