import type {
  BmcFacts,
  BmcStateSensor,
  SelFacts,
  SensorReading,
  SensorState,
} from '../../../domain/facts/sensors.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount } from '../../formats/count.ts'
import { readSdrTable, readVerboseSdr, type SdrSensor } from '../../formats/ipmi/sdr.ts'
import { parseBmcClock, readSel } from '../../formats/ipmi/sel.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { isPlausible, limitOrNull, UNITS } from './plausibility.ts'

type Kind = SensorReading['kind']

const fahrenheitToCelsius = (reading: number): number => Math.round((reading - 32) * (50 / 9)) / 10

const UNIT_KINDS: Readonly<Record<string, Kind>> = {
  'degrees C': 'temperature',
  'degrees F': 'temperature',
  RPM: 'fan',
  Volts: 'voltage',
  Watts: 'power',
}

/** "percent" is humidity only where the name says so: fan duty cycles and loads are percent too. */
function kindOf(unit: string, label: string): Kind | null {
  if (unit === 'percent' || unit === '%') return /humidity|\bRH\b/i.test(label) ? 'humidity' : null
  return UNIT_KINDS[unit] ?? null
}

/** ipmitool's words for a reading against the sensor's thresholds (ipmi_sdr.c). */
const STATES: Readonly<Record<string, SensorState>> = {
  ok: 'ok',
  nc: 'non_critical',
  lnc: 'non_critical',
  unc: 'non_critical',
  cr: 'critical',
  lcr: 'critical',
  ucr: 'critical',
  nr: 'non_recoverable',
  lnr: 'non_recoverable',
  unr: 'non_recoverable',
}

/** A power supply prints what it asserts behind the unit: `110 Watts, Presence detected`. */
function toReading(sensor: SdrSensor): SensorReading | null {
  const [unit = '', ...asserted] = (sensor.unit ?? '').split(', ')
  const kind = kindOf(unit, sensor.name)
  if (sensor.value === null || kind === null || asserted.length > 3) return null
  const inCelsius = (value: number): number => (unit === 'degrees F' ? fahrenheitToCelsius(value) : value)
  const limit = (value: number | null): number | null =>
    limitOrNull(kind, value === null ? null : inCelsius(value))
  const reading = inCelsius(sensor.value)
  return {
    source: 'ipmi',
    chip: sensor.entity === null ? 'bmc' : `bmc ${sensor.entity}`,
    label: sensor.name,
    kind,
    reading,
    unit: UNITS[kind],
    warnAbove: limit(sensor.upperNonCritical),
    criticalAbove: limit(sensor.upperCritical),
    plausible: isPlausible(kind, reading),
    state: STATES[sensor.status ?? ''] ?? null,
  }
}

function sensorsOf(stdout: string): readonly SdrSensor[] {
  const blocks = readVerboseSdr(stdout)
  return blocks.length > 0 ? blocks : readSdrTable(stdout)
}

/** Returns the BMC's readings (ipmitool 1.8 `sdr elist all`, also `sdr list` and `sdr -v`); sensors without a reading ("No Reading", "Disabled", `ns`) and other units are left out. */
export function parseIpmi({ stdout }: RawSection): Parsed<readonly SensorReading[]> {
  const sensors = sensorsOf(stdout)
  if (sensors.length === 0) return unparseable('no line with columns in the output')
  const readings = sensors.map(toReading).filter((reading) => reading !== null)
  return readings.length > 0 ? { value: readings } : { absent: 'no_data', why: 'no sensor has a reading' }
}

/** What a sensor asserts: by itself, or behind a number. */
const statesOf = ({ states, unit }: SdrSensor): readonly string[] =>
  (states ?? (unit ?? '').split(', ').slice(1).join(', ')).split(', ').filter((word) => word !== '')

/** Returns the BMC's sensors that have states instead of a number, those that assert nothing included. */
export function parseIpmiStates({ stdout }: RawSection): Parsed<readonly BmcStateSensor[]> {
  const sensors = sensorsOf(stdout)
  if (sensors.length === 0) return unparseable('no line with columns in the output')
  const found = sensors
    .map((sensor) => ({ sensor, states: statesOf(sensor) }))
    .filter(({ sensor, states }) => states.length > 0 || (sensor.value === null && sensor.status === 'ok'))
  return found.length > 0
    ? { value: found.map(({ sensor, states }) => ({ label: sensor.name, entity: sensor.entity, states })) }
    : { absent: 'no_data', why: 'no sensor with states' }
}

/** A Date holds ±8.64e15 ms (ECMA-262, 21.4.1.1). */
const dateOrNull = (atMs: number): Date | null =>
  Math.abs(atMs) > 8_640_000_000_000_000 ? null : new Date(atMs)

/**
 * Returns the system event log. BMC clocks run in any zone and drift: `now` (the BMC's) and `clock` (the server's
 * seconds since 1970), read one after the other, make instants of its times.
 */
export function parseSel({ stdout }: RawSection): Parsed<SelFacts> {
  const blocks = splitBlocks(stdout)
  const list = blocks.get('list')
  if (list === undefined) return unparseable('the output ends before the list')
  const bmcNowMs = parseBmcClock(linesOf(blocks.get('now') ?? '')[0] ?? '')
  const serverSeconds = parseCount((blocks.get('clock') ?? '').trim())
  const aheadMs = bmcNowMs === null || serverSeconds === null ? null : bmcNowMs - serverSeconds * 1000
  const lines = readSel(list)
  if (lines.length === 0 && list.trim() !== '' && !/no entries/i.test(list))
    return unparseable('no event in the list')
  const events = lines.slice(-100).map(({ id, clockMs, sensor, event, direction }) => ({
    id,
    at: clockMs === null || aheadMs === null ? null : dateOrNull(clockMs - aheadMs),
    sensor,
    event,
    direction,
  }))
  return { value: { events } }
}

/** Returns what `ipmitool mc info` says of the controller. */
export function parseBmc({ stdout }: RawSection): Parsed<BmcFacts> {
  const fields = new Map(
    linesOf(stdout).flatMap((line) => {
      const pair = splitPair(line, ':')
      return pair === null ? [] : [pair]
    }),
  )
  const field = (name: string): string | null => {
    const value = fields.get(name) ?? ''
    return value === '' || /^unknown\b/i.test(value) ? null : value
  }
  const facts = {
    manufacturer: field('Manufacturer Name'),
    product: field('Product Name'),
    firmwareVersion: field('Firmware Revision'),
    ipmiVersion: field('IPMI Version'),
  }
  return facts.firmwareVersion === null && facts.ipmiVersion === null
    ? unparseable('neither a firmware nor an IPMI version')
    : { value: facts }
}
