import { createHash } from 'node:crypto'
import type { Clock } from '../../../lib/clock.ts'
import { createFairQueue } from '../../../lib/fair-queue.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { ConnectEnd } from './connect-client.ts'
import type { ConnectFailure } from './connect-failure.ts'
import { failure } from './connect-failure.ts'
import { openClient } from './connection-opener.ts'
import type { KnownHostsPort } from './host-key.ts'
import { createHostKeys } from './host-key.ts'
import { createKeyReader } from './private-key.ts'
import { createRefusalBackOff } from './refusal-back-off.ts'
import { SshConnection } from './ssh-connection.ts'
import type { SshPoolSettings } from './ssh-pool-settings.ts'
import type { SshCredential, SshHop } from './ssh-target.ts'
import { hopName } from './ssh-target.ts'

/** What a pool needs of the world. */
export interface SshPoolPorts {
  readonly clock: Clock
  readonly logger: Logger
  readonly knownHosts: KnownHostsPort
  /** For jitter; from 0 to below 1. Default: Math.random. */
  readonly random?: () => number
}

/** A connection retained for the caller, or why there is none. */
export type Obtained =
  | {
      readonly status: 'ready'
      readonly connection: SshConnection
      readonly release: () => void
      readonly isReused: boolean
    }
  | { readonly status: 'failed'; readonly failure: ConnectFailure }

type Entry =
  | { readonly status: 'ready'; readonly connection: SshConnection }
  | { readonly status: 'failed'; readonly failure: ConnectFailure }

const credentialParts = (credential: SshCredential): readonly unknown[] => [
  credential.user,
  credential.privateKey?.reveal() ?? null,
  credential.passphrase?.reveal() ?? null,
  credential.password?.reveal() ?? null,
  credential.agentSocket,
  credential.tryKeyboardInteractive,
]

/** Returns a digest that is equal for the same machine, way and credential: what may share a connection. */
export const connectionKey = (hop: SshHop, jump: readonly SshHop[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        [...jump, hop].map((each) => [
          each.host,
          each.port,
          each.hostKeyAlias,
          ...credentialParts(each.credential),
        ]),
      ),
    )
    .digest('base64')

/** Connections by key: at most one each, opened when first wanted, closed when idle. */
export class ConnectionPool {
  readonly #settings: SshPoolSettings
  readonly #ports: SshPoolPorts
  readonly #entries = new Map<string, Promise<Entry>>()
  readonly #connections = new Set<SshConnection>()
  readonly #closing = new AbortController()
  readonly #handshakes
  readonly #hostKeys
  readonly #readKey = createKeyReader()
  readonly #refusals
  /** Openings that wait for a place; called when one may have become free. */
  readonly #places: (() => void)[] = []
  #targetCount = 0

