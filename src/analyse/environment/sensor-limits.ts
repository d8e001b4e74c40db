import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of the sensor rules that are not the device's own. */
export const SENSOR_LIMITS = {
  highestBelievableLimitCelsius: {
    limit: 150,
    source: 'ours: drivers give limits such as 65261 °C for "none"; no silicon is rated above 150 °C',
  },
  eventWindowDays: {
    limit: 7,
    source:
      'ours: a week between full inspections (product specification §6); older events were seen by the one before',
  },
} as const satisfies Record<string, SourcedLimit>
