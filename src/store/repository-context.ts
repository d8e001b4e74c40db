import type { Kysely } from 'kysely'
import type { LocalTimeZone } from '../lib/local-time.ts'
import type { StatusWordsSource } from './status-words.ts'
import type { DialectName } from './store-settings.ts'
import type { Tables } from './tables.ts'

/** What a repository is made of: the database or one transaction of it. */
export interface RepositoryContext {
  readonly db: Kysely<Tables>
  readonly dialect: DialectName
  /** Zone of the datetime columns of the given tables. */
  readonly zone: LocalTimeZone
  /** Words for the status columns of the given tables. */
  readonly statusWords: StatusWordsSource
  /** Returns a new snowflake id. */
  readonly nextId: () => Promise<string>
  /** Runs the work in this transaction where there is one, else in a short one of its own. */
  readonly atomically: <T>(work: (context: RepositoryContext) => Promise<T>) => Promise<T>
}
