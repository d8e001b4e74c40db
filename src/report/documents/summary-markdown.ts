import { type Language, type Text, text } from '../../domain/text.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import { fleetChangesMarkdown } from './changes-fleet.ts'
import { markdownOf } from './finding-markdown.ts'
import type { Claim, SummaryDocument, Verdict } from './summary-schema.ts'

/** Names of the verdicts. */
export const VERDICT_TITLES: Readonly<Record<Verdict, Text>> = {
  healthy: text('正常', 'healthy'),
  attention: text('需要关注', 'needs attention'),
  critical: text('严重', 'critical'),
  unknown: text('未知', 'unknown'),
}

/** That no model wrote it. */
export const WRITTEN_BY_RULES: Text = text(
  '本分析由规则生成,未使用大模型;数字均取自巡检数据。',
  'Written by rules, without a model; every number is taken from the inspection.',
)

const ORDINALS = { zh: ['一', '二', '三', '四', '五'], en: ['1', '2', '3', '4', '5'] } as const

/** Returns the report of service 004 for people. */
export function renderSummaryMarkdown(
  document: Omit<SummaryDocument, 'report_markdown'>,
  language: Language,
): string {
  const zh = language === 'zh'
  const section = (title: string, claims: readonly Claim[]): string =>
    `## ${title}\n\n${claimList(claims, language)}`
  const run = document.run_id === null ? '' : ` · ${zh ? '运行' : 'run'} ${escapeMarkdown(document.run_id)}`
  return markdownBlocks([
    `# ${zh ? '硬件巡检综合分析' : 'Hardware inspection summary'}`,
    `${document.generated_at} (${escapeMarkdown(document.time_zone)})${run}`,
    `**${zh ? '总体结论' : 'Verdict'}${zh ? ':' : ': '}${VERDICT_TITLES[document.verdict][language]}** — ${markdownOf(document.summary, language)}`,
    `> ${WRITTEN_BY_RULES[language]}`,
    areaTable(document, language),
    fleetChangesMarkdown(document.changes, language),
    ...document.analysis.map((part, position) => {
      const ordinal = ORDINALS[language][position] ?? String(position + 1)
      return section(`${ordinal}${zh ? '、' : '. '}${part.title[language]}`, part.claims)
    }),
    section(zh ? '采购建议' : 'Purchase advice', document.purchase_advice),
    section(zh ? '优化建议' : 'Optimisation', document.optimisation),
    section(zh ? '风险' : 'Risk', document.risk),
  ])
}

function areaTable({ areas }: Pick<SummaryDocument, 'areas'>, language: Language): string {
  return markdownTable(
    language === 'zh' ? ['检查项', '状态', '说明'] : ['Looked at', 'State', 'Note'],
    areas.map(({ title, state, note }) => [title[language], VERDICT_TITLES[state][language], note[language]]),
  )
}

function claimList(claims: readonly Claim[], language: Language): string {
  return claims
    .map(({ ip, text: statement, evidence }) => {
      const server = ip === null ? '' : `**${escapeMarkdown(ip)}** `
      const source =
        evidence.length === 0
          ? ''
          : ` (${language === 'zh' ? '证据:' : 'evidence: '}${evidence.map(escapeMarkdown).join(', ')})`
      return `- ${server}${markdownOf(statement, language)}${source}`
    })
    .join('\n')
}
