import type { SensorReading } from '../../../domain/facts/sensors.ts'
import { parseDecimal } from '../../formats/count.ts'
import { parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { isPlausible, limitOrNull } from './plausibility.ts'

const FILE = /^\/sys\/class\/thermal\/(thermal_zone\d{1,4})\/(type|temp|trip_point_\d{1,3}_(?:type|temp))$/

/** Lowest trip temperature of the given type, °C; trips of 0 or below are placeholders. */
function tripOf(zone: ReadonlyMap<string, string>, type: string): number | null {
  let lowest: number | null = null
  for (const [file, word] of zone) {
    const trip = /^(trip_point_\d{1,3})_type$/.exec(file)?.[1]
    if (trip === undefined || word !== type) continue
    const milli = parseDecimal(zone.get(`${trip}_temp`))
    const limit = limitOrNull('temperature', milli === null ? null : milli / 1_000)
    if (limit !== null && (lowest === null || limit < lowest)) lowest = limit
  }
  return lowest
}

/** Returns the thermal zones (kernel, ABI/testing/sysfs-class-thermal; millidegrees), with trips `hot` and `critical` as limits. */
export function parseThermalZones({ stdout }: RawSection): Parsed<readonly SensorReading[]> {
  const zones = new Map<string, Map<string, string>>()
  for (const { path, value } of parsePathLines(stdout)) {
    const match = FILE.exec(path)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const zone = zones.get(match[1]) ?? new Map<string, string>()
    zone.set(match[2], value.trim())
    zones.set(match[1], zone)
  }
  if (zones.size === 0) return unparseable('no thermal zone in the output')
  const readings = [...zones].flatMap(([folder, zone]): readonly SensorReading[] => {
    const milli = parseDecimal(zone.get('temp'))
    if (milli === null) return []
    const reading = milli / 1_000
    return [
      {
        source: 'thermal_zone',
        chip: folder,
        label: zone.get('type') || folder,
        kind: 'temperature',
        reading,
        unit: 'celsius',
        warnAbove: tripOf(zone, 'hot'),
        criticalAbove: tripOf(zone, 'critical'),
        plausible: isPlausible('temperature', reading),
      },
    ]
  })
  return readings.length > 0
    ? { value: readings }
    : { absent: 'no_data', why: 'the zones give no temperature' }
}
