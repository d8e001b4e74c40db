import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of the disk rules that are not configuration. */
export const DISK_LIMITS = {
  wearPercent: {
    limit: 90,
    source: 'ours, after NVMe Base Specification 2.0 Percentage Used: 100 is the rated endurance',
  },
  rotatingWarningCelsius: { limit: 50, source: 'ours: most hard disks are rated to 60 °C' },
  rotatingUrgentCelsius: { limit: 60, source: 'ours: the rated maximum of most hard disks' },
  solidStateWarningCelsius: {
    limit: 70,
    source: 'ours: the rated maximum of most SSDs; NVMe throttles soon above',
  },
  highestPlausibleCelsius: { limit: 125, source: 'ours: no drive still answers above it' },
  lowestPlausibleCelsius: { limit: -40, source: 'ours: the storage limit of most drives' },
} as const satisfies Record<string, SourcedLimit>
