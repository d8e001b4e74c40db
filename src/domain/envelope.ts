import type { ErrorCode } from './errors.ts'

/** What every surface answers when a call succeeded. `timestamp` is `YYYY-MM-DD HH:mm:ss` in the configured time zone. */
export interface SuccessEnvelope<T = unknown> {
  readonly success: true
  readonly message: string
  readonly timestamp: string
  readonly data: T
}

/** What every surface answers when a call failed. */
export interface FailureEnvelope {
  readonly success: false
  readonly error: string
  readonly code: ErrorCode
  readonly hint: string
  readonly timestamp: string
  readonly details?: Readonly<Record<string, unknown>>
}

export type Envelope<T = unknown> = SuccessEnvelope<T> | FailureEnvelope
