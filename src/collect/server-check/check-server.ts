import type { Server } from '../../domain/server.ts'
import type { ServerCheck } from '../../domain/server-check.ts'
import { composeScript } from '../compose-script.ts'
import { splitSections } from '../split-sections.ts'
import type { Transport } from '../transport/transport.ts'
import { parseLogin, parsePrivileges, parseTools, sudoersFragment } from './parse-server-check.ts'
import { SERVER_CHECK_SECTIONS } from './sections.ts'

interface CheckServerOptions {
  readonly transport: Transport
  readonly server: Server
  readonly signal: AbortSignal
  readonly deadlineMs: number
  /** Random hexadecimal word that marks the sections of this run. */
  readonly nonce: string
}

const MAX_BYTES = 256 * 1024

/** Returns the first look at a server: reachable, login, tools, rights, and what would mend each. Changes nothing there. */
export async function checkServer(options: CheckServerOptions): Promise<ServerCheck> {
  const { transport, server, nonce } = options
  const sections = SERVER_CHECK_SECTIONS.map((section) => ({ id: `check.${section.name}`, section }))
  const result = await transport.run(composeScript(sections, nonce), { ...options, maxBytes: MAX_BYTES })
  const base = { serverId: server.id, serverIp: server.ip }
  const nothing = { login: null, tools: [], privileges: [], sudoersFragment: null }
  if (result.status === 'unreachable')
    return { ...base, ...nothing, unreachable: { reason: result.reason, message: result.message } }
  const split = splitSections(result.stdout, result.stderr, nonce)
  if (split.size === 0) {
    const message = 'the login worked but its shell ran nothing: the account needs a POSIX shell'
    return {
      ...base,
      ...nothing,
      unreachable: { reason: result.timedOut ? 'timeout' : 'shell_failed', message },
    }
  }
  const stdoutOf = (name: string) => split.get(`check.${name}`)?.stdout ?? ''
  const login = parseLogin(stdoutOf('login'))
  const privileges = parsePrivileges(stdoutOf('privileges'))
  return {
    ...base,
    unreachable: null,
    login,
    tools: parseTools(stdoutOf('tools')),
    privileges,
    sudoersFragment: login === null ? null : sudoersFragment(login.user, privileges),
  }
}
