import type { EarlierLook } from '../../domain/changes.ts'
import type { SmartThresholds } from '../../domain/facts/disk.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import type { KnownFailure } from '../../domain/known-failure.ts'
import type { Server } from '../../domain/server.ts'
import type { ServerThresholds } from '../../domain/thresholds.ts'

/** What one inspected server is judged from. */
export interface AssessmentInput {
  readonly server: Server
  readonly inspection: ServerInspection
  readonly thresholds: ServerThresholds
  readonly now: Date
  /** What was known of the server before; null or absent where it was never looked at, and rates since then are not told. */
  readonly earlier?: EarlierLook | null
  /** From knowledge/; without it no replacement risk is told. */
  readonly smartThresholds?: SmartThresholds
  /** From knowledge/; without it nothing is told of the kernel's log. */
  readonly knownFailures?: readonly KnownFailure[]
}
