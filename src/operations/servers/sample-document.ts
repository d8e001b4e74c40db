import { z } from 'zod'
import type { MetricSample } from '../../domain/metrics.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'

const percent = z.number().nullable()

/** One sample of metrics; null means not measured. */
export const sampleRowSchema = z.strictObject({
  collected_at: z.string(),
  cpu_percent: percent,
  memory_percent: percent,
  disk_percent: percent,
})

/** Returns the sample as operations answer it. */
export const toSampleRow = (sample: MetricSample, timeZone: string): z.output<typeof sampleRowSchema> => ({
  collected_at: formatLocalTime(sample.collectedAt, timeZone),
  cpu_percent: sample.cpuPercent,
  memory_percent: sample.memoryPercent,
  disk_percent: sample.diskPercent,
})
