/** What differs between the sshd processes of a fleet. */
export interface SshdSettings {
  readonly port: number
  /** Folder, seen from inside, with host_key and authorized_keys. */
  readonly etc: string
  readonly hostKey: string
  readonly maxStartups: string
  /** Addresses that refuse every login. */
  readonly refusing: readonly string[]
  /** Addresses that greet before the login, with the file `etc`/banner. */
  readonly greeting: readonly string[]
  /** `INFO` logs every login and every refused one. Default: `ERROR`. */
  readonly logLevel?: 'INFO' | 'ERROR'
}

const matching = (addresses: readonly string[], ...lines: string[]): readonly string[] =>
  addresses.length === 0
    ? []
    : [`Match LocalAddress ${addresses.join(',')}`, ...lines.map((line) => `  ${line}`)]

/** Returns an sshd_config(5) for one sshd that plays many hosts. */
export const sshdConfig = (settings: SshdSettings): string =>
  [
    `Port ${settings.port}`,
    'ListenAddress 0.0.0.0',
    `HostKey ${settings.etc}/${settings.hostKey}`,
    'PidFile none',
    `AuthorizedKeysFile ${settings.etc}/authorized_keys`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'PermitUserRC no',
    'PrintMotd no',
    'PrintLastLog no',
    'X11Forwarding no',
    `MaxStartups ${settings.maxStartups}`,
    'MaxSessions 64',
    'LoginGraceTime 30',
    `LogLevel ${settings.logLevel ?? 'ERROR'}`,
    ...matching(settings.refusing, 'AuthorizedKeysFile none', 'PasswordAuthentication no'),
    ...matching(settings.greeting, `Banner ${settings.etc}/banner`),
    '',
  ].join('\n')
