import type { FilesystemShare, MetricSample } from '../../domain/metrics.ts'
import type { InventoryServer } from '../../domain/server.ts'
import type { ThresholdPolicy, Thresholds } from '../../domain/thresholds.ts'

/** The latest usable sample of each server, and servers whose newest samples lie ahead of the clock. */
interface LatestSamplesLike {
  readonly samples: readonly MetricSample[]
  readonly ahead: readonly {
    readonly bkCloudId: number
    readonly ip: string
    readonly collectedAt: Date
  }[]
}

/** A server that was above a limit lately, with its peaks in that span (percent; null when not measured). */
export interface ExceededLately {
  readonly bkCloudId: number
  readonly ip: string
  readonly peakCpuPercent: number | null
  readonly peakMemoryPercent: number | null
  readonly peakDiskPercent: number | null
  readonly lastExceededAt: Date
}

/** What decides which servers exceed a threshold now. */
export interface FleetNowInput {
  readonly servers: readonly InventoryServer[]
  readonly latest: LatestSamplesLike
  readonly policy: ThresholdPolicy
  /** Limits that the call asked for: they hold for every server. */
  readonly asked: Partial<Thresholds>
  /** Filesystems as last read, by `serverKey`: what limits of mount points are held against. */
  readonly filesystems: ReadonlyMap<string, readonly FilesystemShare[]>
  /** Older samples say nothing about now. */
  readonly maxAgeMs: number
  readonly now: Date
  /** Null means all; a server known only from its metrics belongs to no group. */
  readonly group: string | null
}

export interface FleetAssessmentInput extends FleetNowInput {
  /** Samples (any order) of the servers that `selectForHistory` names, by `serverKey`. */
  readonly histories: ReadonlyMap<string, readonly MetricSample[]>
  /** Servers that were above the limits of `lowestLimits`. */
  readonly exceededLately: readonly ExceededLately[]
}
