import type { AnyAuthMethod, AuthHandlerMiddleware, ParsedKey, Prompt } from 'ssh2'
import type { SshCredential } from './ssh-target.ts'

/** What happened while logging in, for the message when it fails. */
export interface LoginNotes {
  readonly tried: string[]
  /** What the server said that it accepts; null before it said so. */
  accepted: readonly string[] | null
  /** Why the agent was of no use; null when it answered or was not asked. */
  agentProblem: string | null
}

/** One login: what ssh2 asks for each next method, and what is noted meanwhile. */
export interface Login {
  readonly handler: AuthHandlerMiddleware
  readonly notes: LoginNotes
}

type Method = 'agent' | 'publickey' | 'password' | 'keyboard-interactive'

/** The name that the server knows a method by. */
const wireName = (method: Method): string => (method === 'agent' ? 'publickey' : method)

function plannedMethods(credential: SshCredential, key: ParsedKey | null): Method[] {
  const methods: Method[] = []
  if (credential.agentSocket !== null) methods.push('agent')
  if (key !== null) methods.push('publickey')
  if (credential.password !== null) methods.push('password')
  if (credential.password !== null && credential.tryKeyboardInteractive) methods.push('keyboard-interactive')
  return methods
}

/** Answers one hidden question, once: a second one means a wrong password or a one-time code. */
function answerOnce(password: string, abandon: (why: string) => void) {
  let isSpent = false
  return (prompts: readonly Prompt[], finish: (answers: string[]) => void): void => {
    const hidden = prompts.filter((prompt) => prompt.echo !== true).length
    if (hidden > 1 || (hidden === 1 && isSpent)) {
      abandon('the server asks for more than the password (a one-time code, or the password was wrong)')
      return
    }
    isSpent = isSpent || hidden === 1
    finish(prompts.map((prompt) => (prompt.echo === true ? '' : password)))
  }
}

/**
 * Returns a login that goes through agent, key, password and keyboard-interactive in this order, leaving out what the
 * server does not accept. The password is sent at most once: where it was refused, it is not sent as an answer too.
 * `abandon` is called when going on would mean guessing.
 */
export function createLogin(
  credential: SshCredential,
  key: ParsedKey | null,
  abandon: (why: string) => void,
): Login {
  const username = credential.user
  const password = credential.password?.reveal() ?? ''
  const planned = plannedMethods(credential, key)
  const notes: LoginNotes = { tried: [], accepted: null, agentProblem: null }
  const answer = answerOnce(password, abandon)
  const methodFor = (method: Method): AnyAuthMethod | null => {
    switch (method) {
      case 'agent':
        return credential.agentSocket === null
          ? null
          : { type: 'agent', username, agent: credential.agentSocket }
      case 'publickey':
        return key === null ? null : { type: 'publickey', username, key }
      case 'password':
        return { type: 'password', username, password }
      case 'keyboard-interactive':
        return {
          type: 'keyboard-interactive',
          username,
          prompt: (_name, _instructions, _language, prompts, finish) => answer(prompts, finish),
        }
    }
  }
  const next = (accepted: readonly string[] | null): AnyAuthMethod | false => {
    if (accepted !== null) notes.accepted = accepted
    // Without a key the server is first asked what it takes, so that no password is sent in vain.
    const first = planned[0]
    if (accepted === null && (first === 'password' || first === 'keyboard-interactive'))
      return { type: 'none', username }
    for (let method = planned.shift(); method !== undefined; method = planned.shift()) {
      if (accepted !== null && !accepted.includes(wireName(method))) continue
      if (method === 'keyboard-interactive' && notes.tried.includes('password')) continue
      const found = methodFor(method)
      if (found === null) continue
      notes.tried.push(method)
      return found
    }
    return false
  }
  // ssh2 1.17 takes the returned method, or false for "no more", where its types say void.
  return { handler: (accepted: readonly string[] | null) => next(accepted), notes }
}
