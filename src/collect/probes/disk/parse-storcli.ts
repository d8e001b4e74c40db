import type {
  HardwareRaid,
  RaidBattery,
  RaidController,
  RaidDrive,
  RaidVolume,
} from '../../../domain/facts/disk.ts'
import { countOf, wordsOf } from './indented-records.ts'
import { at, finiteAt, textAt } from './json-path.ts'
import { driveStateOf, isHealthyWord, volumeStateOf } from './raid-states.ts'

const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

const objectAt = (value: unknown, name: string): object => {
  const found = at(value, name)
  return typeof found === 'object' && found !== null ? found : {}
}

const celsiusOf = (words: string | null): number | null => {
  const degrees = words === null ? null : /^\s{0,9}(-?\d{1,3}) ?C/.exec(words)
  return degrees?.[1] === undefined ? null : Number(degrees[1])
}

/** A count may be a number or a text. */
const countAt = (value: unknown, name: string): number | null =>
  finiteAt(value, name) ?? countOf(textAt(value, name) ?? undefined)

function batteryOf(response: unknown): RaidBattery | null {
  const [row] = [...listAt(response, 'BBU_Info'), ...listAt(response, 'Cachevault_Info')]
  const stateText = textAt(row, 'State')
  if (stateText === null) return null
  return {
    stateText,
    healthy: isHealthyWord(stateText),
    temperatureCelsius: celsiusOf(textAt(row, 'Temp')),
    chargePercent: null,
  }
}

/** `/cx show all` nests what `/cx show` has at the top. */
function controllerOf(id: string, response: unknown): RaidController | null {
  const model = textAt(response, 'Basics', 'Model') ?? textAt(response, 'Product Name')
  const stateText = textAt(response, 'Status', 'Controller Status') ?? textAt(response, 'Controller Status')
  if (model === null && stateText === null) return null
  return {
    id,
    model,
    serialNumber: wordsOf(
      textAt(response, 'Basics', 'Serial Number') ?? textAt(response, 'Serial Number') ?? undefined,
    ),
    firmware: textAt(response, 'Version', 'Firmware Version') ?? textAt(response, 'FW Version'),
    stateText,
    healthy: stateText === null ? null : isHealthyWord(stateText),
    battery: batteryOf(response),
  }
}

function volumesOf(controllerId: string, rows: readonly unknown[]): readonly RaidVolume[] {
  return rows.flatMap((row): readonly RaidVolume[] => {
    const stateText = textAt(row, 'State')
    const place = textAt(row, 'DG/VD')
    if (stateText === null || place === null) return []
    return [
      {
        controllerId,
        name: textAt(row, 'Name') ?? place,
        level: textAt(row, 'TYPE'),
        stateText,
        state: volumeStateOf(stateText),
        sizeText: textAt(row, 'Size'),
      },
    ]
  })
}

/** `Drive /c0/e252/s0 State` and its siblings beside the row; HBAs without an enclosure print `/c0/s0`. */
function driveOf(controllerId: string, row: unknown, detail: DriveDetail): RaidDrive | null {
  const [slot, stateText] = [textAt(row, 'EID:Slt'), textAt(row, 'State')]
  if (slot === null || stateText === null) return null
  const alert = textAt(detail.state, 'S.M.A.R.T alert flagged by drive')
  return {
    controllerId,
    slot: slot.replaceAll(/\s/g, ''),
    stateText,
    state: driveStateOf(stateText),
    model: textAt(row, 'Model'),
    serialNumber: textAt(detail.attributes, 'SN'),
    mediaErrors: countAt(detail.state, 'Media Error Count'),
    otherErrors: countAt(detail.state, 'Other Error Count'),
    predictiveFailures: countAt(detail.state, 'Predictive Failure Count'),
    smartAlert: alert === null ? null : /^yes/i.test(alert),
    temperatureCelsius: celsiusOf(textAt(detail.state, 'Drive Temperature')),
    rebuildPercent: null,
  }
}

interface DriveDetail {
  readonly state: unknown
  readonly attributes: unknown
}

