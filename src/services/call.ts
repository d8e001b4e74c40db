import type { Actor } from '../domain/actor.ts'
import type { Envelope } from '../domain/envelope.ts'
import type { ProgressEvent } from '../domain/run.ts'
import type { Language } from '../domain/text.ts'
import type { AnyOperation } from './service-definition.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Default: the configured language. */
  readonly language?: Language
  /** True: the answer that an equal call got some seconds ago will do. Default: false. */
  readonly mayBeCached?: boolean
  readonly onProgress?: (event: ProgressEvent) => void
}

/** The one door: every surface reaches services and operations through it and through nothing else. */
export interface Door {
  /** Numbered services first, then operations, in registry order. */
  readonly operations: ReadonlyMap<string, AnyOperation>
  /** Authorise → validate → run → audit → envelope. Never throws for what an operation does. */
  call(actor: Actor, name: string, input: unknown, options?: CallOptions): Promise<Envelope>
}
