import type { Actor, Effect } from './actor.ts'

/** One call through the door: who did what with which outcome. Secrets in the input are redacted before it is stored. */
export interface AuditEntry {
  readonly id: string
  readonly at: Date
  readonly actor: Actor
  readonly operation: string
  readonly effect: Effect
  /** JSON, at most 8,000 characters. */
  readonly input: string
  /** `OK` or an error code. */
  readonly outcome: string
  readonly durationMs: number
}
