import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { SMART_SIGNS, type SmartThresholds } from '../domain/facts/disk.ts'
import type { KnownFailure } from '../domain/known-failure.ts'
import { readKnownFailures } from './knowledge-failures.ts'

/** Data that users may extend, read from the folder `knowledge/`. */
export interface Knowledge {
  readonly smartThresholds: SmartThresholds
  /**
   * Returns the failures whose traces in logs are known, people's own first. Read when first asked for, because it takes
   * a while. Throws CONFIG_INVALID that names file, line, entry and field of everything wrong.
   */
  readonly knownFailures: () => readonly KnownFailure[]
}

const thresholdSchema = z.strictObject({
  source: z.string().min(1),
  steps: z
    .array(z.strictObject({ from: z.number().positive(), riskPercent: z.number().min(0).max(100) }))
    .min(1)
    .refine(
      (steps) => steps.every((step, index) => index === 0 || step.from > (steps[index - 1]?.from ?? 0)),
      {
        error: '`from` must rise from step to step',
      },
    ),
})

const smartThresholdsSchema = z.strictObject({
  about: z.string(),
  signs: z.record(z.enum(SMART_SIGNS), thresholdSchema),
})

/**
 * Returns the checked knowledge of the folder, and failures of people's own from `ownFailures` (null: none). Throws an
 * error that names the field, or the error of reading.
 */
export function readKnowledge(folder: string, ownFailures: string | null = null): Knowledge {
  const document: unknown = JSON.parse(readFileSync(join(folder, 'smart-thresholds.json'), 'utf8'))
  const folders = [...(ownFailures === null ? [] : [ownFailures]), join(folder, 'failures')]
  let failures: readonly KnownFailure[] | null = null
  return {
    smartThresholds: smartThresholdsSchema.parse(document).signs,
    knownFailures: () => {
      failures ??= readKnownFailures(folders)
      return failures
    },
  }
}
