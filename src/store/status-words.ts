import type { MetricStatus } from '../domain/metrics.ts'
import type { Clock } from '../lib/clock.ts'
import {
  createWordSource,
  LEARNED_ROWS,
  readWord,
  type Vocabulary,
  type WordFamily,
  type WordSource,
} from './word-families.ts'

/** The three words that stand in the status columns of the given table of metrics. */
export type StatusWords = WordFamily<MetricStatus>

const words = (normal: string, warning: string, critical: string): StatusWords => ({
  normal,
  warning,
  critical,
})

/** Words that writers of the given table are known to use (product specification §4). */
const STATUS_VOCABULARY: Vocabulary<MetricStatus> = {
  keys: ['normal', 'warning', 'critical'],
  families: [
    words('normal', 'warning', 'critical'),
    words('正常', '警告', '严重'),
    words('正常', '告警', '严重'),
    words('正常', '预警', '严重'),
    words('Normal', 'Warning', 'Critical'),
    words('NORMAL', 'WARNING', 'CRITICAL'),
    words('ok', 'warning', 'critical'),
    words('OK', 'WARNING', 'CRITICAL'),
  ],
}

/** Returns our status for a word that some writer uses, in whatever case; a word that nobody is known to use stays as it is. */
export const readStatusWord = (word: string | null): string | null => readWord(STATUS_VOCABULARY, word)

/** Returns the word for a status; any other text stays as it is. */
export function writeStatusWord(family: StatusWords, status: string | null): string | null {
  const known = STATUS_VOCABULARY.keys.find((name) => name === status)
  return known === undefined ? status : family[known]
}

/** Returns the words to write with; `db` is the database or the transaction that asks. */
export type StatusWordsSource = WordSource<MetricStatus>

/** Returns a source of fixed words, or with `auto` of those that the newest rows show, looked at every ten minutes. */
export const createStatusWordsSource = (setting: StatusWords | 'auto', clock: Clock): StatusWordsSource =>
  createWordSource({
    vocabulary: STATUS_VOCABULARY,
    setting,
    clock,
    readNewest: async (db) => {
      const rows = await db
        .selectFrom('howso_server_performance_metrics')
        .select(['cpu_status', 'memory_status', 'disk_status', 'network_status'])
        // The newest have the highest ids, and the primary key is there whatever else a database lacks.
        .orderBy('id', 'desc')
        .limit(LEARNED_ROWS)
        .execute()
      return rows.flatMap((row) => [row.cpu_status, row.memory_status, row.disk_status, row.network_status])
    },
  })
