import type { Kysely } from 'kysely'
import type { Clock } from '../lib/clock.ts'
import type { Tables } from './tables.ts'

/** The words of one writer, by ours. */
export type WordFamily<K extends string> = Readonly<Record<K, string>>

/** What stands in a column that several writers share, each in words of his own. */
export interface Vocabulary<K extends string> {
  readonly keys: readonly K[]
  /** The first is ours. */
  readonly families: readonly [WordFamily<K>, ...WordFamily<K>[]]
}

/** Rows that the words are learned from. */
export const LEARNED_ROWS = 200
/** What was learned is used for so long. */
const LEARNED_FOR_MS = 600_000

/** Returns our word for one that some writer uses, in whatever case; a word that nobody is known to use stays as it is. */
export function readWord<K extends string>(
  { keys, families }: Vocabulary<K>,
  word: string | null,
): string | null {
  if (word === null) return null
  const plain = word.trim().toLowerCase()
  for (const family of families) for (const key of keys) if (family[key].toLowerCase() === plain) return key
  return word
}

/**
 * Returns the family that most of the words found belong to, ours when none does or none was found. Of families with
 * as many, the earlier one: three rows that say `正常` do not tell 警告 from 告警.
 */
export function learnFamily<K extends string>(
  { keys, families }: Vocabulary<K>,
  found: readonly (string | null)[],
): WordFamily<K> {
  const countOf = (family: WordFamily<K>): number =>
    found.filter((word) => keys.some((key) => family[key] === word?.trim())).length
  let best = families[0]
  for (const family of families) if (countOf(family) > countOf(best)) best = family
  return best
}

/** Returns the words to write with; `db` is the database or the transaction that asks. */
export type WordSource<K extends string> = (db: Kysely<Tables>) => Promise<WordFamily<K>>

interface WordSourceOptions<K extends string> {
  readonly vocabulary: Vocabulary<K>
  /** Fixed words, or `auto`: learned from the newest rows, looked at every ten minutes. */
  readonly setting: WordFamily<K> | 'auto'
  readonly clock: Clock
  /** Returns the words in the newest rows. */
  readonly readNewest: (db: Kysely<Tables>) => Promise<readonly (string | null)[]>
}

/** Returns a source of fixed or of learned words. */
export function createWordSource<K extends string>(options: WordSourceOptions<K>): WordSource<K> {
  const { vocabulary, setting, clock, readNewest } = options
  if (setting !== 'auto') return () => Promise.resolve(setting)
  let learned: { readonly family: WordFamily<K>; readonly untilMs: number } | null = null
  return async (db) => {
    const nowMs = clock.now().getTime()
    if (learned !== null && nowMs < learned.untilMs) return learned.family
    const found = await readNewest(db)
    const family = learnFamily(vocabulary, found)
    // An empty table tells nothing yet.
    if (found.length > 0) learned = { family, untilMs: nowMs + LEARNED_FOR_MS }
    return family
  }
}
