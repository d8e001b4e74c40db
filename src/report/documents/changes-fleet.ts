import type { ServerAssessment } from '../../domain/assessment.ts'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import type { Language } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks } from '../markdown-table.ts'
import type { ReportContext } from '../report-context.ts'
import { type SinceLastInspection, sinceLastInspection } from './changes-entry.ts'
import { changeList } from './changes-markdown.ts'
import type { SummaryDocument } from './summary-schema.ts'

type ServerChanges = SummaryDocument['changes'][number]

/** Servers whose changes are written out in Markdown; the rest is counted. */
const SERVERS_SHOWN = 50

const countOf = (since: SinceLastInspection): number => since?.changes.length ?? 0

/** Returns what changed on each inspected server that was inspected before, those with most changes first. */
export function fleetChanges(
  assessments: readonly ServerAssessment[],
  { timeZone }: Pick<ReportContext, 'timeZone'>,
): ServerChanges[] {
  const localTime = localTimeFormatter(timeZone)
  return assessments
    .flatMap((assessment) => {
      const since = sinceLastInspection(assessment, PROBE_NAMES, localTime)
      if (since === null) return []
      const { ip, bkCloudId, name, group } = assessment.server
      return [{ ip, bk_cloud_id: bkCloudId, name, group, since_last_inspection: since }]
    })
    .toSorted((a, b) => countOf(b.since_last_inspection) - countOf(a.since_last_inspection))
}

/** Returns the section of a summary on what changed; '' when no server was inspected before. */
export function fleetChangesMarkdown(changes: readonly ServerChanges[], language: Language): string {
  if (changes.length === 0) return ''
  const zh = language === 'zh'
  const isQuiet = ({ since_last_inspection: since }: ServerChanges) =>
    since === null || (since.changes.length === 0 && since.not_compared.length === 0)
  const changed = changes.filter((server) => !isQuiet(server))
  const same = changes.length - changed.length
  const rest = changed.length - SERVERS_SHOWN
  return markdownBlocks([
    zh ? '## 自上次巡检以来' : '## Since the last inspection',
    ...changed.slice(0, SERVERS_SHOWN).map(({ ip, since_last_inspection: since }) => {
      const at = since === null ? '' : zh ? `(上次 ${since.previous_at})` : ` (last ${since.previous_at})`
      return `**${escapeMarkdown(ip)}**${at}\n\n${changeList(since, language)}`
    }),
    rest > 0 ? (zh ? `另有 ${rest} 台有变化。` : `${rest} more servers have changed.`) : '',
    same > 0
      ? zh
        ? `${same} 台与上次巡检相同。`
        : `${same} server${same === 1 ? ' is' : 's are'} as at the last inspection.`
      : '',
  ]).trimEnd()
}
