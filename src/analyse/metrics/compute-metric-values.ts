import type { CpuCounters, InterfaceCounters, MetricsReading, MetricValues } from '../../domain/metrics.ts'
import { type Comparison, compareReadings } from './compare-readings.ts'
import { METRIC_LIMITS } from './metric-limits.ts'

/** A share, or the reason why there is none. */
type Share = { readonly percent: number } | { readonly gap: string }

/**
 * Returns the shares of a reading. CPU and network are means since the previous reading (their counters mean nothing
 * alone); memory and disk stand by themselves. Whatever makes the counters incomparable (first reading, reboot, clock
 * jump, reset, other number of CPUs, less than 1 s or more than 15 min apart) gives null with a reason in `gaps`,
 * never a spike. Shares are 0–100 with two decimals. The disk share is the space of the fullest filesystem.
 */
export function computeMetricValues(previous: MetricsReading | null, current: MetricsReading): MetricValues {
  const comparison = compareReadings(previous, current)
  const shares = {
    cpu: cpuShare(comparison, current.cpu),
    memory: memoryShare(current),
    disk: current.disk === null ? { gap: 'not_read' } : share(current.disk.usedPercent),
    network: networkShare(comparison, current.interfaces),
  }
  const percentOf = (one: Share): number | null => ('percent' in one ? one.percent : null)
  return {
    collectedAt: current.collectedAt,
    cpuPercent: percentOf(shares.cpu),
    memoryPercent: percentOf(shares.memory),
    diskPercent: percentOf(shares.disk),
    networkPercent: percentOf(shares.network),
    gaps: Object.entries(shares).flatMap(([name, one]) => ('gap' in one ? [`${name}: ${one.gap}`] : [])),
  }
}

/** Two decimals, kept within 0–100; a number that is none is a gap. */
function share(percent: number): Share {
  if (!Number.isFinite(percent)) return { gap: 'implausible' }
  return { percent: Math.round(Math.min(100, Math.max(0, percent)) * 100) / 100 }
}

function memoryShare({ memory }: MetricsReading): Share {
  if (memory === null || memory.totalBytes <= 0) return { gap: 'not_read' }
  return share(100 * (1 - memory.availableBytes / memory.totalBytes))
}

function cpuShare(comparison: Comparison, current: CpuCounters | null): Share {
  if (current === null) return { gap: 'not_read' }
  if (!comparison.comparable) return { gap: comparison.gap }
  const previous = comparison.previous.cpu
  if (previous === null) return { gap: 'first_reading' }
  if (previous.cpuCount !== current.cpuCount) return { gap: 'cpus_changed' }
  const totalTicks = current.totalTicks - previous.totalTicks
  const idleTicks = current.idleTicks - previous.idleTicks
  const slackTicks = totalTicks * METRIC_LIMITS.counterSlackRatio.limit
  if (totalTicks === 0 && idleTicks === 0) return { gap: 'counter_stalled' }
  if (totalTicks <= 0 || idleTicks < -slackTicks || idleTicks > totalTicks + slackTicks)
    return { gap: 'counter_reset' }
  return share((100 * (totalTicks - idleTicks)) / totalTicks)
}

function networkShare(comparison: Comparison, current: readonly InterfaceCounters[]): Share {
  if (current.length === 0) return { gap: 'no_interface' }
  const measurable = current.filter(hasLinkSpeed)
  if (measurable.length === 0) return { gap: 'no_link_speed' }
  if (!comparison.comparable) return { gap: comparison.gap }
  const before = new Map(comparison.previous.interfaces.map((one) => [one.name, one]))
  const shares = measurable.flatMap((one) => {
    const earlier = before.get(one.name)
    return earlier === undefined ? [] : [interfaceShare(earlier, one, comparison.elapsedSeconds)]
  })
  if (shares.length === 0) return { gap: 'first_reading' }
  // The busiest cannot be named while one of them is unknown.
  const unknown = shares.find((one) => 'gap' in one)
  if (unknown !== undefined) return unknown
  return share(Math.max(...shares.map((one) => ('percent' in one ? one.percent : 0))))
}

type LinkedInterface = InterfaceCounters & { readonly linkBitsPerSecond: number }

const hasLinkSpeed = (one: InterfaceCounters): one is LinkedInterface =>
  one.linkBitsPerSecond !== null && one.linkBitsPerSecond > 0

function interfaceShare(earlier: InterfaceCounters, later: LinkedInterface, elapsedSeconds: number): Share {
  const receivedBytes = later.receivedBytes - earlier.receivedBytes
  const sentBytes = later.sentBytes - earlier.sentBytes
  if (receivedBytes < 0 || sentBytes < 0) return { gap: 'counter_reset' }
  if (earlier.linkBitsPerSecond !== later.linkBitsPerSecond) return { gap: 'link_speed_changed' }
  const bitsPerSecond = (Math.max(receivedBytes, sentBytes) * 8) / elapsedSeconds
  const percent = (100 * bitsPerSecond) / later.linkBitsPerSecond
  return percent > METRIC_LIMITS.linkSlackPercent.limit ? { gap: 'above_link_speed' } : share(percent)
}
