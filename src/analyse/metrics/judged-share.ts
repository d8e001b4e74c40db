import type { MetricName } from '../../domain/assessment.ts'
import type { FilesystemShare } from '../../domain/metrics.ts'
import { diskLimitAt, type Limit, type ServerThresholds } from '../../domain/thresholds.ts'

/** A share with the limit that it is judged by. */
export interface JudgedShare {
  readonly percent: number
  readonly limit: Limit
  /** The filesystem that it is the share of; null for other shares, and where it is not known. */
  readonly mount: string | null
  /** False for a filesystem that is not the fullest one: samples say nothing of its past. */
  readonly hasHistory: boolean
}

interface Measured {
  readonly metric: MetricName
  /** Of disks the share of the fullest filesystem. */
  readonly percent: number
  readonly thresholds: ServerThresholds
  /** Fullest first; empty when only the fullest share is known. */
  readonly filesystems: readonly FilesystemShare[]
}

/**
 * Returns a share with its limit. Where mount points have limits of their own the disk share is that of the filesystem
 * that is furthest above its limit (or least below it), not that of the fullest one.
 */
export function judgedShare({ metric, percent, thresholds, filesystems }: Measured): JudgedShare {
  const own = {
    percent: thresholds[`${metric}Percent`],
    source: thresholds.sources[`${metric}Percent`],
  }
  if (metric !== 'disk' || thresholds.mounts.size === 0 || filesystems.length === 0)
    return { percent, limit: own, mount: null, hasHistory: true }
  const [tightest] = filesystems
    .map(({ mount, usedPercent }, index) => ({
      percent: usedPercent,
      limit: diskLimitAt(thresholds, mount),
      mount,
      hasHistory: index === 0,
    }))
    .sort((a, b) => b.percent - b.limit.percent - (a.percent - a.limit.percent))
  return tightest ?? { percent, limit: own, mount: null, hasHistory: true }
}
