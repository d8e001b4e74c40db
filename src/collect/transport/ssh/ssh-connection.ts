import type { Client, ClientChannel } from 'ssh2'
import { REMOTE_SHELL } from './remote-session.ts'
import type { KeptTurns } from './run-channel.ts'

/** Answer to asking for a shell. */
export type ShellOpening =
  | { readonly status: 'open'; readonly channel: ClientChannel }
  /** Too many sessions for the server's taste. */
  | { readonly status: 'busy'; readonly message: string }
  | { readonly status: 'refused'; readonly message: string }
  | { readonly status: 'lost' }

interface ConnectionEvents {
  /** Nothing uses it any more, or something does again. */
  readonly onUse: () => void
  readonly onClosed: () => void
}

/** How long a polite goodbye may take before the socket is destroyed. */
const GOODBYE_MS = 500

/** A connection that is logged in, shared by runs and by connections that go through it. */
export class SshConnection {
  readonly client: Client
  /** The shell that is kept for runs to come; null while there is none. It does not keep the connection from idling. */
  keptShell: KeptTurns | null = null
  readonly #events: ConnectionEvents
  readonly #turns: (() => void)[] = []
  readonly #onEnd = new Set<() => void>()
  #limit: number
  #running = 0
  #uses = 0
  #hasServed = false
  #isClosed = false
  #isRetired = false
  #idleSince = 0

  constructor(client: Client, maxChannels: number, events: ConnectionEvents) {
    this.client = client
    this.#limit = maxChannels
    this.#events = events
    client.on('close', () => this.#end())
    // A channel through a jump host says only that its end has come; what was read is handed out first.
    client.on('end', () => setImmediate(() => this.#end()))
  }

  /** False when it is closed or does not take new runs. */
  get isUsable(): boolean {
    return !this.#isClosed && !this.#isRetired
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** True when a run has ended on it: it is held, and a shell is worth keeping. */
  get hasServed(): boolean {
    return this.#hasServed
  }

  get isIdle(): boolean {
    return this.#uses === 0
  }

  /** By `performance.now()`. */
  get idleSince(): number {
    return this.#idleSince
  }

  /** Calls once when the connection has ended; returns how to stop listening. */
  onEnd(listener: () => void): () => void {
    this.#onEnd.add(listener)
    return () => this.#onEnd.delete(listener)
  }

  /** Keeps it from being closed as idle until the returned function is called. */
  retain(): () => void {
    this.#uses += 1
    this.#events.onUse()
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      this.#uses -= 1
      if (this.#uses > 0) return
      this.#idleSince = performance.now()
      if (this.#isRetired) this.close()
      this.#events.onUse()
    }
  }

  /** Resolves when a run may open its channel; false when the connection ended or the signal aborted before. */
  async takeTurn(signal: AbortSignal): Promise<boolean> {
    while (!this.#isClosed && !signal.aborted) {
      if (this.#running < this.#limit) {
        this.#running += 1
        return true
      }
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go)
          const place = this.#turns.indexOf(go)
          if (place >= 0) this.#turns.splice(place, 1)
          resolve()
        }
        signal.addEventListener('abort', go, { once: true })
        this.#turns.push(go)
      })
    }
    return false
  }

  giveTurnBack(): void {
    this.#hasServed = true
    this.#running -= 1
    this.#turns[0]?.()
  }

  /**
   * The server took no further session while `running` ones were open: from now on there is one fewer, so that one is
   * left for ending a run. Returns false when this was the only one, so that waiting for others is of no use.
   */
  lowerLimit(): boolean {
    const others = this.#running - 1
    this.#limit = Math.max(1, Math.min(this.#limit, others - 1))
    return others > 0
  }

  /** Takes no new runs; closes when the present ones are done. */
  retire(): void {
    this.#isRetired = true
    if (this.#uses === 0) this.close()
  }

  /** Asks for a shell. Resolves only when the server answers or the connection ends. */
  openShell(): Promise<ShellOpening> {
    return new Promise((resolve) => {
      try {
        this.client.exec(REMOTE_SHELL, (error, channel) => {
          if (error === undefined || error === null) resolve({ status: 'open', channel })
          else if (this.#isClosed) resolve({ status: 'lost' })
          else if (/channel open failure/i.test(error.message))
            resolve({ status: 'busy', message: error.message })
          else resolve({ status: 'refused', message: error.message })
        })
      } catch {
        // ssh2 throws 'Not connected' when the socket has ended and its close event is still on the way.
        resolve({ status: 'lost' })
      }
    })
  }

  /** Says goodbye, then makes sure. Its end is announced as any other. */
  close(): void {
    if (this.#isClosed) return
    this.#isRetired = true
    this.client.end()
    const timer = setTimeout(() => {
      this.client.destroy()
      this.#end()
    }, GOODBYE_MS)
    this.onEnd(() => clearTimeout(timer))
  }

  #end(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const turn of [...this.#turns]) turn()
    for (const listener of [...this.#onEnd]) listener()
    this.#events.onClosed()
  }
}
