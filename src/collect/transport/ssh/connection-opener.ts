import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ParsedKey } from 'ssh2'
import type { Logger } from '../../../lib/logger.ts'
import { pause } from './abortable.ts'
import type { ConnectEnd } from './connect-client.ts'
import { connectClient } from './connect-client.ts'
import type { ConnectFailure } from './connect-failure.ts'
import { failure, quoteServer } from './connect-failure.ts'
import type { HostKeys } from './host-key.ts'
import type { SshConnection } from './ssh-connection.ts'
import type { SshPoolSettings } from './ssh-pool-settings.ts'
import type { SshHop } from './ssh-target.ts'
import { hopName } from './ssh-target.ts'

/** What opening a connection needs. */
export interface Opening {
  readonly hop: SshHop
  readonly key: ParsedKey | null
  /** The jump host to go through, already connected; null for a direct connection. */
  readonly via: SshConnection | null
  readonly viaName: string
  readonly settings: SshPoolSettings
  readonly hostKeys: HostKeys
  readonly logger: Logger
  readonly random: () => number
  /** Aborts when the pool closes. */
  readonly signal: AbortSignal
}

type Socket =
  | { readonly status: 'open'; readonly socket: Duplex }
  | { readonly status: 'failed'; readonly failure: ConnectFailure }

function jumpFailure({ hop, viaName }: Opening, error: Error): ConnectFailure {
  const said = quoteServer(error.message, hop.credential)
  // Reason codes of RFC 4254, 5.1.
  const hint =
    Reflect.get(error, 'reason') === 1
      ? 'it forbids forwarding: see AllowTcpForwarding and PermitOpen there'
      : 'check that the jump host reaches that address and port'
  return failure(
    'connect_failed',
    `jump host ${viaName} does not connect to ${hop.host}:${hop.port} (${said}): ${hint}`,
  )
}

/** Asks the jump host for a channel to the next host. */
function openThrough(opening: Opening, via: SshConnection, limitMs: number): Promise<Socket> {
  const { hop, viaName } = opening
  return new Promise((resolve) => {
    let isLate = false
    const finish = (result: Socket): void => {
      if (isLate && result.status === 'open') result.socket.destroy()
      isLate = true
      clearTimeout(timer)
      resolve(result)
    }
    const failed = (why: ConnectFailure): void => finish({ status: 'failed', failure: why })
    const timer = setTimeout(
      () =>
        failed(
          failure(
            'timeout',
            `jump host ${viaName} did not reach ${hop.host}:${hop.port} in time: check power, network and firewall there`,
          ),
        ),
      Math.max(1, limitMs),
    )
    try {
      via.client.forwardOut('127.0.0.1', 0, hop.host, hop.port, (error, channel) => {
        if (error === undefined || error === null) finish({ status: 'open', socket: channel })
        else failed(jumpFailure(opening, error))
      })
    } catch (error) {
      // ssh2 throws 'Not connected' when the socket has ended and its close event is still on the way.
      failed(jumpFailure(opening, error instanceof Error ? error : new Error(String(error))))
    }
  })
}

async function attemptOnce(opening: Opening, remainingMs: number): Promise<ConnectEnd> {
  const { hop, key, hostKeys, settings, via } = opening
  const startedAtMs = performance.now()
  const got: Socket =
    via === null
      ? { status: 'open', socket: connect({ host: hop.host, port: hop.port, noDelay: true }) }
      : await openThrough(opening, via, remainingMs)
  if (got.status === 'failed') return got
  const destroy = (): void => {
    got.socket.destroy()
  }
  opening.signal.addEventListener('abort', destroy, { once: true })
  try {
    return await connectClient({
      hop,
      key,
      hostKeys,
      socket: got.socket,
      connectTimeoutMs: remainingMs - (performance.now() - startedAtMs),
      loginTimeoutMs: settings.loginTimeoutMs,
      keepAliveIntervalMs: settings.keepAliveIntervalMs,
      onFirstUse: ({ key: shown }) =>
        opening.logger.info(
          { host: shown.host, port: shown.port, keyType: shown.keyType, fingerprint: shown.fingerprint },
          'host key recorded on first use',
        ),
    })
  } finally {
    opening.signal.removeEventListener('abort', destroy)
  }
}

/**
 * Opens a connection, trying again with growing, jittered waits where the server closes before its greeting. All
 * attempts together have the connect deadline. Rejects only when the known hosts cannot be read or written.
 */
export async function openClient(opening: Opening): Promise<ConnectEnd> {
  const { settings, signal } = opening
  const startedAtMs = performance.now()
  let said: ConnectFailure | null = null
  for (let attempt = 1; ; attempt += 1) {
    const remainingMs = settings.connectTimeoutMs - (performance.now() - startedAtMs)
    const end = await attemptOnce(opening, remainingMs)
    if (signal.aborted && end.status === 'failed') return cancelledOpening(opening.hop)
    if (end.status === 'ready') return end
    // That little time was left for a last attempt says less than how the attempts before it ended.
    const isHasty = end.failure.reason === 'timeout' && remainingMs < settings.connectTimeoutMs / 2
    const why: ConnectFailure = isHasty ? (said ?? end.failure) : end.failure
    said = end.failure
    if (!why.retryable) return { status: 'failed', failure: why }
    const waitMs = settings.connectBackOffMs * 2 ** (attempt - 1) * (0.5 + opening.random())
    const leftMs = settings.connectTimeoutMs - (performance.now() - startedAtMs)
    if (attempt >= settings.maxConnectAttempts || waitMs >= leftMs)
      return { status: 'failed', failure: { ...why, message: `${why.message}; tried ${attempt} times` } }
    await pause(waitMs, signal)
    if (signal.aborted) return cancelledOpening(opening.hop)
  }
}

const cancelledOpening = (hop: SshHop): ConnectEnd => ({
  status: 'failed',
  failure: failure('cancelled', `the pool was closed while connecting to ${hopName(hop)}`),
})
