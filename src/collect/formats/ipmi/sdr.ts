import { parseDecimal } from '../count.ts'
import { linesOf, splitPair } from '../lines.ts'

/** One sensor as ipmitool prints it. */
export interface SdrSensor {
  readonly name: string
  /** Null for discrete sensors and for those that give no number now. */
  readonly value: number | null
  /** Word behind the number as printed (`degrees C`, `Watts, Presence detected`); null without a number. */
  readonly unit: string | null
  /** `ok`, `nc`, `cr`, `nr`, `ns`, `Disabled` …; null where none is printed. */
  readonly status: string | null
  /** Entity such as `10.1`, in the long forms only. */
  readonly entity: string | null
  /** What a discrete sensor asserts (`Presence detected, Failure detected`); null with a number or where nothing is stated. */
  readonly states: string | null
  /** Limits of `sdr -v` and `sensor`; null in the short forms and where the sensor has none. */
  readonly upperNonCritical: number | null
  readonly upperCritical: number | null
}

const NO_LIMITS = { upperNonCritical: null, upperCritical: null }
const NO_STATE = /^(?:|0x[0-9a-f]{1,4}|na|no reading|not readable|disabled|unknown)$/i

/** `25 degrees C`, `110 Watts, Presence detected`, `11.831 (+/- 0) Volts`. */
function splitReading(stated: string): { readonly value: number; readonly unit: string } | null {
  const match = /^([+-]?\d{1,15}(?:\.\d{1,9})?) (?:\(\+\/- [^)]{0,20}\) ?)?(\S.{0,200})$/.exec(stated)
  const value = parseDecimal(match?.[1])
  return value === null || match?.[2] === undefined ? null : { value, unit: match[2].trim() }
}

function sensorOf(name: string, stated: string, status: string | null, entity: string | null): SdrSensor {
  const reading = splitReading(stated)
  return {
    name,
    value: reading?.value ?? null,
    unit: reading?.unit ?? null,
    status,
    entity,
    states: reading !== null || NO_STATE.test(stated) ? null : stated,
    ...NO_LIMITS,
  }
}

/** `sdr elist` has five columns, `sdr list` three, `sensor` ten with the limits. */
function readLine(line: string): SdrSensor | null {
  if (!line.includes('|')) return null
  const cells = line.split('|').map((cell) => cell.trim())
  const [name = '', second = '', third = '', fourth = '', fifth = ''] = cells
  if (name === '' || cells.length < 3) return null
  if (cells.length >= 10) {
    const value = parseDecimal(second)
    const isDiscrete = third === 'discrete'
    return {
      ...sensorOf(name, '', fourth || null, null),
      ...(value === null || isDiscrete ? {} : { value, unit: third }),
      upperNonCritical: parseDecimal(cells[7]),
      upperCritical: parseDecimal(cells[8]),
    }
  }
  return cells.length >= 5
    ? sensorOf(name, fifth, third || null, fourth || null)
    : sensorOf(name, second, third || null, null)
}

/** Fields of one sensor of `sdr -v`; lines without a title go on with the field before. */
function readBlock(lines: readonly string[]): SdrSensor | null {
  const fields = new Map<string, string>()
  const states: string[] = []
  let title = ''
  for (const line of lines) {
    const pair = splitPair(line, ':')
    if (pair !== null) {
      title = /^[^(]{0,60}/.exec(pair[0])?.[0].trim() ?? ''
      fields.set(title, pair[1])
    } else if (title === 'States Asserted') states.push(line.trim().replace(/^\[|\]$/g, ''))
  }
  const name = (fields.get('Sensor ID') ?? '').replace(/ {0,4}\(0x[0-9a-f]{1,4}\)$/i, '')
  if (name === '') return null
  const limit = (field: string): number | null => parseDecimal(fields.get(field))
  const sensor = sensorOf(name, fields.get('Sensor Reading') ?? '', fields.get('Status') ?? null, null)
  return {
    ...sensor,
    entity: /^\d{1,3}\.\d{1,3}/.exec(fields.get('Entity ID') ?? '')?.[0] ?? null,
    states: states.length > 0 ? states.join(', ') : sensor.states,
    upperNonCritical: limit('Upper non-critical'),
    upperCritical: limit('Upper critical'),
  }
}

/** Returns the sensors of `ipmitool sdr -v` (any 1.8): each begins with `Sensor ID`; empty when there is none. */
export function readVerboseSdr(text: string): readonly SdrSensor[] {
  const sensors: SdrSensor[] = []
  let block: string[] = []
  const close = (): void => {
    const sensor = readBlock(block)
    if (sensor !== null) sensors.push(sensor)
    block = []
  }
  for (const line of linesOf(text)) {
    if (/^ {0,8}Sensor ID {0,40}:/.test(line)) close()
    block.push(line)
  }
  close()
  return sensors
}

/** Returns the sensors of `ipmitool sdr [list|elist]` and `ipmitool sensor`, one a line; other lines (errors of the driver) are left out. */
export const readSdrTable = (text: string): readonly SdrSensor[] =>
  linesOf(text).flatMap((line) => readLine(line) ?? [])
