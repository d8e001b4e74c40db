import type { Clock } from '../../../lib/clock.ts'

/** Keeps a refused login from being tried over and over, which servers punish (PerSourcePenalties, fail2ban, locked accounts). */
export interface RefusalBackOff {
  /** Returns what was refused and until when it is not tried again; null when it may be tried now. */
  blocked(key: string): { readonly message: string; readonly until: Date } | null
  refused(key: string, message: string): void
  accepted(key: string): void
  /** What was refused before that instant may be tried once more; refused again, it waits longer than before. */
  allowOnce(key: string, before: Date): void
}

/** Returns the memory of refusals; the wait doubles with each. */
export function createRefusalBackOff(clock: Clock, firstMs: number, maxMs: number): RefusalBackOff {
  const refusals = new Map<string, { count: number; at: Date; until: Date; message: string }>()
  return {
    blocked(key) {
      const found = refusals.get(key)
      return found === undefined || found.until <= clock.now() ? null : found
    },
    refused(key, message) {
      const count = (refusals.get(key)?.count ?? 0) + 1
      const waitMs = Math.min(maxMs, firstMs * 2 ** (count - 1))
      const at = clock.now()
      refusals.set(key, { count, at, until: new Date(at.getTime() + waitMs), message })
    },
    accepted: (key) => {
      refusals.delete(key)
    },
    allowOnce(key, before) {
      const found = refusals.get(key)
      if (found !== undefined && found.at < before) refusals.set(key, { ...found, until: before })
    },
  }
}
