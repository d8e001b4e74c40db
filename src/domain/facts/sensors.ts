import type { SectionOutcome } from '../outcome.ts'

/** One reading of hwmon (sysfs), ACPI thermal zone or BMC. */
export interface SensorReading {
  /** `hwmon`, `thermal_zone` or `ipmi`. */
  readonly source: 'hwmon' | 'thermal_zone' | 'ipmi'
  readonly chip: string
  readonly label: string
  readonly kind: 'temperature' | 'fan' | 'voltage' | 'power' | 'humidity'
  /** In the unit of `unit`. */
  readonly reading: number
  readonly unit: 'celsius' | 'rpm' | 'volt' | 'watt' | 'percent'
  /** The device's own upper limits; null where it states none. */
  readonly warnAbove: number | null
  readonly criticalAbove: number | null
  /** False for values no real sensor gives (a CPU of 65,261 °C): named, never alarmed on. */
  readonly plausible: boolean
}

/** What the `sensors` probe reads. */
export interface SensorFacts {
  readonly hwmon: SectionOutcome<readonly SensorReading[]>
  readonly thermalZones: SectionOutcome<readonly SensorReading[]>
  readonly ipmi: SectionOutcome<readonly SensorReading[]>
}
