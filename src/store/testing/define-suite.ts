import { after, before, describe, test } from 'node:test'
import type { StoreDependencies } from '../open-store.ts'
import type { Store } from '../repositories.ts'
import { TestClock, type TestDatabase, type TestDialect } from './test-databases.ts'

/** What the tests of a suite share: one migrated database, its store and its clock. */
export interface SuiteContext {
  readonly store: Store
  readonly clock: TestClock
  readonly database: TestDatabase
  /** Opens the same database once more, as another process would. */
  openAgain(dependencies?: Partial<StoreDependencies>, timeZone?: string): Promise<Store>
  /** A new, empty database, dropped when the suite ends. */
  createEmpty(): Promise<TestDatabase>
}

/** Declares tests over a migrated database of the dialect, or one skipped test where it cannot be had. */
export function defineSuite(
  dialect: TestDialect,
  subject: string,
  declare: (context: () => SuiteContext) => void,
): void {
  const { create } = dialect
  if (create === null) {
    test(`${subject} on ${dialect.name}`, (t) => t.skip(`${dialect.name}: ${dialect.variable} is not set`))
    return
  }
  describe(`${subject} on ${dialect.name}`, () => {
    const databases: TestDatabase[] = []
    const stores: Store[] = []
    let context: SuiteContext | null = null
    before(async () => {
      const database = await create()
      databases.push(database)
      const clock = new TestClock()
      const store = await database.open({ clock })
      stores.push(store)
      await store.migrate()
      context = {
        store,
        clock,
        database,
        async openAgain(dependencies, timeZone) {
          const again = await database.open({ clock, ...dependencies }, timeZone)
          stores.push(again)
          return again
        },
        async createEmpty() {
          const empty = await create()
          databases.push(empty)
          return empty
        },
      }
    })
    after(async () => {
      for (const store of stores) await store.close()
      for (const database of databases) await database.drop()
    })
    declare(() => {
      if (context === null) throw new Error('the suite has not been set up')
      return context
    })
  })
}
