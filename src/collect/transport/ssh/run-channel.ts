import type { ClientChannel } from 'ssh2'
import type { RemoteSession } from './remote-session.ts'
import { sessionPreamble } from './remote-session.ts'

/** Is told what comes of a script. */
export interface RunListener {
  readonly onStdout: (chunk: Buffer) => void
  readonly onStderr: (chunk: Buffer) => void
  /** The script has ended; null when by a signal. What it left behind may still speak. */
  readonly onExit: (code: number | null) => void
  /** Nothing comes any more. */
  readonly onClose: (code: number | null) => void
  readonly onError: () => void
}

/** What one script runs over: a channel of its own, or its turn in a shell that is kept. */
export interface RunChannel {
  /** True when its shell has run a script before; it may have ended unseen since. */
  readonly isReused: boolean
  start(script: string, nonce: string, listener: RunListener): void
  /** The shell has said who it is; null when it cannot. */
  hasSpoken(session: RemoteSession | null): void
  /** What runs in it is about to be killed: nobody else is to use it. */
  condemn(): void
  /** Sends the shell a KILL through the SSH server. */
  kill(): void
  close(): void
}

/** Gives turns in a shell that is kept. */
export interface KeptTurns {
  /** Returns the turn; null while another run has it, or when the shell is of no further use. */
  take(): RunChannel | null
}

/** Returns a channel that serves one script and ends with it. */
export const ownChannel = (channel: ClientChannel): RunChannel => ({
  isReused: false,
  start(script, nonce, listener) {
    channel.on('data', listener.onStdout)
    channel.stderr.on('data', listener.onStderr)
    channel.on('error', listener.onError)
    channel.on('exit', listener.onExit)
    channel.on('close', (code: number | null | undefined) => listener.onClose(code ?? null))
    channel.write(sessionPreamble(nonce) + script)
  },
  // Only now: until the shell has spoken, a signal is the only way to end it, and needs stdin open.
  hasSpoken: () => channel.end(),
  condemn: () => undefined,
  kill: () => channel.signal('KILL'),
  close: () => channel.close(),
})
