import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Config } from '../config/config.ts'
import { type Environment, processEnvironment } from '../config/environment.ts'
import { readKnowledge } from '../config/knowledge.ts'
import { loadConfig } from '../config/load-config.ts'
import { loadMasterKey } from '../config/master-key.ts'
import { prepareDirectories } from '../config/prepare-directories.ts'
import type { SecretSources } from '../config/resolve-secret.ts'
import { scheduleIntervalMs } from '../config/schedule-interval.ts'
import type { Language } from '../domain/text.ts'
import { systemClock } from '../lib/clock.ts'
import { createJsonCache, type JsonCache } from '../lib/json-cache.ts'
import { createLogger, type LogRole } from '../lib/log-file.ts'
import type { Logger } from '../lib/logger.ts'
import * as operations from '../operations/registry.ts'
import type { Door } from '../services/call.ts'
import type { ProcessStatus } from '../services/context.ts'
import { type DoorContext, openDoor } from '../services/open-door.ts'
import * as services from '../services/registry.ts'
import { createResultCache } from '../services/result-cache.ts'
import type { Store } from '../store/repositories.ts'
import { spoolAudit } from '../store/spool/audit-spool.ts'
import { createMetricsRecorder, type MetricsRecorder } from '../store/spool/metrics-recorder.ts'
import { createSpool } from '../store/spool/spool.ts'
import { examine } from './doctor.ts'
import { localTools } from './local-tools.ts'
import { createWritesSamples } from './metrics-source.ts'
import { openConfiguredStore } from './open-configured-store.ts'
import { projectDirectory } from './paths.ts'
import { productVersion } from './product-version.ts'
import { type Reach, reachServers } from './reach-servers.ts'
import { redactInput } from './redact-input.ts'
import { rememberServers } from './remember-servers.ts'
import { residentBytes } from './supervisor.ts'
import { unavailableStore } from './unavailable-store.ts'

/** Everything a role of the product runs on; made once, closed once. */
export interface Runtime {
  readonly config: Config
  readonly env: Environment
  readonly logger: Logger
  readonly store: Store
  readonly context: DoorContext
  readonly door: Door
  readonly recorder: MetricsRecorder
  /** Results kept for a few seconds; see `services/result-cache.ts`. */
  readonly cache: JsonCache
  close(): Promise<void>
}

interface RuntimeOptions {
  readonly role: LogRole
  readonly language?: Language
  /** Processes beside this one; default: this process alone. */
  readonly processes?: () => readonly ProcessStatus[]
  /** Go on without a database when it cannot be opened (doctor). */
  readonly tolerateStoreFailure?: boolean
}

/** Usual distance between samples when no schedule says it: metrics then come from elsewhere. */
const DEFAULT_INTERVAL_MS = 60_000

/** Each kind of question (thresholds, group, language) is one. */
const MOST_CACHED_RESULTS = 1_000

/** Reads the configuration and wires the product together. Throws CONFIG_INVALID or what opening the database throws. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const env = processEnvironment()
  const config = loadConfig({ env, cwd: process.cwd() })
  prepareDirectories(config)
  const logger = createLogger({ role: options.role, ...config.log, toStderr: false })
  const opened = await openStoreOrError(config, env, {
    logger,
    tolerate: options.tolerateStoreFailure === true,
  })
  const spool = createSpool({
    directory: join(config.dataDirectory, 'spool'),
    maxBytes: config.spool.maxBytes,
    clock: systemClock,
    logger,
  })
  const store =
    opened instanceof Error
      ? unavailableStore(opened)
      : spoolAudit(rememberServers(opened), { spool, clock: systemClock, logger })
  const cache = createJsonCache({
    directory: join(config.dataDirectory, 'cache'),
    maxBytes: config.cache.maxBytes,
    maxFiles: MOST_CACHED_RESULTS,
    clock: systemClock,
    logger,
  })
  const recorder = createMetricsRecorder({ store, spool, clock: systemClock, logger })
  const reach = reachServers({ config, logger, store, secrets: secretSources({ config, env, store }) })
  const context = doorContext({ config, logger, store, storeOrError: opened, options, reach, recorder })
  return {
    config,
    env,
    logger,
    store,
    context,
    recorder,
    cache,
    door: openDoor({ services, operations, context, redactInput, cache: resultCache(config, cache) }),
    close: async () => {
      await reach.close()
      await spool.close()
      if (!(opened instanceof Error)) await opened.close()
    },
  }
}

/** Where samples come often, what is kept is never older than half the distance between two of them. */
const resultCache = (config: Config, files: JsonCache) =>
  createResultCache({
    files,
    expiryMs: Math.min(config.cache.expiryMs, intervalMs(config) / 2),
    clock: systemClock,
    version: productVersion(),
  })

