import type { Kysely } from 'kysely'
import type { MetricStatus } from '../domain/metrics.ts'
import type { Clock } from '../lib/clock.ts'
import type { Tables } from './tables.ts'

/** The three words that stand in the status columns of the given table of metrics. */
export interface StatusWords {
  readonly normal: string
  readonly warning: string
  readonly critical: string
}

const words = (normal: string, warning: string, critical: string): StatusWords => ({
  normal,
  warning,
  critical,
})

/** Words that writers of the given table are known to use (product specification §4); the first are ours. */
const FAMILIES: readonly [StatusWords, ...StatusWords[]] = [
  words('normal', 'warning', 'critical'),
  words('正常', '警告', '严重'),
  words('正常', '告警', '严重'),
  words('正常', '预警', '严重'),
  words('Normal', 'Warning', 'Critical'),
  words('NORMAL', 'WARNING', 'CRITICAL'),
  words('ok', 'warning', 'critical'),
  words('OK', 'WARNING', 'CRITICAL'),
]

const STATUSES = ['normal', 'warning', 'critical'] as const satisfies readonly MetricStatus[]

/** Rows that the words are learned from. */
const LEARNED_ROWS = 200
/** What was learned is used for so long. */
const LEARNED_FOR_MS = 600_000

/** Returns our status for a word that some writer uses, in whatever case; a word that nobody is known to use stays as it is. */
export function readStatusWord(word: string | null): string | null {
  if (word === null) return null
  const plain = word.trim().toLowerCase()
  for (const family of FAMILIES)
    for (const status of STATUSES) if (family[status].toLowerCase() === plain) return status
  return word
}

/** Returns the word for a status; any other text stays as it is. */
export function writeStatusWord(family: StatusWords, status: string | null): string | null {
  const known = STATUSES.find((name) => name === status)
  return known === undefined ? status : family[known]
}

/**
 * Returns the family that most of the words found belong to, ours when none does or none was found. Of families with
 * as many, the earlier one: three rows that say `正常` do not tell 警告 from 告警.
 */
export function learnStatusWords(found: readonly (string | null)[]): StatusWords {
  const countOf = (family: StatusWords): number =>
    found.filter((word) => STATUSES.some((status) => family[status] === word?.trim())).length
  let best: StatusWords = FAMILIES[0]
  for (const family of FAMILIES) if (countOf(family) > countOf(best)) best = family
  return best
}

/** Returns the words to write with; `db` is the database or the transaction that asks. */
export type StatusWordsSource = (db: Kysely<Tables>) => Promise<StatusWords>

/** Returns a source of fixed words, or with `auto` of those that the newest rows show, looked at every ten minutes. */
export function createStatusWordsSource(setting: StatusWords | 'auto', clock: Clock): StatusWordsSource {
  if (setting !== 'auto') return () => Promise.resolve(setting)
  let learned: { readonly family: StatusWords; readonly untilMs: number } | null = null
  return async (db) => {
    const nowMs = clock.now().getTime()
    if (learned !== null && nowMs < learned.untilMs) return learned.family
    const rows = await db
      .selectFrom('howso_server_performance_metrics')
      .select(['cpu_status', 'memory_status', 'disk_status', 'network_status'])
      // The newest have the highest ids, and the primary key is there whatever else a database lacks.
      .orderBy('id', 'desc')
      .limit(LEARNED_ROWS)
      .execute()
    const found = rows.flatMap((row) => [
      row.cpu_status,
      row.memory_status,
      row.disk_status,
      row.network_status,
    ])
    const family = learnStatusWords(found)
    // An empty table tells nothing yet.
    if (rows.length > 0) learned = { family, untilMs: nowMs + LEARNED_FOR_MS }
    return family
  }
}
