import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of the network rules. */
export const NETWORK_LIMITS = {
  receiveErrorRatio: {
    limit: 1e-5,
    source:
      'ours: IEEE 802.3 asks for a bit error ratio of at most 1e-12, which is 1.2e-8 of frames of 1,500 bytes; this is about a thousand times that',
  },
  missedRatio: {
    limit: 1e-4,
    source:
      'ours: one lost frame in 10,000 makes TCP at 10 Gbit/s and 1 ms fall below 2 Gbit/s (Mathis et al., 1997)',
  },
  fewestFrames: {
    limit: 100,
    source: 'ours: fewer bad frames than this may come from plugging a cable',
  },
  linkChangesBetweenInspections: {
    limit: 4,
    source:
      'ours: a planned restart of a switch is one loss and one return; more than two of them is a loose link',
  },
} as const satisfies Record<string, SourcedLimit>
