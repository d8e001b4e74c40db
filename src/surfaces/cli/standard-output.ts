import type { StandardOutput } from './cli-ports.ts'

/** A process's stdout: a terminal, a pipe or a file. */
export interface OutputStream {
  write(text: string): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

const UNKNOWN_COLUMNS = 80

/**
 * Returns the stream as the command line wants it. A reader that has gone away (`| head`) ends nothing: what is
 * written after EPIPE is dropped. `onError` gets every other error of the stream.
 */
export function standardOutput(stream: OutputStream, onError: (error: Error) => void): StandardOutput {
  let isBroken = false
  stream.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') isBroken = true
    else onError(error)
  })
  return {
    write: (value) => {
      if (!isBroken) stream.write(value)
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? UNKNOWN_COLUMNS
    },
  }
}
