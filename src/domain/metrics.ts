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
