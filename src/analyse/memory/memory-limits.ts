import type { SourcedLimit } from '../finding/sourced-limit.ts'

const GIB = 1024 ** 3

/** Limits of the memory rules that are not configuration. */
export const MEMORY_LIMITS = {
  pressureSomePercent: {
    limit: 10,
    source: 'ours: some task waited for memory a tenth of the last minute (systemd-oomd acts at 60 %)',
  },
  pressureFullPercent: {
    limit: 5,
    source: 'ours: all tasks stood still for memory 3 s of the last minute',
  },
  swapUsedPercent: { limit: 10, source: 'ours: less is what the kernel parks when nothing is short' },
  swapPressureSomePercent: { limit: 1, source: 'ours: swap in use harms only while tasks wait for memory' },
  correctedPerDayWarning: { limit: 1, source: 'Schroeder et al., DRAM Errors in the Wild, 2009; limit ours' },
  correctedPerDayUrgent: { limit: 10, source: 'ours: ten a day is a fault of the module, not chance' },
  correctedPerDayCritical: { limit: 50, source: 'rasdaemon default: page taken offline after 50 in 24 h' },
  speedBelowRatedRatio: {
    limit: 0.98,
    source: 'ours: firmware rounds 2666 and 2667, 2933 and 2934 either way',
  },
  clockRoundingMegatransfers: {
    limit: 2,
    source: 'ours: firmware of 423 desktop modules printed the clock, half the transfers, rounded by one',
  },
  slotsPerChannel: { limit: 3, source: 'Intel and AMD server platforms: at most three modules a channel' },
  fullNeighbours: {
    limit: 3,
    source: 'ours: fewer channels than three leave open whether the empty one was ever meant to be used',
  },
  silentShareRatio: {
    limit: 1 / 3,
    source: 'ours: where more is missing, the machine was bought half full',
  },
  usableAboveInstalledRatio: {
    limit: 1.02,
    source: 'ours: the kernel never manages more than is installed; 2 % for rounding',
  },
  numaDifferenceRatio: {
    limit: 0.1,
    source: 'ours: node 0 gives up to a tenth to the firmware and the kernel',
  },
  numaDifferenceBytes: { limit: 4 * GIB, source: 'ours: the same on small nodes' },
  numaShortFreeRatio: { limit: 0.05, source: 'ours: a node that has to reclaim for every allocation' },
  numaFreeElsewhereRatio: { limit: 0.2, source: 'ours: another node with memory that nobody uses' },
  swapInPagesPerSecond: { limit: 100, source: 'ours: 400 kB/s read back from a disk, all the time' },
  rateSpanMs: { limit: 600_000, source: 'ours: a rate over less than ten minutes is chance' },
  oomRecentMs: { limit: 86_400_000, source: 'ours: within a day a kill is a problem of now' },
  oomOldMs: { limit: 7 * 86_400_000, source: 'ours: a kill of more than a week ago is history' },
  firmwareReserveRatio: {
    limit: 0.06,
    source: 'ours: page tables, firmware, crash kernel and graphics take up to 6 %',
  },
  firmwareReserveBytes: { limit: GIB, source: 'ours: the same on small machines' },
  missingModuleRatio: {
    limit: 0.5,
    source:
      'ours: a module or one of its ranks is mapped out; less than half the smallest module is a reserve',
  },
  hugePagesOfTotalRatio: { limit: 0.1, source: 'ours: a tenth of the memory, held by nobody' },
  hugePagesUnusedBytes: { limit: GIB, source: 'ours: less than 1 GiB is not worth a change' },
} as const satisfies Record<string, SourcedLimit>
