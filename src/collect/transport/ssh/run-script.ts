import type { Unreachable } from '../../../domain/inspection.ts'
import type { TransportResult, TransportRunOptions } from '../transport.ts'
import type { BoundedOutput } from './bounded-output.ts'
import { createBoundedOutput } from './bounded-output.ts'
import { quoteServer } from './connect-failure.ts'
import { endSession } from './end-session.ts'
import type { RemoteSession } from './remote-session.ts'
import { findSessionStart, newRunNonce } from './remote-session.ts'
import type { RunChannel } from './run-channel.ts'
import type { SshConnection } from './ssh-connection.ts'
import type { SshPoolSettings } from './ssh-pool-settings.ts'
import type { SshTarget } from './ssh-target.ts'
import { hopName } from './ssh-target.ts'

/** Login noise beyond this, before the script speaks, is taken for a shell that does not work. */
const MAX_NOISE_BYTES = 64 * 1024
/** How long output may still arrive after the shell has ended, before what holds the channel open is killed. */
const LINGER_MS = 1_000
/** How long the channel may take to close after the session was ended. */
const CLOSE_MS = 300

/** What a run on an open channel needs. */
export interface ScriptRun {
  readonly connection: SshConnection
  readonly target: SshTarget
  readonly script: string
  readonly options: TransportRunOptions
  readonly settings: SshPoolSettings
  /** Called when something of the run may be left on the server. */
  readonly onLeftBehind: () => void
}

type StopCause = 'ended' | 'deadline' | 'silence' | 'no_shell' | 'flood' | 'noise' | 'aborted' | 'lost'

/** How a run ended, before it is put into the words of a transport. */
interface RunEnd {
  readonly cause: StopCause
  readonly exitCode: number | null
  readonly hasStarted: boolean
  readonly noise: Buffer
  readonly stdout: BoundedOutput
  readonly stderr: Buffer
  readonly isTruncated: boolean
}

/** Follows one channel until it has ended or was ended. */
class ChannelRun {
  readonly #run: ScriptRun
  readonly #channel: RunChannel
  readonly #nonce: string
  readonly #stdout: BoundedOutput
  readonly #stderr: BoundedOutput
  readonly #resolve: (end: RunEnd) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  #noise = Buffer.alloc(0)
  #hasStarted = false
  #session: RemoteSession | null = null
  #cause: StopCause = 'ended'
  #exitCode: number | null = null
  #silence: NodeJS.Timeout | undefined
  #linger: NodeJS.Timeout | undefined
  #isSettled = false
  #release: () => void = () => undefined

  constructor(run: ScriptRun, channel: RunChannel, nonce: string, resolve: (end: RunEnd) => void) {
    this.#run = run
    this.#channel = channel
    this.#nonce = nonce
    this.#resolve = resolve
    this.#stdout = createBoundedOutput(run.options.maxBytes)
    this.#stderr = createBoundedOutput(run.options.maxBytes)
  }

