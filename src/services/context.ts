import type { Actor } from '../domain/actor.ts'
import type { ConnectionNames } from '../domain/connection-names.ts'
import type { PipelineContext } from '../pipeline/context.ts'

/** One process of the product, as the supervisor sees it. */
export interface ProcessStatus {
  readonly name: string
  readonly state: 'running' | 'stopped' | 'failing'
  readonly pid: number | null
  readonly sinceAt: Date | null
  readonly restarts: number
  readonly residentBytes: number | null
  /** Last lines of its stderr; empty unless failing. */
  readonly lastLines: readonly string[]
}

/** One thing that the doctor looks at. */
export interface DoctorCheck {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failed' | 'not_configured'
  readonly found: { readonly zh: string; readonly en: string }
  readonly remedy: { readonly zh: string; readonly en: string } | null
}

/** The processes beside this one. Where nothing supervises, the list holds this process alone. */
interface ProcessesPort {
  list(): readonly ProcessStatus[]
}

/** What `app` lends to operations beyond the pipelines. */
interface OperationPorts {
  readonly processes: ProcessesPort
  readonly doctor: (signal: AbortSignal) => Promise<readonly DoctorCheck[]>
  /** Names of credentials and jump hosts that servers may use. */
  readonly connectionNames: ConnectionNames
}

/** What a service or an operation gets besides its input. */
export interface ServiceContext extends PipelineContext, OperationPorts {
  readonly actor: Actor
}
