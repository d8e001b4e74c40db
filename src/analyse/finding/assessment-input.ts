import type { ServerInspection } from '../../domain/inspection.ts'
import type { Server } from '../../domain/server.ts'
import type { ServerThresholds } from '../../domain/thresholds.ts'

/** What one inspected server is judged from. */
export interface AssessmentInput {
  readonly server: Server
  readonly inspection: ServerInspection
  readonly thresholds: ServerThresholds
  readonly now: Date
}
