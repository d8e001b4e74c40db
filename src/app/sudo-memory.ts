import { AppError } from '../domain/errors.ts'
import { SUDO_SILENCE_MS, type SudoRefusal } from '../domain/sudo-refusal.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { SudoRefusalRepository } from '../store/repositories.ts'

/** What sudo refused on servers, kept so that it is not asked again too soon. */
interface SudoMemory {
  /** Returns what is not to be asked for now. */
  inForce(serverId: string): Promise<readonly SudoRefusal[]>
  /** Adds what was refused just now. */
  refused(serverId: string, commands: readonly string[]): Promise<void>
  /** sudo was asked for everything by a person: only these were refused. */
  askedAnew(serverId: string, refused: readonly string[]): Promise<void>
}

interface SudoMemoryParts {
  readonly repository: SudoRefusalRepository
  readonly clock: Clock
  readonly logger: Logger
}

/** Returns the memory over the store; while the database is away this process remembers by itself. */
export function createSudoMemory({ repository, clock, logger }: SudoMemoryParts): SudoMemory {
  const known = new Map<string, readonly SudoRefusal[]>()
  const unlessAway = async <T>(work: Promise<T>, instead: T): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DATABASE_UNAVAILABLE') throw error
      logger.debug({ error }, 'the database is away: what sudo refused is remembered by this process alone')
      return instead
    }
  }
  const inForce = async (serverId: string): Promise<readonly SudoRefusal[]> => {
    const found = await unlessAway(repository.find(serverId), known.get(serverId) ?? [])
    const oldestMs = clock.now().getTime() - SUDO_SILENCE_MS
    const current = found.filter(({ refusedAt }) => refusedAt.getTime() > oldestMs)
    known.set(serverId, current)
    return current
  }
  const remember = async (serverId: string, refusals: readonly SudoRefusal[]): Promise<void> => {
    known.set(serverId, refusals)
    await unlessAway(repository.replace(serverId, refusals), undefined)
  }
  const now = (commands: readonly string[]): readonly SudoRefusal[] => {
    const refusedAt = clock.now()
    return [...new Set(commands)].map((command) => ({ command, refusedAt }))
  }
  return {
    inForce,
    async refused(serverId, commands) {
      const others = (await inForce(serverId)).filter(({ command }) => !commands.includes(command))
      await remember(serverId, [...others, ...now(commands)])
    },
    async askedAnew(serverId, refused) {
      if (refused.length > 0 || (await inForce(serverId)).length > 0) await remember(serverId, now(refused))
    },
  }
}
