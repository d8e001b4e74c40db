import { Cron } from 'croner'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'

/** Lets one of several processes do what a schedule fires; a repository satisfies it. */
export interface FireClaims {
  claim(schedule: string, fireAt: Date): Promise<boolean>
}

export interface ScheduledJob {
  readonly name: string
  /** Cron pattern (5 fields, or 6 with seconds); null turns it off. */
  readonly pattern: string | null
  /**
   * Run even when nobody can say who does it (the claims are out of reach): for a job whose work must not stop with
   * the database. Default: false.
   */
  readonly runWhenUnclaimable?: boolean
  run(signal: AbortSignal): Promise<void>
}

interface ScheduleSettings {
  readonly claims: FireClaims
  readonly clock: Clock
  readonly logger: Logger
  readonly timeZone: string
  readonly signal: AbortSignal
}

/**
 * Runs each job when its pattern fires, until the signal is aborted. One process of several does it (unique
 * (schedule, fire instant)); a job still running is not started again. A job that throws is logged and fires again
 * at its next time. Returns a function that stops firing and resolves when running jobs have ended.
 */
export function startSchedules(
  jobs: readonly ScheduledJob[],
  settings: ScheduleSettings,
): () => Promise<void> {
  const running = new Map<string, Promise<void>>()
  const crons = jobs.flatMap((job) => {
    if (job.pattern === null) return []
    const fire = () => {
      if (settings.signal.aborted || running.has(job.name)) return
      const task = fireOnce(job, settings).finally(() => running.delete(job.name))
      running.set(job.name, task)
    }
    return [new Cron(job.pattern, { timezone: settings.timeZone, unref: true }, fire)]
  })
  return async () => {
    for (const cron of crons) cron.stop()
    await Promise.all(running.values())
  }
}

/** The fire instant in whole seconds: croner fires within the second its pattern names. */
const fireInstant = (now: Date): Date => new Date(Math.floor(now.getTime() / 1000) * 1000)

async function isOurs(job: ScheduledJob, claims: FireClaims, fireAt: Date): Promise<boolean> {
  try {
    return await claims.claim(job.name, fireAt)
  } catch (error) {
    if (job.runWhenUnclaimable === true) return true
    throw error
  }
}

async function fireOnce(
  job: ScheduledJob,
  { claims, clock, logger, signal }: ScheduleSettings,
): Promise<void> {
  try {
    if (!(await isOurs(job, claims, fireInstant(clock.now())))) return
    await job.run(signal)
  } catch (error) {
    if (signal.aborted) return
    logger.error({ schedule: job.name, err: error }, 'a scheduled job failed; it runs again at its next time')
  }
}
