import type { SshConfig } from './config.ts'
import type { SecretReference } from './secret.ts'
import type { RawSsh } from './ssh-schema.ts'

const MS_PER_SECOND = 1_000

/** Returns the section `ssh` in our units; `toReference` reads what a key says of where a secret is. */
export function buildSshConfig(ssh: RawSsh, toReference: (written: string) => SecretReference): SshConfig {
  const reference = (written: string | undefined): SecretReference | null =>
    written === undefined ? null : toReference(written)
  const { defaults } = ssh
  return {
    defaults: {
      user: defaults.user ?? null,
      port: defaults.port,
      credential: defaults.credential ?? null,
      connectDeadlineMs: defaults.connect_seconds * MS_PER_SECOND,
      loginDeadlineMs: defaults.login_seconds * MS_PER_SECOND,
      silenceDeadlineMs: defaults.silence_seconds * MS_PER_SECOND,
      commandDeadlineMs: defaults.command_seconds * MS_PER_SECOND,
      keepAliveMs: defaults.keep_alive_seconds * MS_PER_SECOND,
      maxChannelsPerHost: defaults.max_channels_per_host,
    },
    credentials: new Map(
      Object.entries(ssh.credentials).map(([name, credential]) => [
        name,
        {
          user: credential.user ?? null,
          privateKey: reference(credential.private_key),
          passphrase: reference(credential.passphrase),
          password: reference(credential.password),
          useAgent: credential.agent,
          tryKeyboardInteractive: credential.try_keyboard_interactive,
        },
      ]),
    ),
    jumpHosts: new Map(
      Object.entries(ssh.jump_hosts).map(([name, { host, port, credential, via }]) => [
        name,
        { host, port, credential: credential ?? null, via: via ?? null },
      ]),
    ),
    concurrency: ssh.concurrency,
    concurrencyPerJumpHost: ssh.concurrency_per_jump_host,
  }
}
