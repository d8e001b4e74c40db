import { inspectServer, longestRunMs, needRoot, randomNonce } from '../collect/collector.ts'
import { checkServer } from '../collect/server-check/check-server.ts'
import { createLocalTransport } from '../collect/transport/local.ts'
import { DEFAULT_SSH_POOL_SETTINGS } from '../collect/transport/ssh/ssh-pool-settings.ts'
import { createSshTransportPool, type SshTransportPool } from '../collect/transport/ssh/ssh-transport-pool.ts'
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
import { createSudoMemory } from './sudo-memory.ts'

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

/** Returns the pool of connections as configured. */
function openPool({ config, logger, store }: ReachSettings): SshTransportPool {
  const { defaults, concurrency, concurrencyPerJumpHost } = config.ssh
  const settings = {
    ...DEFAULT_SSH_POOL_SETTINGS,
    connectTimeoutMs: defaults.connectDeadlineMs,
    loginTimeoutMs: defaults.loginDeadlineMs,
    silenceTimeoutMs: defaults.silenceDeadlineMs,
    keepAliveIntervalMs: defaults.keepAliveMs,
    maxChannelsPerHost: defaults.maxChannelsPerHost,
    maxHandshakes: concurrency,
    maxRunsPerJumpHost: concurrencyPerJumpHost,
  }
  return createSshTransportPool(settings, { clock: systemClock, logger, knownHosts: store.knownHosts })
}

/** Returns the ways to look at servers over the transport that each has. */
export function reachServers(settings: ReachSettings): Reach {
  const { config, logger, store, secrets } = settings
  const local = createLocalTransport()
  const pool = openPool(settings)
  const sudo = createSudoMemory({ repository: store.sudoRefusals, clock: systemClock, logger })
  const findTarget = createSshTargets({ config: config.ssh, secrets })
  const transportFor = async (server: InventoryServer, refusedBefore?: Date): Promise<Transport> => {
    if (server.transport === 'local') return local
    const target = await findTarget(server)
    if (refusedBefore !== undefined) pool.allowOnce(target, refusedBefore)
    return pool.transportFor(target)
  }
  const deadlineMs = (server: InventoryServer) =>
    server.transport === 'local' ? config.collection.deadlineMs : config.ssh.defaults.commandDeadlineMs
  const timeToReachMs = config.ssh.defaults.connectDeadlineMs + config.ssh.defaults.loginDeadlineMs
  return {
    inspect: async (server, probes, signal, leaveOut = []) => {
      const transport = await transportOrReason(transportFor, server)
      if ('reason' in transport) return unreachedInspection(server, transport)
      const refusedNow: string[] = []
      const looking = inspectServer({
        transport,
        server,
        probes,
        leaveOut,
        clock: systemClock,
        signal,
        deadlineMs: Math.min(deadlineMs(server), timeToReachMs + longestRunMs(probes)),
        maxBytes: MAX_OUTPUT_BYTES,
        sudoRefusals: needRoot(probes) ? await sudo.inForce(server.id) : [],
        onSudoRefused: (commands) => refusedNow.push(...commands),
      })
      const seen = await unlessUnverifiable(looking, (why) => unreachedInspection(server, why))
      if (refusedNow.length > 0) await sudo.refused(server.id, refusedNow)
      return seen
    },
    check: async (server, { askedAt, signal }) => {
      const transport = await transportOrReason((each) => transportFor(each, askedAt), server)
      if ('reason' in transport) return unreachedCheck(server, transport)
      const nonce = randomNonce()
      const looking = checkServer({ transport, server, signal, deadlineMs: deadlineMs(server), nonce })
      const seen = await unlessUnverifiable(looking, (why) => unreachedCheck(server, why))
      if (seen.login !== null) await sudo.askedAnew(server.id, refusedCommands(seen))
      return seen
    },
    close: async () => await pool.close(),
  }
}

/** A new server's host key cannot be checked without the database: that server is not looked at, the others are. */
async function unlessUnverifiable<T>(work: Promise<T>, instead: (unreachable: Unreachable) => T): Promise<T> {
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

function unreachedInspection({ id, ip }: InventoryServer, unreachable: Unreachable): ServerInspection {
  const at = systemClock.now()
  const nothing = { facts: {}, sections: [], evidence: [] }
  return { serverId: id, serverIp: ip, startedAt: at, finishedAt: at, unreachable, ...nothing }
}

/** Commands as probes name them: without the folder of the tool. */
const refusedCommands = ({ privileges }: ServerCheck): readonly string[] =>
  privileges
    .filter(({ state }) => state === 'refused')
    .map(({ command }) => command.replace(/^\/(?:[^/ ]*\/)*/, ''))

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
