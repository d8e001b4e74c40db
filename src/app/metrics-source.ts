import type { Config } from '../config/config.ts'
import type { Store } from '../store/repositories.ts'

/**
 * Returns whether we write the samples of a group (null: of servers without one): not where another system does
 * (`metrics.source: database`), which is the default in an adopted database, so that no server has two writers.
 */
export function createWritesSamples(
  { metrics }: Config,
  store: Store,
): (group: string | null) => Promise<boolean> {
  let adopted: boolean | null = null
  return async (group) => {
    const configured = (group === null ? null : metrics.groups.get(group)) ?? metrics.source
    if (configured !== null) return configured !== 'database'
    adopted ??= await store.isAdopted()
    return !adopted
  }
}