  constructor(settings: SshPoolSettings, ports: SshPoolPorts) {
    this.#settings = settings
    this.#ports = ports
    this.#handshakes = createFairQueue(settings.maxHandshakes, settings.slowAfterMs)
    this.#hostKeys = createHostKeys(ports.knownHosts, ports.clock)
    this.#refusals = createRefusalBackOff(
      ports.clock,
      settings.refusalBackOffMs,
      settings.maxRefusalBackOffMs,
    )
  }

  /** Aborts when the pool closes. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /** Lets what was refused before that instant on the way to the host be tried once more. */
  allowOnce(hop: SshHop, jump: readonly SshHop[], before: Date): void {
    for (const [place, each] of [...jump, hop].entries())
      this.#refusals.allowOnce(connectionKey(each, jump.slice(0, place)), before)
  }

  /** Resolves with the connection, new or held. Rejects only when the known hosts cannot be read or written. */
  async obtain(hop: SshHop, jump: readonly SshHop[], isJumpHost = false): Promise<Obtained> {
    const key = connectionKey(hop, jump)
    const held = this.#entries.get(key)
    const entry = held ?? this.#open(key, hop, jump, isJumpHost)
    if (held === undefined) this.#entries.set(key, entry)
    const forget = (): void => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    const got = await entry.catch((error: unknown) => {
      forget()
      throw error
    })
    if (got.status === 'failed') {
      forget()
      return got
    }
    if (!got.connection.isUsable) {
      forget()
      return this.obtain(hop, jump, isJumpHost)
    }
    const { connection } = got
    return { status: 'ready', connection, release: connection.retain(), isReused: held !== undefined }
  }

  async #open(key: string, hop: SshHop, jump: readonly SshHop[], isJumpHost: boolean): Promise<Entry> {
    const failed = (why: ConnectFailure): Entry => ({ status: 'failed', failure: why })
    if (this.signal.aborted) return failed(failure('cancelled', 'the SSH pool is closed'))
    const reading = this.#readKey(hop.credential)
    if (reading?.status === 'unusable')
      return failed(failure('login_refused', `credential ${hop.credential.name}: ${reading.message}`))
    const { agentSocket, password, name } = hop.credential
    if (reading === null && agentSocket === null && password === null)
      return failed(
        failure(
          'login_refused',
          `credential ${name} has neither agent nor private key nor password: configure one`,
        ),
      )
    const blocked = this.#refusals.blocked(key)
    if (blocked !== null)
      return failed(
        failure('login_refused', `${blocked.message}; not tried again until ${blocked.until.toISOString()}`),
      )
    const outer = jump.at(-1)
    const via = outer === undefined ? null : await this.obtain(outer, jump.slice(0, -1), true)
    if (via?.status === 'failed') {
      const { reason, message } = via.failure
      return failed(failure(reason, `through jump host ${outer?.host ?? ''}: ${message}`))
    }
    const releaseVia = via?.release ?? ((): void => undefined)
    let entry: Entry | null = null
    try {
      entry = await this.#login({
        key,
        hop,
        isJumpHost,
        parsed: reading?.key ?? null,
        via: via?.connection ?? null,
        viaName: outer === undefined ? '' : hopName(outer),
      })
    } finally {
      // A connection through a jump host keeps that one open for as long as it lives itself.
      if (entry?.status === 'ready' && !entry.connection.isClosed) entry.connection.onEnd(releaseVia)
      else releaseVia()
    }
    return entry
  }

  async #login(opening: {
    readonly key: string
    readonly hop: SshHop
    readonly isJumpHost: boolean
    readonly parsed: Parameters<typeof openClient>[0]['key']
    readonly via: SshConnection | null
    readonly viaName: string
  }): Promise<Entry> {
    const { key, hop, isJumpHost } = opening
    const cancelled = failure('cancelled', 'the SSH pool was closed')
    if (!isJumpHost && !(await this.#takePlace())) return { status: 'failed', failure: cancelled }
    let isReady = false
    try {
      const shakeHands = async (): Promise<ConnectEnd> =>
        await openClient({
          hop,
          key: opening.parsed,
          via: opening.via,
          viaName: opening.viaName,
          settings: this.#settings,
          hostKeys: this.#hostKeys,
          logger: this.#ports.logger,
          random: this.#ports.random ?? Math.random,
          signal: this.signal,
        })
      const end = await this.#handshakes.add(shakeHands, {
        signal: this.signal,
        otherwise: (): ConnectEnd => ({ status: 'failed', failure: cancelled }),
      })
      if (end.status === 'failed') {
        if (end.failure.isRefusal) this.#refusals.refused(key, end.failure.message)
        return end
      }
      this.#refusals.accepted(key)
      isReady = true
      return { status: 'ready', connection: this.#hold(end.client, isJumpHost) }
    } finally {
      if (!isReady && !isJumpHost) this.#freePlace()
    }
  }

  #hold(client: ConstructorParameters<typeof SshConnection>[0], isJumpHost: boolean): SshConnection {
    const idle = setTimeout(() => {
      if (connection.isIdle) connection.close()
    }, this.#settings.idleTimeoutMs)
    idle.unref()
    const connection = new SshConnection(client, this.#settings.maxChannelsPerHost, {
      onUse: () => {
        idle.refresh()
        if (connection.isIdle) this.#places.shift()?.()
      },
      onClosed: () => {
        clearTimeout(idle)
        this.#connections.delete(connection)
        if (!isJumpHost) this.#freePlace()
      },
    })
    this.#connections.add(connection)
    if (this.signal.aborted) connection.close()
    return connection
  }

  /** Waits for a place among the connections held, closing the one idle for longest when all are taken. */
  async #takePlace(): Promise<boolean> {
    while (this.#targetCount >= this.#settings.maxConnections && !this.signal.aborted) {
      let oldest: SshConnection | null = null
      for (const each of this.#connections)
        if (each.isIdle && each.isUsable && (oldest === null || each.idleSince < oldest.idleSince))
          oldest = each
      const turn = new Promise<void>((resolve) => {
        this.#places.push(resolve)
      })
      oldest?.close()
      await turn
    }
    if (this.signal.aborted) return false
    this.#targetCount += 1
    return true
  }

  #freePlace(): void {
    this.#targetCount -= 1
    this.#places.shift()?.()
  }

  /** Ends all connections and whatever waits for one; resolves when they have ended. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const place of this.#places.splice(0)) place()
    await Promise.allSettled(this.#entries.values())
    const open = [...this.#connections]
    await Promise.all(
      open.map(
        (connection) =>
          new Promise<void>((resolve) => {
            connection.onEnd(resolve)
            connection.close()
            if (connection.isClosed) resolve()
          }),
      ),
    )
  }
}
