import type { Actor } from './actor.ts'
import type { Text } from './text.ts'

/** A multi-step flow whose every step is stored. */
export type FlowName = 'full_inspection'

export type RunState = 'running' | 'succeeded' | 'failed' | 'cancelled'

/** What a step decided should happen next, who decided, and why. */
export interface StepChoice {
  readonly action: string
  readonly reason: Text
  readonly chosenBy: 'rules' | 'model'
  /** Servers the action is about; empty when it is about none in particular. */
  readonly ips: readonly string[]
}

export interface RunStep {
  /** 0-based order in which steps were entered. */
  readonly position: number
  readonly name: string
  readonly state: 'running' | 'done' | 'failed' | 'skipped'
  readonly startedAt: Date
  readonly finishedAt: Date | null
  /** How often the step was entered; above 1 after a crash. */
  readonly attempts: number
  /** JSON value the step came to; null until done. */
  readonly output: unknown
  readonly choice: StepChoice | null
  readonly error: { readonly code: string; readonly message: string } | null
}

/** One execution of a flow. */
export interface Run {
  readonly id: string
  readonly flow: FlowName
  readonly state: RunState
  readonly input: unknown
  readonly startedBy: Actor
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly cancelRequested: boolean
  readonly steps: readonly RunStep[]
  /** JSON result of the whole flow; null until it succeeded. */
  readonly result: unknown
  readonly error: { readonly code: string; readonly message: string } | null
}

/** Something that happened in a run or a long call, for people who watch it. */
export interface ProgressEvent {
  readonly at: Date
  /** Null for a call outside a run. */
  readonly runId: string | null
  readonly step: string
  /** Strictly increasing within one call. */
  readonly done: number
  /** Null when not known yet. */
  readonly total: number | null
  readonly message: Text
}
