import type { Clock } from '../lib/clock.ts'
import {
  createWordSource,
  LEARNED_ROWS,
  readWord,
  type Vocabulary,
  type WordFamily,
  type WordSource,
} from './word-families.ts'

/** What the given table of analyses holds: a report of a day or of a week. */
export type ReportType = 'daily' | 'weekly'

/** The two words that stand in the column report_type of the given table of analyses. */
export type ReportTypeWords = WordFamily<ReportType>

const words = (daily: string, weekly: string): ReportTypeWords => ({ daily, weekly })

/** Words that writers of the given table may use; the first are ours. */
const REPORT_TYPE_VOCABULARY: Vocabulary<ReportType> = {
  keys: ['daily', 'weekly'],
  families: [
    words('daily', 'weekly'),
    words('日报', '周报'),
    words('Daily', 'Weekly'),
    words('DAILY', 'WEEKLY'),
    words('day', 'week'),
    words('每日', '每周'),
    words('日', '周'),
  ],
}

/** Returns our type for a word that some writer uses, in whatever case; a word that nobody is known to use stays as it is. */
export const readReportTypeWord = (word: string): string => readWord(REPORT_TYPE_VOCABULARY, word) ?? word

/** Returns a source of fixed words, or with `auto` of those that the newest rows show, looked at every ten minutes. */
export const createReportTypeWordsSource = (
  setting: ReportTypeWords | 'auto',
  clock: Clock,
): WordSource<ReportType> =>
  createWordSource({
    vocabulary: REPORT_TYPE_VOCABULARY,
    setting,
    clock,
    readNewest: async (db) => {
      const rows = await db
        .selectFrom('operation_analysis_summary')
        .select('report_type')
        // The newest have the highest ids, and the primary key is there whatever else a database lacks.
        .orderBy('id', 'desc')
        .limit(LEARNED_ROWS)
        .execute()
      return rows.map((row) => row.report_type)
    },
  })
