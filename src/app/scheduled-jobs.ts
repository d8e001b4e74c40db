import type { Actor } from '../domain/actor.ts'
import type { ScheduledJob } from '../jobs/schedule.ts'
import type { Runtime } from './runtime.ts'

const SCHEDULE: Actor = { kind: 'system', name: 'schedule', surface: 'schedule' }

/** Returns the jobs that the configuration schedules; each goes through the door like any other call. */
export function scheduledJobs(runtime: Runtime): readonly ScheduledJob[] {
  const { schedules, retention } = runtime.config
  const call = (name: string, input: unknown) => async (signal: AbortSignal) => {
    const envelope = await runtime.door.call(SCHEDULE, name, input, { signal })
    if (!envelope.success && !signal.aborted)
      runtime.logger.error(
        { service: name, code: envelope.code, error: envelope.error },
        'a scheduled call failed',
      )
  }
  return [
    {
      name: 'metrics',
      pattern: schedules.metrics,
      runWhenUnclaimable: true,
      run: async (signal) => {
        if (await writesAnySamples(runtime)) await call('service_010_platform_monitoring', {})(signal)
      },
    },
    {
      name: 'full_inspection',
      pattern: schedules.fullInspection,
      run: call('service_005_full_inspection', { scope: 'all' }),
    },
    {
      name: 'clean_cache',
      pattern: '*/10 * * * *',
      runWhenUnclaimable: true,
      run: async () => {
        const removed = await runtime.cache.removeExpired()
        if (removed > 0) runtime.logger.info({ removed }, 'expired results removed from the cache')
      },
    },
    {
      name: 'forget_samples',
      pattern: '37 3 * * *',
      run: async (signal) => await forgetSamples(runtime, signal),
    },
    {
      name: 'forget_progress_events',
      pattern: '17 3 * * *',
      run: async () => {
        const before = new Date(
          runtime.context.clock.now().getTime() - retention.progressEventDays * 86_400_000,
        )
        const deleted = await runtime.store.liveEvents.deleteOlderThan(before)
        runtime.logger.info({ deleted }, 'old progress events deleted')
      },
    },
  ]
}

/** False where another system writes the samples of every group: then we look at no server for them. */
async function writesAnySamples({ config, context, store }: Runtime): Promise<boolean> {
  if (context.writesSamples === undefined) return true
  const groups = new Set((await store.servers.list()).map(({ group }) => group))
  for (const group of [null, ...config.metrics.groups.keys(), ...groups])
    if (await context.writesSamples(group)) return true
  return false
}

/** Samples deleted in one short transaction. */
const SAMPLES_PER_DELETE = 1_000

/** Deletes our own samples past their days; in an adopted database only when an admin turned it on. */
async function forgetSamples(
  { config, context, store, logger }: Runtime,
  signal: AbortSignal,
): Promise<void> {
  const { samplesDays, isEnabledInAdopted } = config.retention
  if ((await store.isAdopted()) && !isEnabledInAdopted) return
  const before = new Date(context.clock.now().getTime() - samplesDays * 86_400_000)
  let deleted = 0
  // Fewer than asked for may go at a time, because runs of rows go whole.
  for (let batch = 1; batch > 0 && !signal.aborted; deleted += batch)
    batch = await store.samples.deleteOwnOlderThan(before, SAMPLES_PER_DELETE)
  logger.info({ deleted, before: before.toISOString() }, 'own samples past their days deleted')
}
