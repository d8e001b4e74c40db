import { AppError } from '../domain/errors.ts'
import type { InventoryServer } from '../domain/server.ts'
import type { Store } from '../store/repositories.ts'

/**
 * Returns the store with a list of servers that outlives the database: while that is away, the last list read is
 * given, so that a collection can still start and leave its samples in the spool.
 */
export function rememberServers(store: Store): Store {
  let last: readonly InventoryServer[] | null = null
  const list = async (): Promise<readonly InventoryServer[]> => {
    try {
      last = await store.servers.list()
      return last
    } catch (error) {
      if (last !== null && error instanceof AppError && error.code === 'DATABASE_UNAVAILABLE') return last
      throw error
    }
  }
  return { ...store, servers: { ...store.servers, list } }
}
