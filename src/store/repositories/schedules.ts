import { duplicateKeyOf } from '../dialects/database-errors.ts'
import type { ScheduleRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'

/** Firings of schedules over one database or transaction. */
export const createScheduleRepository = ({ db }: RepositoryContext): ScheduleRepository => ({
  async claim(schedule, fireAt) {
    try {
      await db.insertInto('schedule_fire').values({ schedule, fire_at: fireAt.getTime() }).execute()
      return true
    } catch (error) {
      if (duplicateKeyOf(error) === null) throw error
      return false
    }
  },
})
