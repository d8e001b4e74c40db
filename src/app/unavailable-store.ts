import type { Store } from '../store/repositories.ts'

/**
 * Returns a store every use of which throws the error that kept the real one from opening.
 * For `doctor`, which must say what is wrong with the database rather than die of it.
 */
export function unavailableStore(error: Error): Store {
  const failing: unknown = new Proxy(() => undefined, {
    get: () => failing,
    apply: () => Promise.reject(error),
  })
  const store = failing as Store // every property is callable and rejects
  return store
}
