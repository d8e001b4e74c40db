import type { MetricSample } from '../../domain/metrics.ts'
import type { Server } from '../../domain/server.ts'
import type { Thresholds } from '../../domain/thresholds.ts'

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
  readonly servers: readonly Server[]
  readonly latest: LatestSamplesLike
  readonly thresholds: Thresholds
  /** Older samples say nothing about now. */
  readonly maxAgeMs: number
  readonly now: Date
  /** Null means all; a server known only from its metrics belongs to no group. */
  readonly group: string | null
}

export interface FleetAssessmentInput extends FleetNowInput {
  /** Samples (any order) of the servers that {@link FleetNowInput} says exceed now, by `serverKey`. */
  readonly histories: ReadonlyMap<string, readonly MetricSample[]>
  readonly exceededLately: readonly ExceededLately[]
}
