import type { SourcedLimit } from '../finding/sourced-limit.ts'

const DAY_MS = 86_400_000

/** When an incident is history: it no longer presses as it did, and is still told. */
export const FAILURE_LIMITS = {
  staleMs: { limit: 7 * DAY_MS, source: 'ours: a week without a repeat is one step less severe' },
  oldMs: { limit: 30 * DAY_MS, source: 'ours: a month without a repeat is worth knowing, no more' },
} as const satisfies Record<string, SourcedLimit>
