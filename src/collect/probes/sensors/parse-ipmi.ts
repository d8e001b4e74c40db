import type { SensorReading } from '../../../domain/facts/sensors.ts'
import { parseDecimal } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { isPlausible, UNITS } from './plausibility.ts'

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

/** Entity and number, `ok`, `cr` …: five columns in `sdr elist`, three in `sdr list` of old versions. */
function readLine(line: string): SensorReading | null {
  const columns = line.split('|').map((column) => column.trim())
  const label = columns[0] ?? ''
  const stated = (columns.length >= 5 ? columns[4] : columns[1]) ?? ''
  const match = /^([+-]?\d{1,12}(?:\.\d{1,6})?) (.{1,30})$/.exec(stated)
  const number = parseDecimal(match?.[1])
  const kind = kindOf(match?.[2] ?? '', label)
  if (label === '' || columns.length < 3 || number === null || kind === null) return null
  const reading = match?.[2] === 'degrees F' ? fahrenheitToCelsius(number) : number
  return {
    source: 'ipmi',
    chip: columns.length >= 5 ? `bmc ${columns[3]}` : 'bmc',
    label,
    kind,
    reading,
    unit: UNITS[kind],
    warnAbove: null,
    criticalAbove: null,
    plausible: isPlausible(kind, reading),
  }
}

/** Returns the BMC's readings (ipmitool 1.8 `sdr elist full`); sensors without a reading ("No Reading", "Disabled", `ns`) and other units are left out. */
export function parseIpmi({ stdout }: RawSection): Parsed<readonly SensorReading[]> {
  const lines = linesOf(stdout)
  if (!lines.some((line) => line.split('|').length >= 3))
    return unparseable('no line with columns in the output')
  const readings = lines.map(readLine).filter((reading) => reading !== null)
  return readings.length > 0 ? { value: readings } : { absent: 'no_data', why: 'no sensor has a reading' }
}
