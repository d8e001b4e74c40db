import type { InspectionDiff } from './changes.ts'
import type { SmartSign } from './facts/disk.ts'
import type { Finding } from './finding.ts'
import type { ServerInspection } from './inspection.ts'
import type { MaintenanceNow } from './inventory-fields.ts'
import type { JudgedArea } from './judged-area.ts'
import type { MetricValues } from './metrics.ts'
import type { Server } from './server.ts'
import type { Text } from './text.ts'
import type { ServerThresholds, ThresholdSource, Thresholds } from './thresholds.ts'

/** The shares that have a threshold. */
export const METRIC_NAMES = ['cpu', 'memory', 'disk', 'network'] as const
export type MetricName = (typeof METRIC_NAMES)[number]

/** A machine as a list shows it. `serverId` is null for one known only from its metrics. */
export interface ListedServer {
  readonly serverId: string | null
  readonly bkCloudId: number
  readonly ip: string
  readonly name: string | null
  readonly group: string | null
}

/** One share above its threshold now. */
export interface Exceedance {
  readonly metric: MetricName
  readonly percent: number
  readonly thresholdPercent: number
  readonly thresholdSource: ThresholdSource
  /** The filesystem that is above its limit; null for other shares, and where only the fullest share is known. */
  readonly mount: string | null
  readonly status: 'warning' | 'critical'
  /** First sample of the unbroken stretch above the threshold. */
  readonly sinceAt: Date
  /** True when the stretch reaches back to the oldest sample that was looked at: it may be older still. */
  readonly sinceIsEarliestSeen: boolean
  /** Highest share in the samples that were looked at. */
  readonly peakPercent: number
  readonly peakAt: Date
  /** `unknown` with fewer than 5 samples. */
  readonly trend: 'rising' | 'falling' | 'steady' | 'unknown'
  /** Theil–Sen slope; null when the trend is unknown. */
  readonly percentPerHour: number | null
}

export interface AbnormalServer {
  readonly server: ListedServer
  readonly collectedAt: Date
  readonly cpuPercent: number | null
  readonly memoryPercent: number | null
  readonly diskPercent: number | null
  /** At least one. */
  readonly exceedances: readonly Exceedance[]
  /** Null outside its maintenance windows. */
  readonly maintenance: MaintenanceNow | null
}

/** A server that was above a threshold lately and is not now. */
export interface RecoveredServer {
  readonly server: ListedServer
  readonly metric: MetricName
  readonly nowPercent: number | null
  readonly peakPercent: number
  readonly lastExceededAt: Date
}

/** A server without a fresh sample: it is listed, never silently left out. */
export interface StaleServer {
  readonly server: ListedServer
  /** Null when it never sent any. */
  readonly lastCollectedAt: Date | null
  readonly reason: 'never_collected' | 'too_old' | 'clock_ahead'
  /** Null outside its maintenance windows. */
  readonly maintenance: MaintenanceNow | null
}

/** A server in a maintenance window: it is measured and listed, and asks for nobody's attention. */
export interface MaintainedServer {
  readonly server: ListedServer
  readonly maintenance: MaintenanceNow
  /** Where it stands: in which of the lists of {@link FleetAssessment} it is. */
  readonly state: 'healthy' | 'abnormal' | 'stale'
}

/** What service 001 judges: every enabled server stands in exactly one of abnormal, stale or healthy. */
export interface FleetAssessment {
  readonly at: Date
  /** What the call asked for, else the configuration's own: the limits of servers without others. */
  readonly thresholds: Thresholds
  readonly maxAgeMs: number
  readonly totalCount: number
  /** Without those in maintenance. */
  readonly healthyCount: number
  readonly abnormal: readonly AbnormalServer[]
  readonly recovered: readonly RecoveredServer[]
  readonly stale: readonly StaleServer[]
  /** By address. */
  readonly inMaintenance: readonly MaintainedServer[]
  readonly findings: readonly Finding[]
}

/** One sign and what it adds to the risk of a drive. */
export interface RiskContribution {
  readonly sign: SmartSign
  /** What the drive said: a count, a percent, hours, or the number of attributes. */
  readonly reading: number
  readonly riskPercent: number
}

/** How pressing the replacement of a drive is. */
export interface ReplacementRisk {
  /** 0–100, never below the largest contribution. A rank among drives, not a probability of this one. */
  readonly scorePercent: number
  /** Largest first; empty when no sign was seen. */
  readonly contributions: readonly RiskContribution[]
}

/** What is expected of one drive, beside what is wrong with it now. */
export interface DriveOutlook {
  /** As in the facts. */
  readonly device: string
  /** Null for a drive that said nothing, and without knowledge of the signs. */
  readonly risk: (ReplacementRisk & { readonly explanation: Text }) | null
  /** Hours of running until the rated endurance is used up at the pace so far; null when that cannot be told. */
  readonly remainingLifeHours: number | null
}

/** How fast the fullest filesystem of a server fills, from its samples. */
export interface DiskGrowth {
  /** Negative when it empties. */
  readonly percentPerDay: number
  /** Null when it does not grow. */
  readonly daysUntilFull: number | null
  readonly sinceAt: Date
  readonly sampleCount: number
}

/** One inspected server with what was found wrong on it. */
export interface ServerAssessment {
  readonly server: Server
  readonly inspection: ServerInspection
  /** The limits that it was judged by. */
  readonly thresholds: ServerThresholds
  /** Most severe first. */
  readonly findings: readonly Finding[]
  /** One per drive that was asked, in the order of the facts. */
  readonly driveOutlooks: readonly DriveOutlook[]
  /** How each area of its memory stands; empty when its memory was not inspected. */
  readonly memoryAreas: readonly JudgedArea[]
  /** What is not as it was at the last inspection; null when there is none, or the server was not read now. */
  readonly changes: InspectionDiff | null
}

/** One server's part in a metrics collection (service 010). */
export interface MetricsCollection {
  readonly server: Server
  /** Null when the server was not reached or its metrics section gave nothing. */
  readonly values: MetricValues | null
  /** Why there are no values; null when there are. */
  readonly failure: Text | null
  readonly findings: readonly Finding[]
}
