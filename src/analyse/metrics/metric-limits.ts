import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of metrics that are not configuration. */
export const METRIC_LIMITS = {
  shortestIntervalSeconds: {
    limit: 1,
    source: 'ours: below one second a jiffy (10 ms) is more than 1 % of what is measured',
  },
  longestIntervalSeconds: {
    limit: 900,
    source: 'ours: 15 times the default interval of 60 s; a mean over longer is no present value',
  },
  clockJumpSeconds: {
    limit: 30,
    source: 'ours: more than the time between reading the counters and stamping them on a slow server',
  },
  counterSlackRatio: {
    limit: 0.01,
    source:
      'Linux Documentation/filesystems/proc.rst: idle and iowait may run back a little; more is a reset',
  },
  linkSlackPercent: {
    limit: 120,
    source:
      'ours: jitter of the two readings; a rate further above the link speed means a wrong speed or counter',
  },
  clearBelowThresholdPercent: { limit: 5, source: 'product specification §9: clear 5 points below' },
  memoryOfStateMs: {
    limit: 3_600_000,
    source: 'ours: after an hour without samples a held state is forgotten',
  },
  baselineSamples: { limit: 48, source: 'ours: two days of hourly samples' },
  baselineDays: { limit: 28, source: 'product specification §6, service 010: the last weeks' },
  robustZ: { limit: 3.5, source: 'Iglewicz and Hoaglin, How to Detect and Handle Outliers, ASQC 1993' },
  smallestDeviationPercent: {
    limit: 10,
    source: 'ours: a smaller difference is no matter for a person, however steady the server is',
  },
  smallestMadPercent: {
    limit: 1,
    source: 'ours: keeps a server that never moves from being called unusual for a point or two',
  },
  rareShareRatio: {
    limit: 0.02,
    source:
      'ours: what stood in 2 % of its own samples is not unusual, however far from the median (nightly jobs)',
  },
  criticalAtLatestPercent: { limit: 95, source: 'ours: 95 % leaves no time on any of the shares' },
  diskCriticalPercent: { limit: 95, source: 'ours: ext4 keeps 5 % for root, so users are already refused' },
  steadyChangePercent: { limit: 2, source: 'ours: less than two points over the whole span is no trend' },
  clockAheadMs: {
    limit: 300_000,
    source: 'product specification §6, service 001: more than 5 minutes ahead',
  },
} as const satisfies Record<string, SourcedLimit>
