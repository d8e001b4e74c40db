import { setTimeout as delay } from 'node:timers/promises'

/** How a server is stopped within a deadline. */
export interface GracefulClose {
  /** Stops accepting and settles when the last answer has gone out. Called once. */
  readonly close: () => Promise<unknown>
  /** Hangs up kept-alive connections that carry no request; called again and again, as answers go out. */
  readonly closeIdle: () => void
  /** How long requests in flight may go on. */
  readonly graceMs: number
  /** Tells what is still in flight to end now. */
  readonly abort: () => void
  /** How long aborted requests may take for their last answer. */
  readonly abortMs: number
  /** Cuts what is left. */
  readonly destroy: () => void
}

const IDLE_SWEEP_MS = 20

/** Closes a server in three steps: let requests finish, abort them, cut their connections. */
export async function closeGracefully(steps: GracefulClose): Promise<void> {
  const closing = steps.close()
  const timer = new AbortController()
  const sweep = setInterval(steps.closeIdle, IDLE_SWEEP_MS)
  const endsWithin = (timeoutMs: number): Promise<boolean> =>
    Promise.race([
      closing.then(() => true),
      delay(timeoutMs, false, { signal: timer.signal }).catch((error: unknown) => {
        if (timer.signal.aborted) return false
        throw error
      }),
    ])
  try {
    if (await endsWithin(steps.graceMs)) return
    steps.abort()
    if (await endsWithin(steps.abortMs)) return
    steps.destroy()
    await closing
  } finally {
    clearInterval(sweep)
    timer.abort()
  }
}
