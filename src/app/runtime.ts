import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import process from 'node:process'
import { inspectServer } from '../collect/collector.ts'
import { createLocalTransport } from '../collect/transport/local.ts'
import type { Config } from '../config/config.ts'
import { type Environment, processEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load-config.ts'
import { prepareDirectories } from '../config/prepare-directories.ts'
import { scheduleIntervalMs } from '../config/schedule-interval.ts'
import type { Language } from '../domain/text.ts'
import { systemClock } from '../lib/clock.ts'
import { createLogger, type LogRole } from '../lib/log-file.ts'
import type { Logger } from '../lib/logger.ts'
import * as operations from '../operations/registry.ts'
import type { Inspect } from '../pipeline/context.ts'
import type { Door } from '../services/call.ts'
import type { ProcessStatus } from '../services/context.ts'
import { type DoorContext, openDoor } from '../services/open-door.ts'
import * as services from '../services/registry.ts'
import type { Store } from '../store/repositories.ts'
import { examine } from './doctor.ts'
import { localTools } from './local-tools.ts'
import { openConfiguredStore } from './open-configured-store.ts'
import { redactInput } from './redact-input.ts'
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

/** Longest a look at one server may take in bytes of output (stdout and stderr each). */
const MAX_OUTPUT_BYTES = 16 * 1024 ** 2
/** Usual distance between samples when no schedule says it: metrics then come from elsewhere. */
const DEFAULT_INTERVAL_MS = 60_000

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
  const store = opened instanceof Error ? unavailableStore(opened) : opened
  const context = doorContext({ config, logger, store, storeOrError: opened, options })
  return {
    config,
    env,
    logger,
    store,
    context,
    door: openDoor({ services, operations, context, redactInput }),
    close: async () => {
      if (!(opened instanceof Error)) await opened.close()
    },
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
}

function doorContext({ config, logger, store, storeOrError, options }: ContextParts): DoorContext {
  const list = options.processes ?? (() => [thisProcess(options.role, startedAt)])
  const startedAt = systemClock.now()
  return {
    store,
    inspect: createInspect(config),
    clock: systemClock,
    logger,
    language: options.language ?? config.language,
    timeZone: config.timeZone,
    thresholds: config.thresholds,
    concurrency: config.collection.concurrency,
    metricsIntervalMs: intervalMs(config),
    owner: `${options.role}@${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`,
    processes: { list },
    doctor: async (signal) =>
      await examine(
        {
          nodeVersion: process.version,
          dataDirectory: config.dataDirectory,
          logDirectory: config.log.directory,
          store: storeOrError,
          probeTools: localTools,
        },
        signal,
      ),
  }
}

const intervalMs = ({ schedules }: Config): number =>
  (schedules.metrics === null ? null : scheduleIntervalMs(schedules.metrics)) ?? DEFAULT_INTERVAL_MS

function createInspect(config: Config): Inspect {
  const local = createLocalTransport()
  return async (server, probes, signal) =>
    await inspectServer({
      transport: local,
      server,
      probes,
      clock: systemClock,
      signal,
      deadlineMs: config.collection.deadlineMs,
      maxBytes: MAX_OUTPUT_BYTES,
    })
}

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
