import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadMasterKey } from '../config/master-key.ts'
import type { Actor } from '../domain/actor.ts'
import { toAppError } from '../domain/errors.ts'
import type { Language } from '../domain/text.ts'
import { startSchedules } from '../jobs/schedule.ts'
import type { PipelineContext } from '../pipeline/context.ts'
import { resumeFullInspection } from '../pipeline/full-inspection.ts'
import { ShutdownReason } from '../pipeline/run-lease.ts'
import { createHttpApp } from '../surfaces/http/index.ts'
import { type Announce, announceProgress, announceReady, announceVerdict } from './announce.ts'
import { collectFirst, inspectEverything, registerThisMachine } from './first-start.ts'
import { httpPorts } from './http-ports.ts'
import { ensureMcpToken } from './mcp-token.ts'
import { cliEntry } from './paths.ts'
import { openRuntime, type Runtime, thisProcess } from './runtime.ts'
import { scheduledJobs } from './scheduled-jobs.ts'
import { type Supervisor, superviseChildren } from './supervisor.ts'

interface WebOptions {
  /** Start and supervise the other processes too (`up`). */
  readonly withChildren: boolean
  readonly language: Language
  readonly announce: Announce
  /** Aborted by SIGINT or SIGTERM. */
  readonly stop: AbortSignal
}

const STARTUP: Actor = { kind: 'system', name: 'startup', surface: 'startup' }

/**
 * Serves until `stop` is aborted: migrates, listens, and on a first start registers this machine and inspects it.
 * Resolves to the exit code. Throws CONFIG_INVALID, PORT_TAKEN, or what opening the database throws.
 */
export async function runWebRole(options: WebOptions): Promise<number> {
  const startedAt = new Date()
  let supervisor: Supervisor | null = null
  const processes = () => [thisProcess('web', startedAt), ...(supervisor?.list() ?? [])]
  const runtime = await openRuntime({ role: 'web', language: options.language, processes })
  const shutdown = new AbortController()
  const end = () => shutdown.abort(new ShutdownReason())
  options.stop.addEventListener('abort', end, { once: true })
  if (options.stop.aborted) end()
  const cleanups: (() => Promise<void>)[] = [async () => await runtime.close()]
  try {
    await runtime.store.migrate()
    await loadMasterKey({
      env: runtime.env,
      dataDirectory: runtime.config.dataDirectory,
      settings: runtime.store.settings,
    })
    await runtime.cache.clear()
    const tokenPlace = ensureMcpToken(runtime.config)
    const http = await createHttpApp(httpPorts(runtime, options.language))
    const { url } = await http.listen(runtime.config.web)
    runtime.logger.info({ url }, 'the web server listens')
    cleanups.push(async () => await http.close())
    if (options.withChildren) {
      supervisor = superviseChildren([mcpChild(runtime)], {
        clock: runtime.context.clock,
        logger: runtime.logger,
      })
      const started = supervisor
      cleanups.push(async () => await started.stop())
    }
    const work = doWork(runtime, { ...options, signal: shutdown.signal, url, tokenPlace })
    cleanups.push(async () => await work)
    await Promise.race([work, untilAborted(shutdown.signal)])
    await untilAborted(shutdown.signal)
    return 0
  } finally {
    end()
    options.stop.removeEventListener('abort', end)
    for (const cleanup of cleanups.reverse()) await cleanup()
  }
}

