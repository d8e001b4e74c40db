import type { ClientChannel } from 'ssh2'
import type { Unreachable } from '../../../domain/inspection.ts'
import type { TransportResult } from '../transport.ts'
import { pause } from './abortable.ts'
import { quoteServer } from './connect-failure.ts'
import { KeptShell } from './kept-shell.ts'
import type { RunChannel } from './run-channel.ts'
import { ownChannel } from './run-channel.ts'
import type { ScriptRun } from './run-script.ts'
import { runOnChannel } from './run-script.ts'
import type { ShellOpening } from './ssh-connection.ts'
import { hopName } from './ssh-target.ts'

const unreachable = (reason: Unreachable['reason'], message: string): TransportResult => ({
  status: 'unreachable',
  reason,
  message,
})

/** Times that a server may say "no session" while we have none open, and the first wait between them (doubles). */
const MAX_LONELY_REFUSALS = 5
const LONELY_WAIT_MS = 100

/** Asks for a shell for as long as one may take to start; a shell that comes later is closed. */
function openInTime(run: ScriptRun, limitMs: number): Promise<ShellOpening | { readonly status: 'silent' }> {
  return new Promise((resolve) => {
    let isLate = false
    const giveUp = (): void => {
      isLate = true
      clearTimeout(timer)
      run.options.signal.removeEventListener('abort', giveUp)
      resolve({ status: 'silent' })
    }
    const timer = setTimeout(giveUp, limitMs)
    run.options.signal.addEventListener('abort', giveUp, { once: true })
    void run.connection.openShell().then((opening) => {
      if (isLate) {
        if (opening.status === 'open') opening.channel.close()
        return
      }
      clearTimeout(timer)
      run.options.signal.removeEventListener('abort', giveUp)
      resolve(opening)
    })
  })
}

/** A run that finds the kept shell taken goes over a channel of its own; a first run too, which may stay the only one. */
function channelFor({ connection, settings }: ScriptRun, channel: ClientChannel): RunChannel {
  if (!connection.hasServed || connection.keptShell !== null) return ownChannel(channel)
  return new KeptShell(connection, channel, settings.killTimeoutMs).take() ?? ownChannel(channel)
}

type Attempt = TransportResult | 'lost_unheard' | 'busy' | 'busy_alone'

async function attemptRun(run: ScriptRun): Promise<Attempt> {
  const startedAtMs = performance.now()
  const name = hopName(run.target)
  const kept = run.connection.keptShell?.take() ?? null
  if (kept !== null) {
    const result = await runOnChannel(run, kept, startedAtMs)
    if (result !== 'shell_gone') return result
  }
  const limitMs = Math.min(run.settings.loginTimeoutMs, run.options.deadlineMs)
  const opening = await openInTime(run, limitMs)
  switch (opening.status) {
    case 'open': {
      const result = await runOnChannel(run, channelFor(run, opening.channel), startedAtMs)
      return result === 'shell_gone' ? 'lost_unheard' : result
    }
    case 'lost':
      return 'lost_unheard'
    case 'busy':
      return run.connection.lowerLimit() ? 'busy' : 'busy_alone'
    case 'refused':
      return unreachable(
        'shell_failed',
        `${name} refuses to start a shell (${quoteServer(opening.message, run.target.credential)}): check the ` +
          "account's shell, ForceCommand and restrictions of its key",
      )
    case 'silent':
      if (run.options.signal.aborted) return unreachable('cancelled', 'cancelled before the shell started')
      // A connection on which questions get no answer is of no further use.
      run.connection.retire()
      return unreachable(
        'timeout',
        `logged in to ${name}, but it did not answer the request for a shell: check its load`,
      )
  }
}

/**
 * Runs the script when it is its turn on the connection. A server that has no session to spare is asked again when
 * another run has ended. `lost_unheard`: the connection ended before anything came. Never rejects.
 */
export async function runOnConnection(run: ScriptRun): Promise<TransportResult | 'lost_unheard'> {
  const { connection, options } = run
  for (let refusals = 0; ; ) {
    if (!(await connection.takeTurn(options.signal)))
      return options.signal.aborted
        ? unreachable('cancelled', 'cancelled while waiting for its turn')
        : 'lost_unheard'
    let attempt: Attempt
    try {
      attempt = await attemptRun(run)
    } finally {
      connection.giveTurnBack()
    }
    if (attempt !== 'busy' && attempt !== 'busy_alone') return attempt
    if (attempt === 'busy_alone') refusals += 1
    if (refusals >= MAX_LONELY_REFUSALS)
      return unreachable(
        'shell_failed',
        `${hopName(run.target)} opens no session although none is open: check MaxSessions and its process limit`,
      )
    await pause(LONELY_WAIT_MS * 2 ** refusals, options.signal)
  }
}
