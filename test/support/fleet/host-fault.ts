/** What goes wrong inside the session, after the login: read by `tools/fleet-shell` at every command. */
export type SessionFault =
  /** Chatter on stdout before the command's own output, as a talkative profile prints it. */
  | { readonly kind: 'noise' }
  /** The same on stderr. */
  | { readonly kind: 'noise-err' }
  /** Takes the command and never answers. */
  | { readonly kind: 'hang' }
  /** Waits before the command. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** Kills the session's sshd so many seconds after the command began. */
  | { readonly kind: 'drop'; readonly seconds: number }
  /** These tools answer "not found" with exit code 127. */
  | { readonly kind: 'missing-tools'; readonly tools: readonly string[] }
  /** Nothing is found by its name: PATH leads nowhere when the command begins. */
  | { readonly kind: 'no-path' }
  /** The login shell does not find `/bin/sh`, as in a half-made chroot. */
  | { readonly kind: 'no-shell' }
  /** The command line is read by this program and its first argument, not by a POSIX shell: `/bin/tcsh`, `/bin/busybox ash`. */
  | { readonly kind: 'login-shell'; readonly program: string }
  /** `sudo -n` asks for a password. */
  | { readonly kind: 'sudo-refused' }
  | { readonly kind: 'exit'; readonly code: number }
  /** So many zero bytes in place of the answer. */
  | { readonly kind: 'flood'; readonly bytes: number }

/** What sshd itself does; fixed when the fleet starts. */
export type LoginFault =
  | { readonly kind: 'auth-refused' }
  /** Greets before the login. */
  | { readonly kind: 'banner' }
  /** Nobody listens on the host's port. */
  | { readonly kind: 'closed-port' }
  /** `MaxStartups 3:100:3`: the fourth login at the same time is dropped. */
  | { readonly kind: 'throttled' }

/** What the network between does; the host is dialled through the fleet's proxy. */
export type NetworkFault =
  /** Through the proxy, which does nothing yet: a later `setFault` keeps the port. */
  | { readonly kind: 'through-proxy' }
  /** Every piece waits so long in both directions. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Resets the connection after so long. */
  | { readonly kind: 'drop-after'; readonly ms: number }
  /** Resets the connection after so many bytes of the server. */
  | { readonly kind: 'drop-bytes'; readonly bytes: number }
  /** The server falls silent after so many bytes; the connection stays open. */
  | { readonly kind: 'stall-bytes'; readonly bytes: number }
  /** What the server sends comes through at this rate. */
  | { readonly kind: 'rate'; readonly bytesPerSecond: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'close' }
  /** Accepts and never sends a byte. */
  | { readonly kind: 'silent' }
  /** Answers like a web server. */
  | { readonly kind: 'garbage' }
  /** Another sshd with another host key answers. */
  | { readonly kind: 'other-host-key' }

/** What no real sshd does: a server of our own answers, and lets the fleet's sshd do the work where there is any. */
export type OddFault =
  /** Takes the name and never says whether it may come in. */
  | { readonly kind: 'hang-in-login' }
  /** Never answers the request for a command; refuses it. */
  | { readonly kind: 'exec-unanswered' }
  | { readonly kind: 'exec-refused' }
  /** The command's whole output comes, and then: no exit code; death by a signal; an exit code but never an end. */
  | { readonly kind: 'no-exit-code' }
  | { readonly kind: 'exit-signal' }
  | { readonly kind: 'never-closed' }

export type HostFault = SessionFault | LoginFault | NetworkFault | OddFault

const LOGIN: ReadonlySet<string> = new Set<LoginFault['kind']>([
  'auth-refused',
  'banner',
  'closed-port',
  'throttled',
])
const NETWORK: ReadonlySet<string> = new Set<NetworkFault['kind']>([
  'through-proxy',
  'delay',
  'drop-after',
  'drop-bytes',
  'stall-bytes',
  'rate',
  'reset',
  'close',
  'silent',
  'garbage',
  'other-host-key',
])
const ODD: ReadonlySet<string> = new Set<OddFault['kind']>([
  'hang-in-login',
  'exec-unanswered',
  'exec-refused',
  'no-exit-code',
  'exit-signal',
  'never-closed',
])

export const isLoginFault = (fault: HostFault): fault is LoginFault => LOGIN.has(fault.kind)
export const isNetworkFault = (fault: HostFault): fault is NetworkFault => NETWORK.has(fault.kind)
export const isOddFault = (fault: HostFault): fault is OddFault => ODD.has(fault.kind)

/** Returns the line that `tools/fleet-shell` reads: a word and its value. */
export function sessionFaultLine(fault: SessionFault): string {
  switch (fault.kind) {
    case 'slow':
    case 'drop':
      return `${fault.kind} ${fault.seconds}\n`
    case 'missing-tools':
      return `${fault.kind} ${fault.tools.join(' ')}\n`
    case 'exit':
      return `exit ${fault.code}\n`
    case 'flood':
      return `flood ${fault.bytes}\n`
    case 'login-shell':
      return `login-shell ${fault.program}\n`
    case 'noise':
    case 'noise-err':
    case 'hang':
    case 'no-path':
    case 'no-shell':
    case 'sudo-refused':
      return `${fault.kind}\n`
  }
}
