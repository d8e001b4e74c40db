import { z } from 'zod'
import type { ServerAssessment } from '../../domain/assessment.ts'
import type { SensorReading } from '../../domain/facts/sensors.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { evidenceRefField, timeField } from './document-fields.ts'
import { evidenceRef } from './evidence-entry.ts'
import { SECTION_IDS } from './section-ids.ts'

/** One sensor reading in a document. */
export const sensorReadingSchema = z.strictObject({
  ip: z.string().describe('Address of the server'),
  source: z.enum(['hwmon', 'thermal_zone', 'ipmi']).describe('Where it was read'),
  chip: z.string().describe('Chip or device'),
  label: z.string().describe('What the device calls it'),
  kind: z.enum(['temperature', 'fan', 'voltage', 'power', 'humidity']).describe('What is measured'),
  reading: z.number().describe('In `unit`'),
  unit: z.enum(['celsius', 'rpm', 'volt', 'watt', 'percent']).describe('Unit of the reading and its limits'),
  warn_above: z.number().nullable().describe('Limit stated by the device; null where it states none'),
  critical_above: z.number().nullable().describe('Limit stated by the device; null where it states none'),
  status: z
    .enum(['normal', 'warning', 'critical', 'no_limit', 'implausible'])
    .describe(
      'no_limit: the device states no limit, so nothing can be said; implausible: no real sensor gives this',
    ),
  at: timeField('When it was read'),
  evidence: evidenceRefField('the reading'),
})
export type SensorReadingEntry = z.output<typeof sensorReadingSchema>

/** Returns the sensor readings of one inspection, in the order of sources and devices. */
export function sensorEntries(
  assessment: ServerAssessment,
  localTime: (at: Date) => string,
): SensorReadingEntry[] {
  const { server, inspection } = assessment
  const facts = inspection.facts.sensors
  if (facts === undefined) return []
  const bySection = [
    { section: SECTION_IDS.hwmon, readings: outcomeValue(facts.hwmon) },
    { section: SECTION_IDS.thermalZones, readings: outcomeValue(facts.thermalZones) },
    { section: SECTION_IDS.ipmi, readings: outcomeValue(facts.ipmi) },
  ]
  return bySection.flatMap(({ section, readings }) => {
    const evidence = inspection.evidence.find(({ id }) => id === section)
    return (readings ?? []).map((reading) => ({
      ip: server.ip,
      source: reading.source,
      chip: reading.chip,
      label: reading.label,
      kind: reading.kind,
      reading: reading.reading,
      unit: reading.unit,
      warn_above: reading.warnAbove,
      critical_above: reading.criticalAbove,
      status: sensorStatus(reading),
      at: localTime(evidence?.at ?? inspection.finishedAt),
      evidence: evidence === undefined ? null : evidenceRef(server, section),
    }))
  })
}

function sensorStatus(reading: SensorReading): SensorReadingEntry['status'] {
  if (!reading.plausible) return 'implausible'
  // A BMC judges by limits of its own, lower ones too; where it found fault, its word stands.
  if (reading.state === 'critical' || reading.state === 'non_recoverable') return 'critical'
  if (reading.criticalAbove !== null && reading.reading >= reading.criticalAbove) return 'critical'
  if (reading.warnAbove !== null && reading.reading >= reading.warnAbove) return 'warning'
  if (reading.state === 'non_critical') return 'warning'
  if (reading.state === 'ok') return 'normal'
  return reading.warnAbove === null && reading.criticalAbove === null ? 'no_limit' : 'normal'
}

const STATUS_ORDER = ['critical', 'warning', 'normal', 'no_limit', 'implausible'] as const

/** Names of the states of a reading. */
export const SENSOR_STATUS_TITLES: Readonly<Record<SensorReadingEntry['status'], Text>> = {
  critical: text('严重', 'critical'),
  warning: text('警告', 'warning'),
  normal: text('正常', 'normal'),
  no_limit: text('无限值', 'no limit'),
  implausible: text('不可信', 'implausible'),
}

/** Returns the readings that people look at: what is out of range, temperature and humidity; the worst first, then the highest. */
export const readingsWorthShowing = (readings: readonly SensorReadingEntry[]): SensorReadingEntry[] =>
  readings
    .filter(
      ({ kind, status }) =>
        kind === 'temperature' || kind === 'humidity' || status === 'warning' || status === 'critical',
    )
    .toSorted(
      (one, other) =>
        STATUS_ORDER.indexOf(one.status) - STATUS_ORDER.indexOf(other.status) ||
        Number(one.kind !== 'temperature') - Number(other.kind !== 'temperature') ||
        other.reading - one.reading,
    )