/** What `/cx/eall/sall show all` says beside the row `Drive /c0/e252/s0`. */
function detailOf(response: unknown, name: string): DriveDetail {
  const detail = at(response, `${name} - Detailed Information`)
  return { state: at(detail, `${name} State`), attributes: at(detail, `${name} Device attributes`) }
}

const NO_DETAIL: DriveDetail = { state: undefined, attributes: undefined }

function drivesOf(controllerId: string, response: unknown): readonly RaidDrive[] {
  if (typeof response !== 'object' || response === null) return []
  const listed = [...listAt(response, 'PD LIST'), ...listAt(response, 'Drive Information')].map((row) => ({
    row,
    detail: NO_DETAIL,
  }))
  // HBAs print the drives one level down.
  const entries = [
    ...Object.entries(response),
    ...Object.entries(objectAt(response, 'Physical Device Information')),
  ]
  const detailed = entries.flatMap(([name, rows]) =>
    /^Drive \/c\d{1,3}(?:\/e\d{1,4})?\/s\d{1,4}$/.test(name) && Array.isArray(rows)
      ? [{ row: rows[0] as unknown, detail: detailOf(response, name) }]
      : [],
  )
  return [...listed, ...detailed].flatMap(({ row, detail }) => driveOf(controllerId, row, detail) ?? [])
}

/** Of a drive listed twice (in `/cx show all` and in `/cx/eall/sall show all`) the entry with the details stays. */
function mergeDrives(drives: readonly RaidDrive[]): readonly RaidDrive[] {
  const bySlot = new Map<string, RaidDrive>()
  for (const drive of drives) {
    const key = `${drive.controllerId} ${drive.slot}`
    if (!bySlot.has(key) || drive.mediaErrors !== null) bySlot.set(key, drive)
  }
  return [...bySlot.values()]
}

function withRebuild(
  drives: readonly RaidDrive[],
  percents: ReadonlyMap<string, number>,
): readonly RaidDrive[] {
  return drives.map((drive) => ({
    ...drive,
    rebuildPercent: percents.get(`${drive.controllerId} ${drive.slot}`) ?? null,
  }))
}

/** `/cx/eall/sall show rebuild`: rows with a Drive-ID and a progress in percent, or "-". */
function rebuildsOf(controllerId: string, response: unknown): readonly (readonly [string, number])[] {
  const rows = Array.isArray(response) ? response : []
  return rows.flatMap((row: unknown): readonly (readonly [string, number])[] => {
    const place = /^\/c\d{1,3}\/e(\d{1,4})\/s(\d{1,4})$/.exec(textAt(row, 'Drive-ID') ?? '')
    const percent = finiteAt(row, 'Progress%')
    return place === null || percent === null ? [] : [[`${controllerId} ${place[1]}:${place[2]}`, percent]]
  })
}

/**
 * Returns what one or more documents of storcli or perccli (`… J`) say together, or null when none is one. Source:
 * Broadcom StorCLI reference manual; JSON of versions 1.x–7.x.
 */
export function readStorcli(documents: readonly unknown[]): HardwareRaid | null {
  const answers = documents.flatMap((document) => listAt(document, 'Controllers'))
  if (answers.length === 0) return null
  const controllers = new Map<string, RaidController>()
  const volumes = new Map<string, RaidVolume>()
  const drives: RaidDrive[] = []
  const rebuilds = new Map<string, number>()
  for (const answer of answers) {
    const id = String(
      finiteAt(answer, 'Command Status', 'Controller') ??
        textAt(answer, 'Command Status', 'Controller') ??
        controllers.size,
    )
    const response = at(answer, 'Response Data')
    const controller = controllerOf(id, response)
    if (controller !== null && !controllers.has(id)) controllers.set(id, controller)
    for (const volume of volumesOf(id, [
      ...listAt(response, 'VD LIST'),
      ...listAt(response, 'Virtual Drives'),
    ]))
      volumes.set(`${id} ${volume.name}`, volume)
    drives.push(...drivesOf(id, response))
    for (const [slot, percent] of rebuildsOf(id, response)) rebuilds.set(slot, percent)
  }
  return {
    tool: 'storcli',
    controllers: [...controllers.values()],
    volumes: [...volumes.values()],
    drives: withRebuild(mergeDrives(drives), rebuilds),
  }
}
