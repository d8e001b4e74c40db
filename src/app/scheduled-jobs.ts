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
    { name: 'metrics', pattern: schedules.metrics, run: call('service_010_platform_monitoring', {}) },
    {
      name: 'full_inspection',
      pattern: schedules.fullInspection,
      run: call('service_005_full_inspection', { scope: 'all' }),
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
