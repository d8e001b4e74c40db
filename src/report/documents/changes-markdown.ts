import { type Language, text } from '../../domain/text.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks } from '../markdown-table.ts'
import type { SinceLastInspection } from './changes-entry.ts'
import { markdownOf } from './finding-markdown.ts'

/** Changes written out for one server; the rest is counted. */
const CHANGES_SHOWN = 20

/** Words of the kinds of looks that lack a section. */
export const UNREAD_WORDS = {
  now: text('本次未读取', 'not read now'),
  before: text('上次未读取', 'not read then'),
} as const

/** Returns what changed since the last inspection as a section with a heading; '' when there is nothing to compare with. */
export function changesMarkdown(since: SinceLastInspection, language: Language): string {
  if (since === null) return ''
  const heading =
    language === 'zh'
      ? `### 自上次巡检(${since.previous_at})以来`
      : `### Since the last inspection (${since.previous_at})`
  return markdownBlocks([heading, changeList(since, language)]).trimEnd()
}

/** Returns the changes as a list, with what could not be compared; '' when there is nothing to compare with. */
export function changeList(since: SinceLastInspection, language: Language): string {
  if (since === null) return ''
  const zh = language === 'zh'
  const lines = since.changes
    .slice(0, CHANGES_SHOWN)
    .map(({ title, evidence }) => `- ${markdownOf(title, language)}${sources(evidence, language)}`)
  const rest = since.changes.length - lines.length
  if (rest > 0) lines.push(zh ? `- 另有 ${rest} 项变化` : `- ${rest} more`)
  if (since.changes.length === 0) lines.push(zh ? '- 没有变化' : '- Nothing changed')
  if (since.not_compared.length > 0) {
    const parts = since.not_compared.map(
      ({ section, unread }) => `${escapeMarkdown(section)} (${UNREAD_WORDS[unread][language]})`,
    )
    lines.push(
      zh
        ? `- 无法比较,是否变化未知:${parts.join('、')}`
        : `- Not compared, so changes are unknown: ${parts.join(', ')}`,
    )
  }
  return lines.join('\n')
}

const sources = (evidence: readonly string[], language: Language): string =>
  evidence.length === 0
    ? ''
    : ` (${language === 'zh' ? '证据:' : 'evidence: '}${evidence.map(escapeMarkdown).join(', ')})`