  start(remainingMs: number): void {
    const { options, settings, connection, script } = this.#run
    const onAbort = (): void => this.#stop('aborted')
    options.signal.addEventListener('abort', onAbort, { once: true })
    const stopListening = connection.onEnd(() => this.#settle('lost'))
    this.#release = () => {
      options.signal.removeEventListener('abort', onAbort)
      stopListening()
    }
    this.#after(remainingMs, () => this.#stop('deadline'))
    this.#after(settings.loginTimeoutMs, () => {
      if (!this.#hasStarted) this.#stop('no_shell')
    })
    this.#heard()
    this.#channel.start(script, this.#nonce, {
      onStdout: (chunk) => this.#onStdout(chunk),
      onStderr: (chunk) => {
        this.#stderr.add(chunk)
        this.#heard()
      },
      onError: () => this.#settle('lost'),
      onExit: (code) => {
        this.#exitCode = code
        this.#heard()
      },
      onClose: (code) => {
        // A shell that ends at once may have said so before anybody listened; ssh2 says it again here.
        this.#exitCode ??= code
        this.#settle(connection.isClosed ? 'lost' : 'ended')
      },
    })
    if (options.signal.aborted) onAbort()
  }

  #after(ms: number, action: () => void): void {
    this.#timers.add(setTimeout(action, Math.max(1, ms)))
  }

  /** Something came: the silence starts anew. After the shell's exit only a short one is borne. */
  #heard(): void {
    const { silenceTimeoutMs } = this.#run.settings
    if (silenceTimeoutMs !== null) {
      if (this.#silence === undefined)
        this.#silence = setTimeout(() => this.#stop('silence'), silenceTimeoutMs)
      else this.#silence.refresh()
    }
    if (this.#exitCode === null) return
    if (this.#linger === undefined)
      this.#linger = setTimeout(() => this.#stop(this.#hasStarted ? 'ended' : 'no_shell'), LINGER_MS)
    else this.#linger.refresh()
  }

  #onStdout(chunk: Buffer): void {
    this.#heard()
    if (this.#hasStarted) this.#stdout.add(chunk)
    else this.#findStart(chunk)
    const { maxDroppedBytes } = this.#run.settings
    if (this.#stdout.droppedBytes() + this.#stderr.droppedBytes() > maxDroppedBytes) this.#stop('flood')
  }

  #findStart(chunk: Buffer): void {
    if (this.#noise.length > MAX_NOISE_BYTES) return
    this.#noise = Buffer.concat([this.#noise, chunk])
    const start = findSessionStart(this.#noise, this.#nonce)
    if (start === null) {
      if (this.#noise.length > MAX_NOISE_BYTES) this.#stop('noise')
      return
    }
    this.#hasStarted = true
    this.#session = start.session
    this.#stdout.add(this.#noise.subarray(start.bodyStart))
    this.#channel.hasSpoken(start.session)
  }

  #isStopping = false

  /** Ends what runs on the server, then the channel, and settles however the server behaves. */
  #stop(cause: StopCause): void {
    if (this.#isSettled || this.#isStopping) return
    this.#isStopping = true
    this.#cause = cause
    this.#channel.condemn()
    const session = this.#session
    const { connection, settings, onLeftBehind } = this.#run
    const ended =
      session === null
        ? Promise.resolve('not_tried' as const)
        : endSession(connection, session, settings.killTimeoutMs)
    void ended.then((ending) => {
      if (this.#isSettled) return
      if (ending !== 'ended') {
        this.#channel.kill()
        if (session !== null) onLeftBehind()
      }
      this.#channel.close()
      this.#after(CLOSE_MS, () => this.#settle(cause))
    })
  }

  #settle(cause: StopCause): void {
    if (this.#isSettled) return
    this.#isSettled = true
    for (const timer of [...this.#timers, this.#silence, this.#linger]) clearTimeout(timer)
    this.#release()
    this.#resolve({
      cause: this.#isStopping ? this.#cause : cause,
      exitCode: this.#exitCode,
      hasStarted: this.#hasStarted,
      noise: this.#noise,
      stdout: this.#stdout,
      stderr: this.#stderr.bytes(),
      isTruncated: this.#stdout.isTruncated() || this.#stderr.isTruncated(),
    })
  }
}

const unreachable = (reason: Unreachable['reason'], message: string): TransportResult => ({
  status: 'unreachable',
  reason,
  message,
})

/** What a run is called that ended before the script had spoken. */
function neverStarted(run: ScriptRun, end: RunEnd): TransportResult {
  const name = hopName(run.target)
  const said = quoteServer(Buffer.concat([end.stderr, end.noise]).toString('utf8'), run.target.credential)
  const quote = said === '' ? 'it printed nothing' : `it printed: ${said}`
  if (end.cause === 'lost')
    return unreachable(
      'connect_failed',
      `the connection to ${name} was lost before its shell answered; ${quote}`,
    )
  if (end.cause === 'ended' || end.cause === 'noise' || (end.cause === 'no_shell' && end.exitCode !== null))
    return unreachable(
      'shell_failed',
      `the login shell of ${name} ended${end.exitCode === null ? '' : ` with code ${end.exitCode}`} without running ` +
        `the script; ${quote}. Check the account's shell and its start-up files`,
    )
  return unreachable(
    'timeout',
    `logged in to ${name}, but its shell did not start in time; ${quote}. Check load, hanging mounts and start-up files`,
  )
}

function toResult(run: ScriptRun, end: RunEnd, nonce: string, durationMs: number): TransportResult {
  if (end.cause === 'aborted') return unreachable('cancelled', 'cancelled while it ran')
  if (!end.hasStarted) return neverStarted(run, end)
  const start = findSessionStart(end.stderr, nonce)
  return {
    status: 'ran',
    exitCode: end.cause === 'ended' ? end.exitCode : null,
    stdout: end.stdout.bytes(),
    stderr: start === null ? end.stderr : end.stderr.subarray(start.bodyStart),
    truncated: end.isTruncated,
    timedOut: end.cause === 'deadline' || end.cause === 'silence',
    connectionLost: end.cause === 'lost',
    durationMs,
  }
}

/**
 * Runs the script on an open channel and resolves with what came, with `lost_unheard` when the connection ended before
 * anything was heard, so that another connection may be tried, or with `shell_gone` when a shell of earlier runs turned
 * out to have ended. Never rejects and never hangs.
 */
export async function runOnChannel(
  run: ScriptRun,
  channel: RunChannel,
  startedAtMs: number,
): Promise<TransportResult | 'lost_unheard' | 'shell_gone'> {
  const nonce = newRunNonce()
  const remainingMs = run.options.deadlineMs - (performance.now() - startedAtMs)
  const end = await new Promise<RunEnd>((resolve) => {
    new ChannelRun(run, channel, nonce, resolve).start(remainingMs)
  })
  if (end.noise.length === 0 && end.stderr.length === 0) {
    if (end.cause === 'lost') return 'lost_unheard'
    if (end.cause === 'ended' && channel.isReused) return 'shell_gone'
  }
  return toResult(run, end, nonce, performance.now() - startedAtMs)
}
