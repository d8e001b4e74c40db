/** A secret in memory that prints as `***`; `reveal` gives its value. */
export interface RevealableSecret {
  reveal(): string
}

/** How to log in. At least one of agent, key and password must be there. */
export interface SshCredential {
  /** Its name in the configuration, for messages. */
  readonly name: string
  readonly user: string
  /** Text of a private key: OpenSSH, PEM (PKCS 1, PKCS 8, SEC 1) or PuTTY (PPK 2). */
  readonly privateKey: RevealableSecret | null
  readonly passphrase: RevealableSecret | null
  readonly password: RevealableSecret | null
  /** Path of an agent's socket (the value of SSH_AUTH_SOCK); null when no agent is asked. */
  readonly agentSocket: string | null
  /** Answer one hidden question of the server (PAM) with the password where it takes no plain password. */
  readonly tryKeyboardInteractive: boolean
}

/** A machine that is logged in to: a jump host, or the target itself. */
export interface SshHop {
  readonly host: string
  readonly port: number
  readonly credential: SshCredential
  /** Name under which its key is known, like OpenSSH's HostKeyAlias; for one address in two networks. Default: the host. */
  readonly hostKeyAlias?: string
}

/** A server to run scripts on. */
export interface SshTarget extends SshHop {
  readonly serverId: string
  /** Jump hosts from here to there, outermost first; empty for a direct connection. */
  readonly jump: readonly SshHop[]
}

/** Returns `user@host:port`, for messages. */
export const hopName = ({ credential, host, port }: SshHop): string => `${credential.user}@${host}:${port}`
