/** Word stored in the status columns of the given metrics table. */
export type MetricStatus = 'normal' | 'warning' | 'critical'

/** One row of metrics of one server, as the given table `howso_server_performance_metrics` keeps it. */
export interface MetricSample {
  readonly id: string
  readonly bkCloudId: number
  readonly ip: string
  readonly collectedAt: Date
  /** Shares 0–100, two decimals; null means not measured. */
  readonly cpuPercent: number | null
  readonly memoryPercent: number | null
  readonly diskPercent: number | null
  readonly cpuStatus: string | null
  readonly memoryStatus: string | null
  readonly diskStatus: string | null
  readonly networkStatus: string | null
  readonly insertedAt: Date
}

/** Jiffies since boot of all CPUs together (`/proc/stat`, first line), and how many CPUs were counted. */
export interface CpuCounters {
  readonly totalTicks: number
  readonly idleTicks: number
  readonly cpuCount: number
}

/** Byte counters of one real network interface and its link speed. */
export interface InterfaceCounters {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
  /** Null when the driver gives none (virtual NICs say -1). */
  readonly linkBitsPerSecond: number | null
}

/** How full one filesystem is. */
export interface FilesystemShare {
  readonly mount: string
  readonly usedPercent: number
}

/** One reading of the `metrics` probe: gauges, and counters that mean something only against an earlier reading. */
export interface MetricsReading {
  readonly collectedAt: Date
  /** `/proc/sys/kernel/random/boot_id`; null on kernels that have none. */
  readonly bootId: string | null
  readonly uptimeSeconds: number | null
  readonly cpu: CpuCounters | null
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number } | null
  readonly swap: { readonly totalBytes: number; readonly freeBytes: number } | null
  /** The fullest real filesystem. */
  readonly disk: {
    readonly mount: string
    readonly usedPercent: number
    readonly freeBytes: number
    readonly inodesUsedPercent: number | null
    /** All of them, fullest first, at most 64; absent from readings of versions that kept the fullest alone. */
    readonly filesystems?: readonly FilesystemShare[]
  } | null
  readonly interfaces: readonly InterfaceCounters[]
  readonly load: { readonly one: number; readonly five: number; readonly fifteen: number } | null
  /** Pressure stall information, `some avg60` in percent; null where the kernel has no PSI. */
  readonly psi: {
    readonly cpuSomePercent: number | null
    readonly memorySomePercent: number | null
    readonly memoryFullPercent: number | null
    readonly ioSomePercent: number | null
  } | null
}

/** What two readings come to. A null share is a gap: never measured, or not comparable (reboot, counter reset, clock jump). */
export interface MetricValues {
  readonly collectedAt: Date
  readonly cpuPercent: number | null
  readonly memoryPercent: number | null
  readonly diskPercent: number | null
  /** Busiest real NIC against its link speed; null without a known speed. */
  readonly networkPercent: number | null
  /** Why a share is null, for example `cpu: first_reading`. */
  readonly gaps: readonly string[]
}

/** What one share usually is on one server. */
export interface ShareBaseline {
  readonly sampleCount: number
  /** From the oldest sample used to the instant it was computed. */
  readonly spanMs: number
  readonly medianPercent: number
  /** Median absolute deviation from the median, in points. */
  readonly madPercent: number
  /** The 2nd percentile: below it lie fewer than 2 % of the samples, and 2 % or more lie at or below it. */
  readonly p2Percent: number
  /** The 98th percentile: above it lie fewer than 2 % of the samples, and 2 % or more lie at or above it. */
  readonly p98Percent: number
}

/** What a server's shares usually are, made from its stored samples at most once a day. A share without samples is null. */
export interface MetricBaseline {
  readonly computedAt: Date
  readonly cpu: ShareBaseline | null
  readonly memory: ShareBaseline | null
  readonly disk: ShareBaseline | null
}

/** Since when a share has counted as exceeded; a share that does not is absent. */
export interface ExceededSince {
  readonly cpu?: Date
  readonly memory?: Date
  readonly disk?: Date
  readonly network?: Date
}
