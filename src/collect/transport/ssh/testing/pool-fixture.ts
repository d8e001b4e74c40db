import type { KnownHost } from '../../../../domain/known-host.ts'
import { systemClock } from '../../../../lib/clock.ts'
import type { Logger } from '../../../../lib/logger.ts'
import { silentLogger } from '../../../../lib/logger.ts'
import type { TransportRunOptions } from '../../transport.ts'
import type { KnownHostsPort } from '../host-key.ts'
import type { SshPoolSettings } from '../ssh-pool-settings.ts'
import { DEFAULT_SSH_POOL_SETTINGS } from '../ssh-pool-settings.ts'
import type { RevealableSecret, SshCredential, SshTarget } from '../ssh-target.ts'
import type { SshTransportPool } from '../ssh-transport-pool.ts'
import { createSshTransportPool } from '../ssh-transport-pool.ts'

/** Known hosts in memory. */
export function memoryKnownHosts(): KnownHostsPort & { readonly all: Map<string, KnownHost> } {
  const all = new Map<string, KnownHost>()
  return {
    all,
    find: async (host, port) => all.get(`${host} ${port}`) ?? null,
    async record({ at, ...shown }) {
      const key = `${shown.host} ${shown.port}`
      const stored = all.get(key) ?? { ...shown, firstSeenAt: at, lastSeenAt: at }
      all.set(key, stored)
      return stored
    },
  }
}

export const secret = (value: string): RevealableSecret => ({ reveal: () => value })

/** A credential of nothing but the user ops, and what is given. */
export const credentialOf = (parts: Partial<SshCredential>): SshCredential => ({
  name: 'test',
  user: 'ops',
  privateKey: null,
  passphrase: null,
  password: null,
  agentSocket: null,
  tryKeyboardInteractive: false,
  ...parts,
})

/** A target with a key. */
export const targetOf = (port: number, key: string, more: Partial<SshTarget> = {}): SshTarget => ({
  serverId: '1',
  host: '127.0.0.1',
  port,
  credential: credentialOf({ privateKey: secret(key) }),
  jump: [],
  ...more,
})

/** Options of a short run. */
export const runOptions = (more: Partial<TransportRunOptions> = {}): TransportRunOptions => ({
  deadlineMs: 10_000,
  maxBytes: 1_000_000,
  signal: new AbortController().signal,
  ...more,
})

/** A pool for one test. */
export const poolOf = (
  settings: Partial<SshPoolSettings> = {},
  ports: { knownHosts?: KnownHostsPort; logger?: Logger } = {},
): SshTransportPool =>
  createSshTransportPool(
    { ...DEFAULT_SSH_POOL_SETTINGS, ...settings },
    { clock: systemClock, logger: silentLogger, knownHosts: memoryKnownHosts(), ...ports },
  )
