import type { SmartThresholds } from '../domain/facts/disk.ts'
import type { ProbeName, ServerInspection } from '../domain/inspection.ts'
import type { KnownFailure } from '../domain/known-failure.ts'
import type { ProgressEvent } from '../domain/run.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { ServerCheck } from '../domain/server-check.ts'
import type { Language } from '../domain/text.ts'
import type { ThresholdPolicy } from '../domain/thresholds.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { Store } from '../store/repositories.ts'
import type { MetricsRecorder } from '../store/spool/metrics-recorder.ts'

/** A step of a long call; the door adds the instant. */
export type ProgressStep = Omit<ProgressEvent, 'at'>

/**
 * Reads some probes of one server in one round trip, without the sections of `leaveOut` (ids, `probe.section`; default
 * none). Never throws for what the server does.
 */
export type Inspect = (
  server: InventoryServer,
  probes: readonly ProbeName[],
  signal: AbortSignal,
  leaveOut?: readonly string[],
) => Promise<ServerInspection>

/**
 * Takes a first look at one server: login, tools, rights. What was refused before `askedAt` is tried again, once.
 * Never throws for what the server does.
 */
export type Check = (
  server: InventoryServer,
  call: { readonly askedAt: Date; readonly signal: AbortSignal },
) => Promise<ServerCheck>

/** Everything a pipeline needs of the world, as values. */
export interface PipelineContext {
  readonly store: Store
  readonly inspect: Inspect
  readonly check: Check
  /** Takes what a collection finds, also while the database is away; absent: the store alone does. */
  readonly recorder?: MetricsRecorder
  /** Whether we write the samples of a group (null: of servers without one); absent: of every one. */
  readonly writesSamples?: (group: string | null) => Promise<boolean>
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly progress: (step: ProgressStep) => void
  readonly language: Language
  /** IANA name; what people read is in this zone. */
  readonly timeZone: string
  readonly thresholds: ThresholdPolicy
  /** What the signs of a failing drive are worth; absent: no replacement risk is told. */
  readonly smartThresholds?: SmartThresholds
  /** Failures whose traces in logs are known; absent: nothing is told of the kernel's log. Read when first asked for. */
  readonly knownFailures?: () => readonly KnownFailure[]
  /** Servers looked at at the same time; as many again that have become slow (see `lib/fair-queue.ts`). */
  readonly concurrency: number
  /** Usual distance between two samples of a server. */
  readonly metricsIntervalMs: number
  /** Name of this process in leases, for example `web@host:4711:…`. */
  readonly owner: string
}
