import type { Unreachable } from '../../domain/inspection.ts'

export interface TransportRunOptions {
  /** After this the process group is killed; what was printed until then is kept. */
  readonly deadlineMs: number
  /** Output beyond this many bytes (stdout and stderr each) is dropped. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What came of running a script: it ran (perhaps cut short), or the machine was not reached. */
export type TransportResult =
  | {
      readonly status: 'ran'
      /** Null when it did not end by itself. */
      readonly exitCode: number | null
      readonly stdout: Buffer
      readonly stderr: Buffer
      readonly truncated: boolean
      readonly timedOut: boolean
      /** The connection ended before the script did. Default: no. */
      readonly connectionLost?: boolean
      readonly durationMs: number
    }
  | ({ readonly status: 'unreachable' } & Unreachable)

/** A way to run one POSIX-sh script on one machine. Never throws for what the machine does. */
export interface Transport {
  readonly kind: 'local' | 'ssh' | 'replay'
  run(script: string, options: TransportRunOptions): Promise<TransportResult>
}
