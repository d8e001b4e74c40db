import type { SensorReading } from '../../../domain/facts/sensors.ts'

type Kind = SensorReading['kind']

/** The unit of each kind; there is one for all sources. */
export const UNITS = {
  temperature: 'celsius',
  fan: 'rpm',
  voltage: 'volt',
  power: 'watt',
  humidity: 'percent',
} as const satisfies Record<Kind, SensorReading['unit']>

/**
 * What a sensor in or at a server can read. Outside of it the sensor is absent or broken, not the machine.
 * - temperature: −55 °C is the lowest that board sensors are specified for (TI TMP75, NXP LM75B), 150 °C the absolute
 *   maximum junction temperature of silicon (AEC-Q100 grade 0); −128, 127.5-type fillers of unconnected inputs that
 *   lie within are caught by `FILLER_TEMPERATURES`.
 * - fan: 0 (stopped) to 50,000 rpm; the fastest 40 mm server fans are specified below 40,000 (Sanyo Denki San Ace 40).
 * - voltage: −60 to 480 V: telecom −48 V supplies up to 400 V direct current (ETSI EN 300 132-3).
 * - power: 0 to 30,000 W; the largest air-cooled eight-GPU servers are rated near 15 kW.
 * - humidity: 0 to 100 % by definition.
 */
const RANGES: Readonly<Record<Kind, readonly [low: number, high: number]>> = {
  temperature: [-55, 150],
  fan: [0, 50_000],
  voltage: [-60, 480],
  power: [0, 30_000],
  humidity: [0, 100],
}

/** An unconnected diode input of common Super I/O chips reads as 127 or 127.5 (signed byte full scale, NCT677x, IT87). */
const FILLER_TEMPERATURES: ReadonlySet<number> = new Set([127, 127.5])

/** Returns whether a real sensor of this kind can give this reading. */
export function isPlausible(kind: Kind, reading: number): boolean {
  const [low, high] = RANGES[kind]
  if (kind === 'temperature' && FILLER_TEMPERATURES.has(reading)) return false
  return reading >= low && reading <= high
}

/** Returns the device's own limit, or null where it states none or one that cannot be meant (0, 65261 °C). */
export const limitOrNull = (kind: Kind, limit: number | null): number | null =>
  limit !== null && limit > 0 && isPlausible(kind, limit) ? limit : null
