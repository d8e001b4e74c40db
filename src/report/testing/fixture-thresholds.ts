import { thresholdsFor } from '../../domain/thresholds.ts'

/** The limits that the fixtures' servers were judged by: the product's defaults. */
export const FIXTURE_THRESHOLDS = thresholdsFor(
  { group: null, thresholds: null },
  { cpuPercent: 70, memoryPercent: 70, diskPercent: 80, networkPercent: 95 },
)
