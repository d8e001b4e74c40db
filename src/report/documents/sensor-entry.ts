import { z } from 'zod'
import type { ServerAssessment } from '../../domain/assessment.ts'
import type { SensorReading } from '../../domain/facts/sensors.ts'
import { outcomeValue } from '../../domain/outcome.ts'
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
  if (reading.criticalAbove !== null && reading.reading >= reading.criticalAbove) return 'critical'
  if (reading.warnAbove !== null && reading.reading >= reading.warnAbove) return 'warning'
  return reading.warnAbove === null && reading.criticalAbove === null ? 'no_limit' : 'normal'
}
