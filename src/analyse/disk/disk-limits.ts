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
  youngestForLifeHours: { limit: 1_000, source: 'ours: below six weeks of running the pace says little' },
  planLifeHours: { limit: 8_760, source: 'ours: one year of running, the time to budget and buy' },
  crcErrors: { limit: 100, source: 'ours: a few come from one unplugged cable; the counter never goes back' },
  deletedOpenInfoBytes: { limit: 1024 ** 3, source: 'ours: 1 GiB is worth knowing' },
  deletedOpenWarningBytes: { limit: 10 * 1024 ** 3, source: 'ours: 10 GiB is worth a restart' },
  growthHours: { limit: 6, source: 'ours: a shorter stretch shows one job, not a trend' },
  growthPercentPerDay: { limit: 0.05, source: 'ours: below it a date lies years ahead and says nothing' },
  samePercent: {
    limit: 2,
    source: 'ours: df rounds up, and minutes pass between a sample and an inspection',
  },
} as const satisfies Record<string, SourcedLimit>
