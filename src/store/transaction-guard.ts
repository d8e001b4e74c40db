import { AsyncLocalStorage } from 'node:async_hooks'
import type { KyselyPlugin } from 'kysely'

/** Notices when the store itself is used where only a transaction's repositories may be. */
export interface TransactionGuard {
  /** Runs the work of a transaction. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Throws when called from inside such work. */
  assertOutside(): void
  /** Makes every query of a Kysely instance assert the same. */
  readonly plugin: KyselyPlugin
}

/**
 * Returns a guard. SQLite has one connection, so that a query beside the open transaction would wait for it for ever;
 * MySQL would run it unprotected. Both are defects of the caller and throw at once.
 */
export function createTransactionGuard(): TransactionGuard {
  const inside = new AsyncLocalStorage<{ isOpen: boolean }>()
  const assertOutside = (): void => {
    // Work that a transaction started and that outlives it is outside again.
    if (inside.getStore()?.isOpen === true)
      throw new Error(
        'the store was used inside a transaction; use the repositories that the transaction hands in',
      )
  }
  return {
    assertOutside,
    async run(work) {
      const scope = { isOpen: true }
      try {
        return await inside.run(scope, work)
      } finally {
        scope.isOpen = false
      }
    },
    plugin: {
      transformQuery({ node }) {
        assertOutside()
        return node
      },
      transformResult: async ({ result }) => result,
    },
  }
}
