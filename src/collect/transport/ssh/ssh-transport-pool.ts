import type { FairQueue } from '../../../lib/fair-queue.ts'
import { createFairQueue } from '../../../lib/fair-queue.ts'
import type { Transport, TransportResult, TransportRunOptions } from '../transport.ts'
import { unlessAborted } from './abortable.ts'
import type { SshPoolPorts } from './connection-pool.ts'
import { ConnectionPool, connectionKey } from './connection-pool.ts'
import { runOnConnection } from './run-on-connection.ts'
import type { SshPoolSettings } from './ssh-pool-settings.ts'
import type { SshTarget } from './ssh-target.ts'
import { hopName } from './ssh-target.ts'

/** Runs scripts on servers over SSH, over connections that are kept and shared. */
export interface SshTransportPool {
  /** Returns the transport to one server; connects when it first runs something. */
  transportFor(target: SshTarget): Transport
  /** Lets a login that was refused before that instant be tried once, for a person who has just mended it. */
  allowOnce(target: SshTarget, before: Date): void
  /** Ends runs (`cancelled`), what they left on servers, and all connections. */
  close(): Promise<void>
}

/** A held connection may turn out to be dead when it is next used; then a fresh one is tried. */
const MAX_TRIES = 3

const cancelled = (message: string): TransportResult => ({
  status: 'unreachable',
  reason: 'cancelled',
  message,
})

class SshRuns {
  readonly #settings: SshPoolSettings
  readonly #ports: SshPoolPorts
  readonly #pool: ConnectionPool
  readonly #throughJumpHost = new Map<string, FairQueue>()
  readonly #running = new Set<Promise<unknown>>()

  constructor(settings: SshPoolSettings, ports: SshPoolPorts) {
    this.#settings = settings
    this.#ports = ports
    this.#pool = new ConnectionPool(settings, ports)
  }

  allowOnce(target: SshTarget, before: Date): void {
    this.#pool.allowOnce(target, target.jump, before)
  }

  async close(): Promise<void> {
    const closed = this.#pool.close.bind(this.#pool)
    this.#stopping.abort()
    await Promise.allSettled(this.#running)
    await closed()
  }

  readonly #stopping = new AbortController()

  async run(target: SshTarget, script: string, options: TransportRunOptions): Promise<TransportResult> {
    const signal = AbortSignal.any([options.signal, this.#stopping.signal])
    if (signal.aborted) return cancelled('cancelled before it started')
    const running = this.#runThrough(target, script, { ...options, signal })
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  async #runThrough(
    target: SshTarget,
    script: string,
    options: TransportRunOptions,
  ): Promise<TransportResult> {
    // In one order everywhere, so that two chains over the same hosts never wait for each other.
    const keys = target.jump.map((hop, place) => connectionKey(hop, target.jump.slice(0, place))).sort()
    const runBehind = (waitFor: readonly string[]): Promise<TransportResult> => {
      const [key, ...others] = waitFor
      if (key === undefined) return this.#runOnce(target, script, options)
      const { maxRunsPerJumpHost, slowAfterMs } = this.#settings
      const queue = this.#throughJumpHost.get(key) ?? createFairQueue(maxRunsPerJumpHost, slowAfterMs)
      this.#throughJumpHost.set(key, queue)
      return queue.add(() => runBehind(others), {
        signal: options.signal,
        otherwise: () => cancelled('cancelled while waiting for its turn at the jump host'),
      })
    }
    return await runBehind(keys)
  }

  async #runOnce(target: SshTarget, script: string, options: TransportRunOptions): Promise<TransportResult> {
    for (let tries = 1; ; tries += 1) {
      const obtaining = this.#pool.obtain(target, target.jump)
      const obtained = await unlessAborted(obtaining, options.signal)
      if (obtained === null) {
        // The connection, when it comes, is left to others.
        obtaining.then(
          (late) => (late.status === 'ready' ? late.release() : undefined),
          (error: unknown) =>
            this.#ports.logger.warn({ err: error }, 'known hosts failed after a run was cancelled'),
        )
        return cancelled('cancelled while connecting')
      }
      if (obtained.status === 'failed') {
        const { reason, message } = obtained.failure
        return { status: 'unreachable', reason, message }
      }
      const { connection, release, isReused } = obtained
      const onLeftBehind = (): void =>
        this.#ports.logger.warn(
          { serverId: target.serverId, host: target.host },
          'a run was stopped, but processes of it may be left on the server',
        )
      try {
        const result = await runOnConnection({
          connection,
          target,
          script,
          options,
          settings: this.#settings,
          onLeftBehind,
        })
        if (result !== 'lost_unheard') return result
      } finally {
        release()
      }
      if (!isReused || tries >= MAX_TRIES)
        return {
          status: 'unreachable',
          reason: 'connect_failed',
          message: `${hopName(target)} ended the connection before its shell answered: check its log and load`,
        }
    }
  }
}

/**
 * Returns a pool of SSH transports: one connection per (machine, way, credential), kept alive and shared. Runs never
 * reject for what servers do; they reject when the known hosts cannot be read or written.
 */
export function createSshTransportPool(settings: SshPoolSettings, ports: SshPoolPorts): SshTransportPool {
  const runs = new SshRuns(settings, ports)
  return {
    transportFor: (target) => ({
      kind: 'ssh',
      run: (script, options) => runs.run(target, script, options),
    }),
    allowOnce: (target, before) => runs.allowOnce(target, before),
    close: () => runs.close(),
  }
}
