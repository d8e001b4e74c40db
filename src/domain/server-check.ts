import type { Unreachable } from './inspection.ts'
import type { Text } from './text.ts'

/** A tool that probes call, as one server has it. */
export interface CheckedTool {
  readonly name: string
  /** Absolute path; null when the server does not have it. */
  readonly path: string | null
  /** What cannot be read without it. */
  readonly purpose: Text
  /** The exact command that installs it there; null when it is there or no known package manager is. */
  readonly installCommand: string | null
}

/** A command that needs root, and whether the login may run it. */
export interface CheckedPrivilege {
  /** With the tool's absolute path and every argument. */
  readonly command: string
  readonly state: 'root' | 'permitted' | 'refused' | 'no_sudo'
}

/** What the first look at a server says before it is inspected. */
export interface ServerCheck {
  readonly serverId: string
  readonly serverIp: string
  /** Null when the server was reached and logged in to. */
  readonly unreachable: Unreachable | null
  /** Null when the login could not be read. */
  readonly login: { readonly user: string; readonly isRoot: boolean } | null
  readonly tools: readonly CheckedTool[]
  readonly privileges: readonly CheckedPrivilege[]
  /** Lines for visudo that permit exactly what is refused now, without wildcards; null when nothing is refused. */
  readonly sudoersFragment: string | null
}
