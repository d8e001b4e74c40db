import type { DiskFacts } from './facts/disk.ts'
import type { GpuFacts } from './facts/gpu.ts'
import type { KernelFacts } from './facts/kernel.ts'
import type { MemoryFacts } from './facts/memory.ts'
import type { NetworkFacts } from './facts/network.ts'
import type { SensorFacts } from './facts/sensors.ts'
import type { SystemFacts } from './facts/system.ts'
import type { Evidence } from './finding.ts'
import type { MetricsReading } from './metrics.ts'
import type { SectionOutcome } from './outcome.ts'

/** Facts by probe name. A probe that was not asked for is absent. */
export interface FactsByProbe {
  readonly system: SystemFacts
  readonly metrics: SectionOutcome<MetricsReading>
  readonly memory: MemoryFacts
  readonly disk: DiskFacts
  readonly sensors: SensorFacts
  readonly network: NetworkFacts
  readonly gpu: GpuFacts
  readonly kernel: KernelFacts
}

export type ProbeName = keyof FactsByProbe

/** All probes, in the order they run on a server. */
export const PROBE_NAMES = [
  'system',
  'metrics',
  'memory',
  'disk',
  'sensors',
  'network',
  'gpu',
  'kernel',
] as const satisfies readonly ProbeName[]

/**
 * Why a server as a whole can have been left unread. `busy`: it was reached, but an earlier look is still running there,
 * so nothing was started beside it.
 */
export const UNREACHABLE_REASONS = [
  'connect_failed',
  'login_refused',
  'host_key_changed',
  'timeout',
  'cancelled',
  'shell_failed',
  'busy',
] as const

/** Why a server as a whole could not be read. */
export interface Unreachable {
  readonly reason: (typeof UNREACHABLE_REASONS)[number]
  readonly message: string
}

/** One section of one probe in short, for the report's "what was seen and what was not". */
export interface SectionReport {
  /** `probe.section`, the id of its evidence. */
  readonly id: string
  readonly status: SectionOutcome<unknown>['status']
  readonly command: string
  /** What would make an absent section readable (the tool to install, the right to grant); null when nothing would. */
  readonly remedy: { readonly zh: string; readonly en: string } | null
}

/** A look at one server: one round trip, some probes, what each section said. */
export interface ServerInspection {
  readonly serverId: string
  readonly serverIp: string
  readonly startedAt: Date
  readonly finishedAt: Date
  /** Null when the server was reached. Where the connection was lost in the middle, what had been read is there too. */
  readonly unreachable: Unreachable | null
  readonly facts: Partial<FactsByProbe>
  readonly sections: readonly SectionReport[]
  readonly evidence: readonly Evidence[]
}