/** Waits, or until the signal is aborted; never throws. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

const untilAborted = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function mcpChild(runtime: Runtime) {
  return {
    name: 'mcp',
    command: process.execPath,
    args: [cliEntry, 'mcp', '--supervised'],
    env: { ...runtime.env },
  }
}

interface Work extends WebOptions {
  readonly signal: AbortSignal
  readonly url: string
  readonly tokenPlace: string
}

/** What the web process does beside serving. A failure of it is told and logged; the pages stay up. */
async function doWork(runtime: Runtime, work: Work): Promise<void> {
  const stopSchedules = startSchedules(scheduledJobs(runtime), {
    claims: runtime.store.schedules,
    clock: runtime.context.clock,
    logger: runtime.logger,
    timeZone: runtime.config.timeZone,
    signal: work.signal,
  })
  const replaying = replaySpool(runtime, work.signal)
  try {
    await firstLook(runtime, work)
    await resumeOrphans(runtime, work)
    await untilAborted(work.signal)
  } catch (error) {
    if (!work.signal.aborted) {
      const known = toAppError(error)
      runtime.logger.error({ err: known }, 'the work at start failed')
      work.announce.problem(known)
      await untilAborted(work.signal)
    }
  } finally {
    await stopSchedules()
    await replaying
  }
}

/** Registers and inspects this machine on a first start; else reads metrics and shows the last verdict. */
async function firstLook(runtime: Runtime, work: Work): Promise<void> {
  const context = {
    ...runtime.context,
    signal: work.signal,
    progress: announceProgress(work.announce),
  }
  const registered = await registerThisMachine(context)
  if (registered !== null) work.announce.registered(registered)
  const known = await runtime.store.reports.latest('hardware_summary')
  if (known !== null) {
    await announceVerdict(runtime, work)
    await announceReady(runtime, work)
  }
  await collectFirst(context)
  if (known !== null) return
  const [newest] = await runtime.store.runs.list(1)
  if (newest?.state === 'running') await resumeWhenFree(context, newest.id)
  else {
    const run = await inspectEverything(context, STARTUP)
    if (run.error !== null) work.announce.problem(toAppError(new Error(run.error.message)))
  }
  await announceVerdict(runtime, work)
  await announceReady(runtime, work)
}

/** Goes on with a run as soon as the process that held it is known to be gone, or waits until it has ended. */
async function resumeWhenFree(context: PipelineContext, runId: string): Promise<void> {
  for (;;) {
    try {
      await resumeFullInspection(context, runId)
      return
    } catch (error) {
      const { code } = toAppError(error)
      if (code === 'RUN_FINISHED') return
      if (code !== 'RUN_ACTIVE') throw error
      await sleep(LEASE_POLL_MS, undefined, { signal: context.signal })
    }
  }
}

const LEASE_POLL_MS = 500

/** How often what waits on the disk is offered to the database. */
const REPLAY_EVERY_MS = 10_000

/** Stores what was spooled while the database was away, as soon as it is back. Resolves when the signal is aborted. */
async function replaySpool({ recorder, logger }: Runtime, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await recorder.replay()
    } catch (error) {
      const known = toAppError(error)
      if (known.code !== 'DATABASE_UNAVAILABLE')
        logger.error({ err: known }, 'the spool could not be replayed')
    }
    await pause(REPLAY_EVERY_MS, signal)
  }
}

/** How often runs whose process died are looked for. */
const ORPHAN_POLL_MS = 5_000

/** Goes on with runs whose process died, here and, while this process lives, anywhere. */
async function resumeOrphans(runtime: Runtime, work: Work): Promise<void> {
  while (!work.signal.aborted) {
    try {
      await resumeOrphansOnce(runtime, work.signal)
    } catch (error) {
      const known = toAppError(error)
      if (!work.signal.aborted)
        runtime.logger.warn({ err: known }, 'interrupted runs could not be looked for')
    }
    await pause(ORPHAN_POLL_MS, work.signal)
  }
}

async function resumeOrphansOnce({ store, context, logger }: Runtime, signal: AbortSignal): Promise<void> {
  for (const run of await store.runs.listOrphans(context.clock.now())) {
    logger.info({ runId: run.id }, 'going on with a run whose process ended')
    try {
      await resumeFullInspection({ ...context, signal, progress: () => undefined }, run.id)
    } catch (error) {
      if (signal.aborted) return
      logger.warn({ runId: run.id, err: toAppError(error) }, 'a run could not be resumed')
    }
  }
}
