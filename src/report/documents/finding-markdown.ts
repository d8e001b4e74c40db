import type { Severity } from '../../domain/finding.ts'
import { type Language, pick, type Text, text } from '../../domain/text.ts'
import { escapeMarkdown } from '../markdown.ts'
import { visibleText } from '../visible-text.ts'
import type { FindingEntry } from './finding-entry.ts'
import type { UnreadSection } from './unread-section.ts'

/** Names of the severities. */
export const SEVERITY_TITLES: Readonly<Record<Severity, Text>> = {
  info: text('提示', 'info'),
  warning: text('警告', 'warning'),
  urgent: text('紧急', 'urgent'),
  critical: text('严重', 'critical'),
}

/** Returns a text of ours that may quote foreign words, as Markdown for a paragraph or list: what stands in backticks is code. */
export function markdownOf(value: Text, language: Language): string {
  const pieces = pick(value, language).split(/`([^`]{1,300})`/)
  return pieces
    .map((piece, position) => (position % 2 === 1 ? `\`${visibleText(piece)}\`` : escapeMarkdown(piece)))
    .join('')
}

/** Returns the same for a table cell or heading, where code could break the row: backticks stay signs. */
export const markdownCellOf = (value: Text, language: Language): string =>
  escapeMarkdown(pick(value, language))

/** Returns findings as a Markdown list, '' without any. */
export function findingsMarkdown(findings: readonly FindingEntry[], language: Language): string {
  const colon = language === 'zh' ? ':' : ': '
  return findings
    .map((finding) => {
      const lines = [
        `- **[${SEVERITY_TITLES[finding.severity][language]}] ${escapeMarkdown(finding.ip)}** ${markdownOf(finding.title, language)}`,
      ]
      if (finding.cause !== null)
        lines.push(
          `  - ${language === 'zh' ? '原因' : 'Cause'}${colon}${markdownOf(finding.cause, language)}`,
        )
      if (finding.next_step !== null)
        lines.push(
          `  - ${language === 'zh' ? '下一步' : 'Next'}${colon}${markdownOf(finding.next_step, language)}`,
        )
      if (finding.evidence.length > 0)
        lines.push(
          `  - ${language === 'zh' ? '证据' : 'Evidence'}${colon}${finding.evidence.map(escapeMarkdown).join(', ')}`,
        )
      return lines.join('\n')
    })
    .join('\n')
}

/** True for what the machine simply does not have: nothing went wrong, and nothing would make it readable. */
export const isLacking = ({ status, remedy }: UnreadSection): boolean =>
  status === 'no_data' && remedy === null

/** Returns sections that gave nothing as a Markdown list, '' without any; what the machine does not have is one line. */
export function unreadMarkdown(sections: readonly UnreadSection[], language: Language): string {
  const zh = language === 'zh'
  const colon = zh ? ':' : ': '
  const lines = sections
    .filter((section) => !isLacking(section))
    .map((section) => {
      const remedy =
        section.remedy === null
          ? ''
          : `${zh ? ';办法:' : '; remedy: '}${markdownOf(section.remedy, language)}`
      return `- ${escapeMarkdown(section.section)}${colon}${markdownOf(section.reason, language)}${remedy}`
    })
  const lacking = sections.filter(isLacking).map(({ section }) => escapeMarkdown(section))
  if (lacking.length > 0)
    lines.push(
      `- ${zh ? '该机器上没有这些数据' : 'This machine has no such data'}${colon}${lacking.join(zh ? '、' : ', ')}`,
    )
  return lines.join('\n')
}