/** Returns the reader of secret sources; the master key is opened once, when a secret is first wanted. */
function secretSources({
  config,
  env,
  store,
}: {
  config: Config
  env: Environment
  store: Store
}): () => Promise<SecretSources> {
  let opened: Promise<SecretSources> | null = null
  const open = async (): Promise<SecretSources> => {
    const { box } = await loadMasterKey({
      env,
      dataDirectory: config.dataDirectory,
      settings: store.settings,
    })
    return { env, reader: store.secrets, box }
  }
  return async () => {
    opened ??= open()
    return await opened
  }
}

async function openStoreOrError(
  config: Config,
  env: Environment,
  { logger, tolerate }: { logger: Logger; tolerate: boolean },
): Promise<Store | Error> {
  try {
    return await openConfiguredStore(config, env, { clock: systemClock, logger })
  } catch (error) {
    if (tolerate && error instanceof Error) return error
    throw error
  }
}

interface ContextParts {
  readonly config: Config
  readonly logger: Logger
  readonly store: Store
  readonly storeOrError: Store | Error
  readonly options: RuntimeOptions
  readonly reach: Reach
  readonly recorder: MetricsRecorder
}

function doorContext({
  config,
  logger,
  store,
  storeOrError,
  options,
  reach,
  recorder,
}: ContextParts): DoorContext {
  const list = options.processes ?? (() => [thisProcess(options.role, startedAt)])
  const startedAt = systemClock.now()
  return {
    store,
    inspect: reach.inspect,
    check: reach.check,
    recorder,
    writesSamples: createWritesSamples(config, store),
    clock: systemClock,
    logger,
    language: options.language ?? config.language,
    timeZone: config.timeZone,
    thresholds: config.thresholds,
    ...readKnowledge(join(projectDirectory, 'knowledge'), config.knowledge.failuresDirectory),
    concurrency: config.collection.concurrency,
    metricsIntervalMs: intervalMs(config),
    owner: `${options.role}@${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`,
    processes: { list },
    connectionNames: {
      credentials: [...config.ssh.credentials.keys()],
      jumpHosts: [...config.ssh.jumpHosts.keys()],
    },
    doctor: async (signal) =>
      await examine(
        {
          nodeVersion: process.version,
          dataDirectory: config.dataDirectory,
          logDirectory: config.log.directory,
          store: storeOrError,
          clock: systemClock,
          timeZones: {
            database: config.database.timeZone,
            shown: config.timeZone,
            machine: Intl.DateTimeFormat().resolvedOptions().timeZone,
          },
          probeTools: localTools,
        },
        signal,
      ),
  }
}

const intervalMs = ({ schedules }: Config): number =>
  (schedules.metrics === null ? null : scheduleIntervalMs(schedules.metrics)) ?? DEFAULT_INTERVAL_MS

/** Returns the status of the process that asks. */
export const thisProcess = (name: string, startedAt: Date): ProcessStatus => ({
  name,
  state: 'running',
  pid: process.pid,
  sinceAt: startedAt,
  restarts: 0,
  residentBytes: residentBytes(process.pid),
  lastLines: [],
})
