import type { Transport, TransportResult } from './transport.ts'

/** What a probe script once printed, for example carried from a machine without a network. */
export interface Recording {
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** Null when it did not end by itself. */
  readonly exitCode: number | null
  readonly timedOut?: boolean
  readonly durationMs?: number
}

/** Returns a transport that runs nothing and answers from the recording, bounded like a live one. */
export function createReplayTransport(recording: Recording): Transport {
  return {
    kind: 'replay',
    async run(_script, { maxBytes, signal }): Promise<TransportResult> {
      if (signal.aborted)
        return {
          status: 'unreachable',
          reason: 'cancelled',
          message: 'cancelled before the recording was read',
        }
      const { stdout, stderr, exitCode, timedOut = false, durationMs = 0 } = recording
      return {
        status: 'ran',
        exitCode,
        stdout: stdout.subarray(0, maxBytes),
        stderr: stderr.subarray(0, maxBytes),
        truncated: stdout.length > maxBytes || stderr.length > maxBytes,
        timedOut,
        durationMs,
      }
    },
  }
}
