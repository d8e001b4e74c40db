import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of the GPU rules that are not the card's own. */
export const GPU_LIMITS = {
  xidWindowDays: {
    limit: 7,
    source:
      'ours: a week between full inspections (product specification §6); older faults were seen by the one before',
  },
  retiredPages: {
    limit: 60,
    source:
      'NVIDIA, Dynamic Page Retirement: a card keeps at most 64 retired pages; with 60 or more it is to be replaced',
  },
  correctedErrors: {
    limit: 1000,
    source:
      'ours: corrected ECC errors since the driver was loaded are harmless one by one; a thousand name a weak cell',
  },
} as const satisfies Record<string, SourcedLimit>
