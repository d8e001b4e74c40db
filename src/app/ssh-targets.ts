import type { SshCredential, SshHop, SshTarget } from '../collect/transport/ssh/ssh-target.ts'
import type { SshConfig, SshCredentialConfig } from '../config/config.ts'
import { resolveSecret, type SecretSources } from '../config/resolve-secret.ts'
import type { SecretReference } from '../config/secret.ts'
import { AppError } from '../domain/errors.ts'
import type { InventoryServer } from '../domain/server.ts'
import { text } from '../domain/text.ts'

/** Returns how to reach a server. Throws CONFIG_INVALID naming the server when nothing says how to log in to it. */
export type FindSshTarget = (server: InventoryServer) => Promise<SshTarget>

interface SshTargetSources {
  readonly config: SshConfig
  /** Opened only when a credential is first used: a secret may lie in the database. */
  readonly secrets: () => Promise<SecretSources>
}

/** Returns the finder of targets; each credential's secrets are read once and kept in memory. */
export function createSshTargets({ config, secrets }: SshTargetSources): FindSshTarget {
  const credentials = new Map<string, Promise<SshCredential>>()
  const credentialOf = async (name: string | null, server: InventoryServer): Promise<SshCredential> => {
    const wanted = name ?? config.defaults.credential
    const found = wanted === null ? undefined : config.credentials.get(wanted)
    if (wanted === null || found === undefined) throw noCredential(wanted, server)
    const known = credentials.get(wanted) ?? openCredential(wanted, found, config, await secrets())
    credentials.set(wanted, known)
    try {
      return await known
    } catch (error) {
      // A secret that could not be read now may be readable later.
      credentials.delete(wanted)
      throw error
    }
  }
  const chainTo = async (name: string | null, server: InventoryServer): Promise<readonly SshHop[]> => {
    if (name === null) return []
    const jump = config.jumpHosts.get(name)
    if (jump === undefined) throw unknownJumpHost(name, server)
    const before = await chainTo(jump.via, server)
    return [
      ...before,
      { host: jump.host, port: jump.port, credential: await credentialOf(jump.credential, server) },
    ]
  }
  return async (server) => ({
    serverId: server.id,
    host: server.ip,
    port: server.port ?? config.defaults.port,
    credential: await credentialOf(server.credential, server),
    jump: await chainTo(server.jumpHost, server),
    ...(server.bkCloudId === 0 ? {} : { hostKeyAlias: `${server.bkCloudId}:${server.ip}` }),
  })
}

async function openCredential(
  name: string,
  credential: SshCredentialConfig,
  config: SshConfig,
  sources: SecretSources,
): Promise<SshCredential> {
  const open = async (reference: SecretReference | null) =>
    reference === null ? null : await resolveSecret(reference, sources)
  const user = credential.user ?? config.defaults.user
  if (user === null) {
    const sentence = text(
      `ssh.credentials.${name}.user 与 ssh.defaults.user 都没有设置`,
      `neither ssh.credentials.${name}.user nor ssh.defaults.user is set`,
    )
    throw new AppError('CONFIG_INVALID', sentence)
  }
  return {
    name,
    user,
    privateKey: await open(credential.privateKey),
    passphrase: await open(credential.passphrase),
    password: await open(credential.password),
    agentSocket: credential.useAgent ? (sources.env['SSH_AUTH_SOCK'] ?? null) : null,
    tryKeyboardInteractive: credential.tryKeyboardInteractive,
  }
}

function noCredential(name: string | null, { ip }: InventoryServer): AppError {
  const sentence =
    name === null
      ? text(
          `${ip} 没有登录凭据:在 ssh.credentials 中定义一个,并设为 ssh.defaults.credential 或该服务器的 credential`,
          `${ip} has no credential: define one in ssh.credentials and name it in ssh.defaults.credential or in the server's credential`,
        )
      : text(
          `${ip} 的凭据 ${JSON.stringify(name)} 在 ssh.credentials 中没有定义`,
          `the credential ${JSON.stringify(name)} of ${ip} is not defined in ssh.credentials`,
        )
  return new AppError('CONFIG_INVALID', sentence, { details: { server: ip, credential: name } })
}

const unknownJumpHost = (name: string, { ip }: InventoryServer): AppError =>
  new AppError(
    'CONFIG_INVALID',
    text(
      `${ip} 的跳板机 ${JSON.stringify(name)} 在 ssh.jump_hosts 中没有定义`,
      `the jump host ${JSON.stringify(name)} of ${ip} is not defined in ssh.jump_hosts`,
    ),
    { details: { server: ip, jumpHost: name } },
  )
