import type { ClientChannel } from 'ssh2'
import { quoteForShell } from '../../../lib/quote-for-shell.ts'
import { endSession } from './end-session.ts'
import { MarkerScanner } from './marker-scanner.ts'
import type { RemoteSession } from './remote-session.ts'
import { sessionPreamble } from './remote-session.ts'
import type { KeptTurns, RunChannel, RunListener } from './run-channel.ts'
import type { SshConnection } from './ssh-connection.ts'

/** After so many runs a new shell is started, so that nothing can pile up in one. */
const MAX_RUNS = 500
/**
 * A shell in which a run took longer is not used again: what outlived the timeout of its section there (as root,
 * through sudo) could speak into the next run.
 */
const MAX_REUSED_RUN_MS = 5_000

const endMarker = (nonce: string): string => `\n@@smart-ops-end ${nonce}`
const clearMarker = (nonce: string): string => `\n@@smart-ops-clear ${nonce}`
const printed = (marker: string): string => marker.replace('\n', '\\n')

/**
 * Returns one compound command that runs the script in a subshell; as a whole it is parsed before any of it runs, so
 * that a script cut short on its way runs nothing. The script stands in one quoted word: what is wrong in it ends
 * the subshell only. The end marker comes when the script has ended; the clear markers, on both streams, when no process
 * of it holds descriptor 8 any more, the writing end of the substitution's pipe. By `exec`, because
 * BusyBox undoes the redirections of a group before the EXIT trap of a subshell in it.
 */
export const keptRun = (script: string, nonce: string): string => `{ smart_ops_held=$(
exec 8>&1 >&7
(
${sessionPreamble(nonce)}eval ${quoteForShell(script)}
) </dev/null 7>&-
printf '${printed(endMarker(nonce))} %s\\n' "$?"
); } 7>&1
printf '${printed(clearMarker(nonce))}\\n'
printf '${printed(clearMarker(nonce))}\\n' >&2
`

/** One run's turn in a kept shell. */
class Turn {
  readonly listener: RunListener
  readonly startedAtMs = performance.now()
  readonly #out: MarkerScanner
  readonly #err: MarkerScanner
  readonly #onOver: (isClean: boolean) => void
  #hasEnded = false
  #isClean = true

  constructor(nonce: string, listener: RunListener, onOver: (isClean: boolean) => void) {
    this.listener = listener
    this.#onOver = onOver
    this.#out = new MarkerScanner([endMarker(nonce), clearMarker(nonce)], {
      onText: (text) => (this.#out.isComplete ? this.#spoil() : listener.onStdout(text)),
      onMarker: (place, words) => {
        if (place > 0) return
        this.#hasEnded = true
        listener.onExit(/^\d{1,3}$/.test(words) ? Number(words) : null)
      },
    })
    this.#err = new MarkerScanner([clearMarker(nonce)], {
      onText: (text) => (this.#err.isComplete ? this.#spoil() : listener.onStderr(text)),
      onMarker: () => undefined,
    })
  }

  #spoil(): void {
    this.#isClean = false
  }

  onStdout(chunk: Buffer): void {
    this.#out.add(chunk)
    this.#endWhenComplete()
  }

  onStderr(chunk: Buffer): void {
    this.#err.add(chunk)
    this.#endWhenComplete()
  }

  /** What ends the shell says nothing of a script that has ended before. */
  onShellExit(code: number | null): void {
    if (!this.#hasEnded) this.listener.onExit(code)
  }

  #endWhenComplete(): void {
    if (!this.#out.isComplete || !this.#err.isComplete) return
    this.#onOver(this.#isClean)
    this.listener.onClose(null)
  }

  flush(): void {
    this.#out.flush()
    this.#err.flush()
  }
}

/** The shell of one connection that is kept from run to run, so that a run costs the server no session of its own. */
export class KeptShell implements KeptTurns {
  readonly #connection: SshConnection
  readonly #channel: ClientChannel
  readonly #killTimeoutMs: number
  #isTaken = false
  #turn: Turn | null = null
  #session: RemoteSession | null = null
  #runs = 0
  #isDropped = false
  #isEnding = false

  /** The channel is one that has just been opened. */
  constructor(connection: SshConnection, channel: ClientChannel, killTimeoutMs: number) {
    this.#connection = connection
    this.#channel = channel
    this.#killTimeoutMs = killTimeoutMs
    connection.keptShell = this
    const stopListening = connection.onEnd(() => this.#end(null))
    channel.on('data', (chunk: Buffer) => {
      if (this.#turn === null) this.#onLeftover()
      else this.#turn.onStdout(chunk)
    })
    channel.stderr.on('data', (chunk: Buffer) => {
      if (this.#turn === null) this.#onLeftover()
      else this.#turn.onStderr(chunk)
    })
    channel.on('error', () => {
      this.#drop()
      this.#turn?.flush()
      this.#turn?.listener.onError()
    })
    channel.on('exit', (code: number | null) => {
      this.#drop()
      this.#turn?.onShellExit(code)
    })
    channel.on('end', () => this.#drop())
    channel.on('close', (code: number | null | undefined) => {
      stopListening()
      this.#end(code ?? null)
    })
  }

  take(): RunChannel | null {
    if (this.#isTaken || this.#isDropped) return null
    this.#isTaken = true
    this.#runs += 1
    return {
      isReused: this.#runs > 1,
      start: (script, nonce, listener) => {
        this.#turn = new Turn(nonce, listener, (isClean) => this.#endTurn(isClean))
        this.#channel.write(keptRun(script, nonce))
      },
      hasSpoken: (session) => {
        this.#session = session
      },
      condemn: () => this.#drop(),
      kill: () => this.#channel.signal('KILL'),
      close: () => {
        this.#turn?.flush()
        this.#channel.close()
      },
    }
  }

  #endTurn(isClean: boolean): void {
    const tookMs = performance.now() - (this.#turn?.startedAtMs ?? 0)
    this.#turn = null
    this.#isTaken = false
    if (!isClean) this.#onLeftover()
    else if (this.#runs >= MAX_RUNS || tookMs > MAX_REUSED_RUN_MS) this.#drop()
    // At the end of its stdin the shell ends by itself.
    if (this.#isDropped && isClean) this.#channel.close()
  }

  /** Something speaks that no run has to do with: it and the shell are ended. */
  #onLeftover(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#drop()
    const release = this.#connection.retain()
    const ended =
      this.#session === null
        ? Promise.resolve()
        : endSession(this.#connection, this.#session, this.#killTimeoutMs)
    void ended.then(() => {
      this.#channel.close()
      release()
    })
  }

  /** Nobody takes it any more. */
  #drop(): void {
    this.#isDropped = true
    if (this.#connection.keptShell === this) this.#connection.keptShell = null
  }

  #end(code: number | null): void {
    this.#drop()
    const turn = this.#turn
    this.#turn = null
    turn?.flush()
    turn?.listener.onClose(code)
  }
}
