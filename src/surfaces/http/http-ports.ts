import type { Actor } from '../../domain/actor.ts'
import type { Envelope } from '../../domain/envelope.ts'
import type { AppError } from '../../domain/errors.ts'
import type { Language } from '../../domain/text.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Door } from '../../services/call.ts'
import type { ProcessStatus } from '../../services/context.ts'

/** The latest result of service 004. */
interface LatestReport {
  /** `data` of its envelope. */
  readonly data: unknown
  readonly markdown: string
}

/** What a route that shows runs asks for. */
interface RunQuery {
  readonly actor: Actor
  readonly language: Language
  readonly signal: AbortSignal
}

/** What the web API needs of the rest of the product. */
export interface HttpPorts {
  readonly door: Door
  /** Who calls: a local administrator as long as there are no users. */
  readonly actor: Actor
  /** The configured language, for callers that name none. */
  readonly language: Language
  readonly version: string
  readonly logger: Logger
  /** Returns the present time as an envelope's `timestamp` shows it. */
  readonly timestamp: () => string
  /** Names beyond loopback under which people reach this server: `name` or `name:port`. */
  readonly allowedHosts: readonly string[]
  readonly processes: () => readonly ProcessStatus[]
  /** Returns why the product cannot work now (database, schema); empty when it can. */
  readonly checkReadiness: () => Promise<readonly AppError[]>
  /** Null when no report has been made yet. */
  readonly latestReport: (language: Language) => Promise<LatestReport | null>
  /** Returns the report page: a whole HTML document whose first `<style>` is its only style. */
  readonly renderPage: (language: Language) => Promise<string>
  /** Newest first, as an envelope of the door. */
  readonly listRuns: (limit: number, query: RunQuery) => Promise<Envelope>
  readonly showRun: (runId: string, query: RunQuery) => Promise<Envelope>
  /** How long calls in flight may go on when the server stops; default 5,000. */
  readonly graceMs?: number
  /** Returns the reason that aborted calls see when the server stops; how the flows tell it from a cancelling caller. */
  readonly stopReason?: () => Error
}
