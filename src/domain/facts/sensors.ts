import type { SectionOutcome } from '../outcome.ts'

/** What a BMC says of a reading against its own limits; `non_recoverable` is the worst. */
export type SensorState = 'ok' | 'non_critical' | 'critical' | 'non_recoverable'

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
  /** Only a BMC judges its readings itself; null where it does not, absent in facts stored before it was read. */
  readonly state?: SensorState | null
}

/** A sensor of the BMC that has states instead of a number: power supplies, redundancy, drive bays, batteries. */
export interface BmcStateSensor {
  readonly label: string
  /** IPMI entity such as `10.1`; null in short listings. 10 is a power supply, 29 and 30 are cooling (IPMI 2.0, table 43-13). */
  readonly entity: string | null
  /** What is asserted, in ipmitool's words, such as `Presence detected`; empty when nothing is. */
  readonly states: readonly string[]
}

/** One entry of the BMC's system event log. */
export interface SelEvent {
  /** Number of the record, as printed (hexadecimal). */
  readonly id: string
  /** When, by the server's clock; null where the BMC's clock is not known or was not set. */
  readonly at: Date | null
  readonly sensor: string
  readonly event: string
  /** Null where the entry does not say. */
  readonly direction: 'asserted' | 'deasserted' | null
}

/** The newest part of the system event log. */
export interface SelFacts {
  /** Oldest first, at most 100. */
  readonly events: readonly SelEvent[]
}

/** The board's management controller. */
export interface BmcFacts {
  readonly manufacturer: string | null
  readonly product: string | null
  readonly firmwareVersion: string | null
  readonly ipmiVersion: string | null
}

/** What the `sensors` probe reads. */
export interface SensorFacts {
  readonly hwmon: SectionOutcome<readonly SensorReading[]>
  readonly thermalZones: SectionOutcome<readonly SensorReading[]>
  readonly ipmi: SectionOutcome<readonly SensorReading[]>
  // Absent in facts stored before these were read.
  /** From the same output as `ipmi`. */
  readonly ipmiStates?: SectionOutcome<readonly BmcStateSensor[]>
  readonly ipmiSel?: SectionOutcome<SelFacts>
  readonly bmc?: SectionOutcome<BmcFacts>
}
