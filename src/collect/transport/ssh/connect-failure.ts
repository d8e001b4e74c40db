import type { Unreachable } from '../../../domain/inspection.ts'
import { redactText } from '../../../lib/redact.ts'
import type { LoginNotes } from './login-methods.ts'
import type { SshCredential, SshHop } from './ssh-target.ts'
import { hopName } from './ssh-target.ts'

/** How far an opening had come. */
export type ConnectStage = 'tcp' | 'handshake' | 'login'

/** Why a connection was not had. */
export interface ConnectFailure extends Unreachable {
  /** The server closed before its greeting, as one that throttles does: trying again a little later may help. */
  readonly retryable: boolean
  /** An attempt to log in was counted against us: not to be repeated soon. */
  readonly isRefusal: boolean
}

/** Returns a failure that is neither to be repeated nor a refusal. */
export const failure = (reason: Unreachable['reason'], message: string): ConnectFailure => ({
  reason,
  message,
  retryable: false,
  isRefusal: false,
})

const MAX_QUOTE_LENGTH = 300

/** Returns what a server said, short, on one line and without the secrets that were sent to it. */
export function quoteServer(said: string, credential: SshCredential): string {
  let clean = said.slice(0, 4 * MAX_QUOTE_LENGTH)
  for (const secret of [credential.password, credential.passphrase, credential.privateKey]) {
    const value = secret?.reveal() ?? ''
    if (value !== '') clean = clean.replaceAll(value, '***')
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return redactText(clean.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').trim()).slice(0, MAX_QUOTE_LENGTH)
}

/** What ssh2 and node:net attach to errors. */
interface ErrorTraits {
  readonly level: string | null
  readonly code: string | null
}

/** Returns the traits of an error of ssh2 1.17 (`level`) or node:net (`code`). */
export function errorTraits(error: Error): ErrorTraits {
  const read = (name: string): string | null => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  return { level: read('level'), code: read('code') }
}

const NETWORK_HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on that port: see that sshd runs, and on which port',
  EHOSTUNREACH: 'no route to it: check network and power',
  ENETUNREACH: 'no route to its network: check the routes of this machine, or configure a jump host',
  ETIMEDOUT: 'no answer: check power, network and firewall',
  ENOTFOUND: 'its name is not known: check the name and DNS',
  EAI_AGAIN: 'its name could not be looked up now: check DNS',
  ECONNRESET: 'the connection was reset: a firewall, or sshd throttling (MaxStartups, PerSourcePenalties)',
}

/** Returns the failure of a login that was refused. */
export function loginRefused(hop: SshHop, notes: LoginNotes, why: string | null): ConnectFailure {
  const accepted = notes.accepted === null ? '' : `; the server accepts ${notes.accepted.join(', ')}`
  const tried = notes.tried.length === 0 ? 'nothing that it accepts' : notes.tried.join(', ')
  const agent = notes.agentProblem === null ? '' : `; the agent was of no use: ${notes.agentProblem}`
  const cause = why === null ? '' : `; ${quoteServer(why, hop.credential)}`
  return {
    reason: 'login_refused',
    message:
      `login refused by ${hopName(hop)}: tried ${tried}${accepted}${agent}${cause}. Check the account and ` +
      `credential ${hop.credential.name}`,
    retryable: false,
    isRefusal: notes.tried.length > 0,
  }
}

/** Returns the failure of an opening whose connection ended with this error, or without one (null). */
export function classifyEnd(
  hop: SshHop,
  stage: ConnectStage,
  notes: LoginNotes,
  error: Error | null,
): ConnectFailure {
  const { level, code } = error === null ? { level: null, code: null } : errorTraits(error)
  const said = error === null ? 'closed without a word' : quoteServer(error.message, hop.credential)
  if (stage === 'login') {
    if (level === 'client-authentication') return loginRefused(hop, notes, null)
    if (/too many authentication/i.test(said))
      return loginRefused(hop, notes, `${said} (an agent with many keys uses up the tries: MaxAuthTries)`)
    // Its tries may have been counted although no answer came.
    const cut = failure('connect_failed', `${hopName(hop)} ended the connection during login: ${said}`)
    return { ...cut, isRefusal: notes.tried.includes('password') }
  }
  const wasCut = error === null || code === 'ECONNRESET' || code === 'EPIPE' || /before handshake/.test(said)
  if (wasCut) {
    const hint =
      'it may throttle connections (MaxStartups), or ban this address after refused logins (PerSourcePenalties)'
    const lost = failure('connect_failed', `${hopName(hop)} closed before the handshake (${said}): ${hint}`)
    return { ...lost, retryable: true }
  }
  const hint = NETWORK_HINTS[code ?? '']
  if (hint !== undefined)
    return failure('connect_failed', `cannot connect to ${hopName(hop)}: ${said}; ${hint}`)
  const meaning = stage === 'handshake' ? 'it answers, but not as a usable SSH server' : 'cannot connect'
  return failure('connect_failed', `${hopName(hop)}: ${meaning}: ${said}`)
}
