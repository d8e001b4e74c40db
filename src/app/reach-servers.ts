import { inspectServer, randomNonce } from '../collect/collector.ts'
import { checkServer } from '../collect/server-check/check-server.ts'
import { createLocalTransport } from '../collect/transport/local.ts'
import { DEFAULT_SSH_POOL_SETTINGS } from '../collect/transport/ssh/ssh-pool-settings.ts'
import { createSshTransportPool } from '../collect/transport/ssh/ssh-transport-pool.ts'
import type { Transport } from '../collect/transport/transport.ts'
import type { Config } from '../config/config.ts'
import type { SecretSources } from '../config/resolve-secret.ts'
import { AppError } from '../domain/errors.ts'
import type { ServerInspection, Unreachable } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { ServerCheck } from '../domain/server-check.ts'
import { systemClock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { PipelineContext } from '../pipeline/context.ts'
import type { Store } from '../store/repositories.ts'
import { createSshTargets } from './ssh-targets.ts'

/** Longest output of one look at a server in bytes (stdout and stderr each). */
const MAX_OUTPUT_BYTES = 8 * 1024 ** 2

interface ReachSettings {
  readonly config: Config
  readonly logger: Logger
  readonly store: Store
  readonly secrets: () => Promise<SecretSources>
}

/** The ways to look at servers, this machine and others alike. */
export interface Reach extends Pick<PipelineContext, 'inspect' | 'check'> {
  /** Ends every connection. */
  close(): Promise<void>
}

/** Returns the ways to look at servers over the transport that each has. */
export function reachServers({ config, logger, store, secrets }: ReachSettings): Reach {
  const local = createLocalTransport()
  const { defaults, concurrency, concurrencyPerJumpHost } = config.ssh
  const pool = createSshTransportPool(
    {
      ...DEFAULT_SSH_POOL_SETTINGS,
      connectTimeoutMs: defaults.connectDeadlineMs,
      loginTimeoutMs: defaults.loginDeadlineMs,
      silenceTimeoutMs: defaults.silenceDeadlineMs,
      keepAliveIntervalMs: defaults.keepAliveMs,
      maxChannelsPerHost: defaults.maxChannelsPerHost,
      maxHandshakes: concurrency,
      maxRunsPerJumpHost: concurrencyPerJumpHost,
    },
    { clock: systemClock, logger, knownHosts: store.knownHosts },
  )
  /** A new server's host key cannot be checked without the database: that server is not looked at, the others are. */
  const unlessUnverifiable = async <T>(
    work: Promise<T>,
    instead: (unreachable: Unreachable) => T,
  ): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DATABASE_UNAVAILABLE') throw error
      return instead({
        reason: 'connect_failed',
        message: `its host key cannot be checked now: ${error.message}`,
      })
    }
  }
  const findTarget = createSshTargets({ config: config.ssh, secrets })
  const transportFor = async (server: InventoryServer): Promise<Transport> =>
    server.transport === 'local' ? local : pool.transportFor(await findTarget(server))
  const deadlineMs = (server: InventoryServer) =>
    server.transport === 'local' ? config.collection.deadlineMs : defaults.commandDeadlineMs
  return {
    inspect: async (server, probes, signal) => {
      const transport = await transportOrReason(transportFor, server)
      if ('reason' in transport) return unreachedInspection(server, transport)
      const limits = {
        clock: systemClock,
        signal,
        deadlineMs: deadlineMs(server),
        maxBytes: MAX_OUTPUT_BYTES,
      }
      const looking = inspectServer({ transport, server, probes, ...limits })
      return await unlessUnverifiable(looking, (unreachable) => unreachedInspection(server, unreachable))
    },
    check: async (server, signal) => {
      const transport = await transportOrReason(transportFor, server)
      if ('reason' in transport) return unreachedCheck(server, transport)
      pool.forgetRefusals()
      const nonce = randomNonce()
      const looking = checkServer({ transport, server, signal, deadlineMs: deadlineMs(server), nonce })
      return await unlessUnverifiable(looking, (unreachable) => unreachedCheck(server, unreachable))
    },
    close: async () => await pool.close(),
  }
}

function unreachedInspection({ id, ip }: InventoryServer, unreachable: Unreachable): ServerInspection {
  const at = systemClock.now()
  const nothing = { facts: {}, sections: [], evidence: [] }
  return { serverId: id, serverIp: ip, startedAt: at, finishedAt: at, unreachable, ...nothing }
}

const unreachedCheck = ({ id, ip }: InventoryServer, unreachable: Unreachable): ServerCheck => ({
  serverId: id,
  serverIp: ip,
  unreachable,
  login: null,
  tools: [],
  privileges: [],
  sudoersFragment: null,
})

/** A server that nothing says how to log in to is one unreachable server, never the end of a fleet's run. */
async function transportOrReason(
  transportFor: (server: InventoryServer) => Promise<Transport>,
  server: InventoryServer,
): Promise<Transport | Unreachable> {
  try {
    return await transportFor(server)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'CONFIG_INVALID' || error.code === 'SECRET_UNREADABLE'))
      return { reason: 'login_refused', message: error.message }
    throw error
  }
}
