import type { Duplex } from 'node:stream'
import type { AuthHandlerMiddleware, Client, ConnectConfig, ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import type { KnownHost } from '../../../domain/known-host.ts'
import type { ConnectFailure, ConnectStage } from './connect-failure.ts'
import { classifyEnd, errorTraits, failure, loginRefused, quoteServer } from './connect-failure.ts'
import type { HostKeys, HostKeyVerdict } from './host-key.ts'
import { algorithmsFor } from './host-key.ts'
import { createLogin } from './login-methods.ts'
import type { SshHop } from './ssh-target.ts'
import { hopName } from './ssh-target.ts'

/** One attempt to open a connection. */
export interface ConnectAttempt {
  readonly hop: SshHop
  /** TCP socket (connecting is enough) or channel through a jump host. Destroyed when the attempt fails. */
  readonly socket: Duplex
  readonly key: ParsedKey | null
  readonly hostKeys: HostKeys
  readonly onFirstUse: (verdict: Extract<HostKeyVerdict, { status: 'first_use' }>) => void
  /** Until the host key is verified. */
  readonly connectTimeoutMs: number
  readonly loginTimeoutMs: number
  readonly keepAliveIntervalMs: number
}

export type ConnectEnd =
  | { readonly status: 'ready'; readonly client: Client }
  | { readonly status: 'failed'; readonly failure: ConnectFailure }

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`

function timeoutFailure(attempt: ConnectAttempt, stage: ConnectStage): ConnectFailure {
  const name = hopName(attempt.hop)
  const limit = seconds(stage === 'login' ? attempt.loginTimeoutMs : attempt.connectTimeoutMs)
  const what = {
    tcp: `no connection to ${name} within ${limit}: check power, network and firewall`,
    handshake: `${name} accepted the connection but did not finish the SSH handshake within ${limit}: check its load`,
    login: `${name} did not answer the login within ${limit}: check its load, PAM, LDAP and DNS`,
  }
  return failure('timeout', what[stage])
}

type VerifyHostKey = (blob: Buffer, answer: (isTrusted: boolean) => void) => void

/** Returns what ssh2 asks about the key that the server shows. */
function judgeShownKey(
  { hop, hostKeys, onFirstUse }: ConnectAttempt,
  attempt: {
    readonly isOver: () => boolean
    readonly fail: (why: ConnectFailure) => void
    readonly onUnjudged: (error: unknown) => void
  },
): VerifyHostKey {
  return (blob, answer) => {
    hostKeys.judge(hop.hostKeyAlias ?? hop.host, hop.port, blob).then((verdict) => {
      if (attempt.isOver()) return
      if (verdict.status === 'changed') return attempt.fail(failure('host_key_changed', verdict.message))
      if (verdict.status === 'first_use') onFirstUse(verdict)
      answer(true)
    }, attempt.onUnjudged)
  }
}

function clientConfig(
  attempt: ConnectAttempt,
  known: KnownHost | null,
  authHandler: AuthHandlerMiddleware,
  hostVerifier: VerifyHostKey,
): ConnectConfig {
  const algorithms = algorithmsFor(known)
  return {
    sock: attempt.socket,
    username: attempt.hop.credential.user,
    authHandler,
    hostVerifier,
    readyTimeout: 0,
    keepaliveInterval: attempt.keepAliveIntervalMs,
    keepaliveCountMax: 3,
    ...(algorithms === null ? {} : { algorithms: { serverHostKey: algorithms } }),
  }
}

/**
 * Resolves with a client that is logged in, or with why not; the socket is then destroyed. Never hangs: TCP with key
 * exchange, and login, have a deadline each. Rejects only when the known hosts cannot be read or written.
 */
export async function connectClient(attempt: ConnectAttempt): Promise<ConnectEnd> {
  const { hop, socket, hostKeys } = attempt
  const keyName = hop.hostKeyAlias ?? hop.host
  // Its errors until ssh2 listens itself.
  const earlyErrors: Error[] = []
  socket.on('error', (error: Error) => earlyErrors.push(error))
  const started = performance.now()
  const known = await hostKeys.find(keyName, hop.port).catch((error: unknown) => {
    socket.destroy()
    throw error
  })
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    let stage: ConnectStage = 'tcp'
    let isSettled = false
    let timer: NodeJS.Timeout | undefined
    const settle = (): boolean => {
      clearTimeout(timer)
      const isFirst = !isSettled
      isSettled = true
      return isFirst
    }
    const fail = (why: ConnectFailure): void => {
      if (!settle()) return
      socket.destroy()
      resolve({ status: 'failed', failure: why })
    }
    const login = createLogin(hop.credential, attempt.key, (why) => fail(loginRefused(hop, login.notes, why)))
    const endsWith = (error: Error | null): void => fail(classifyEnd(hop, stage, login.notes, error))
    const limit = (ms: number): void => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(timeoutFailure(attempt, stage)), Math.max(1, ms))
    }
    const verify = judgeShownKey(attempt, {
      isOver: () => isSettled,
      fail,
      onUnjudged: (error) => {
        if (settle()) reject(error)
        socket.destroy()
      },
    })
    client.on('error', (error: Error) => {
      // Without its agent a login goes on with what else there is.
      if (errorTraits(error).level === 'agent')
        login.notes.agentProblem = quoteServer(error.message, hop.credential)
      else endsWith(error)
    })
    client.on('end', () => endsWith(earlyErrors[0] ?? null))
    client.on('close', () => endsWith(earlyErrors[0] ?? null))
    client.on('connect', () => {
      if (stage === 'tcp') stage = 'handshake'
    })
    client.once('handshake', () => {
      stage = 'login'
      limit(attempt.loginTimeoutMs)
    })
    client.on('change password', () =>
      fail(loginRefused(hop, login.notes, 'the password has expired: log in by hand and change it')),
    )
    client.once('ready', () => {
      if (settle()) resolve({ status: 'ready', client })
    })
    limit(attempt.connectTimeoutMs - (performance.now() - started))
    if (earlyErrors[0] !== undefined || socket.destroyed) {
      endsWith(earlyErrors[0] ?? null)
      return
    }
    client.connect(clientConfig(attempt, known, login.handler, verify))
  })
}
