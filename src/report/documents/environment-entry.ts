import { z } from 'zod'
import type { ServerAssessment } from '../../domain/assessment.ts'
import { sensorEntries, sensorReadingSchema } from './sensor-entry.ts'
import { unreadSectionSchema, unreadSections } from './unread-section.ts'

/** Sensor readings of several servers. */
export const environmentSchema = z
  .strictObject({
    readings: z.array(sensorReadingSchema).describe('Sensor readings of the newest inspections'),
    out_of_range: z.array(sensorReadingSchema).describe('Those above a limit of the device itself'),
    not_read: z
      .array(unreadSectionSchema.extend({ ip: z.string().describe('Address of the server') }))
      .describe('Sensor sources that gave nothing, with the reason'),
  })
  .describe('Temperature, fans, voltage, power, humidity')
export type Environment = z.output<typeof environmentSchema>

/** Returns the sensor readings of inspections, in their order. */
export function environmentEntry(
  assessments: readonly ServerAssessment[],
  localTime: (at: Date) => string,
): Environment {
  const readings = assessments.flatMap((assessment) => sensorEntries(assessment, localTime))
  return {
    readings,
    out_of_range: readings.filter(({ status }) => status === 'warning' || status === 'critical'),
    not_read: assessments.flatMap(({ server, inspection }) =>
      unreadSections(inspection, ['sensors']).map((section) => ({ ip: server.ip, ...section })),
    ),
  }
}

/** Returns the newer readings, and the older ones of servers that have no newer ones. */
export function newestEnvironment(older: Environment, newer: Environment): Environment {
  const known = new Set([...newer.readings, ...newer.not_read].map(({ ip }) => ip))
  const isOther = ({ ip }: { readonly ip: string }): boolean => !known.has(ip)
  return {
    readings: [...newer.readings, ...older.readings.filter(isOther)],
    out_of_range: [...newer.out_of_range, ...older.out_of_range.filter(isOther)],
    not_read: [...newer.not_read, ...older.not_read.filter(isOther)],
  }
}
