import { type FruDevice, readFru } from '../formats/ipmi/fru.ts'
import { readSdrTable, readVerboseSdr, type SdrSensor } from '../formats/ipmi/sdr.ts'
import { readSensorsRaw, type SensorChip } from '../formats/lm-sensors.ts'

/** What a recorded output about sensors and parts says. */
export type SensorRecording =
  /** `table` is `sdr`, `sdr elist` and `sensor`, `blocks` is `sdr -v`. */
  | {
      readonly format: 'ipmi_sdr'
      readonly layout: 'table' | 'blocks'
      readonly sensors: readonly SdrSensor[]
    }
  | { readonly format: 'ipmi_fru'; readonly devices: readonly FruDevice[] }
  | { readonly format: 'lm_sensors'; readonly chips: readonly SensorChip[] }
  | { readonly format: 'nvme_list'; readonly devicePaths: readonly string[] }
  | { readonly format: 'nvme_smart_log'; readonly log: NvmeSmartLog }

/** `nvme smart-log -o json`; null is not printed. */
export interface NvmeSmartLog {
  readonly temperatureKelvin: number | null
  readonly usedPercent: number | null
  readonly criticalWarning: number | null
  readonly mediaErrors: number | null
  readonly powerOnHours: number | null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const fieldsOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])

/** Newer versions print large counters as strings, and the warning as an object with its value. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? Number(value) : null
  return typeof value === 'object' && value !== null ? numberOf(fieldsOf(value).get('value')) : null
}

const MAX_DEPTH = 8

/** Old versions list devices with `DevicePath`; from 2.0 on namespaces stand below subsystems, with a name only. */
function devicePaths(value: unknown, depth = 0): readonly string[] {
  if (depth > MAX_DEPTH) return []
  if (Array.isArray(value)) return value.flatMap((one: unknown) => devicePaths(one, depth + 1))
  const fields = fieldsOf(value)
  const path = fields.get('DevicePath')
  if (typeof path === 'string') return [path]
  const name = fields.get('NameSpace')
  if (typeof name === 'string' && /^nvme\d{1,5}n\d{1,5}$/.test(name)) return [`/dev/${name}`]
  return ['Devices', 'Subsystems', 'Controllers', 'Namespaces'].flatMap((key) =>
    devicePaths(fields.get(key), depth + 1),
  )
}

function readNvme(text: string): SensorRecording | null {
  const fields = fieldsOf(parseJson(text))
  if (fields.has('Devices'))
    return { format: 'nvme_list', devicePaths: devicePaths(Object.fromEntries(fields)) }
  if (!fields.has('critical_warning')) return null
  const value = (...names: string[]): number | null =>
    numberOf(names.map((name) => fields.get(name)).find((one) => one !== undefined))
  const log = {
    temperatureKelvin: value('temperature'),
    usedPercent: value('percent_used', 'percentage_used'),
    criticalWarning: value('critical_warning'),
    mediaErrors: value('media_errors'),
    powerOnHours: value('power_on_hours'),
  }
  return { format: 'nvme_smart_log', log }
}

/** Returns what a recorded output about sensors says, recognised by its contents; null when it is of no known form. */
export function readSensorRecording(text: string): SensorRecording | null {
  if (text.trimStart().startsWith('{')) return readNvme(text)
  if (/^ {0,8}FRU Device Description {0,40}:/m.test(text))
    return { format: 'ipmi_fru', devices: readFru(text) }
  const blocks = readVerboseSdr(text)
  if (blocks.length > 0) return { format: 'ipmi_sdr', layout: 'blocks', sensors: blocks }
  const chips = readSensorsRaw(text)
  if (chips.length > 0) return { format: 'lm_sensors', chips }
  const sensors = readSdrTable(text)
  return sensors.length > 0 ? { format: 'ipmi_sdr', layout: 'table', sensors } : null
}
