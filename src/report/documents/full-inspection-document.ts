import type { Run, RunState, RunStep } from '../../domain/run.ts'
import { type Language, pick, type Text, text } from '../../domain/text.ts'
import { localTimeFormatter } from '../../lib/format-local-time.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import type { ReportContext } from '../report-context.ts'
import { markdownCellOf, markdownOf } from './finding-markdown.ts'
import type { FullInspectionDocument } from './full-inspection-schema.ts'
import { VERDICT_TITLES } from './summary-markdown.ts'
import type { SummaryDocument } from './summary-schema.ts'

export { type FullInspectionDocument, fullInspectionDocumentSchema } from './full-inspection-schema.ts'

interface FullInspectionInput {
  readonly run: Run
  /** Null when the run has not come to its summary. */
  readonly summary: SummaryDocument | null
  readonly servers: readonly {
    readonly ip: string
    readonly state: 'inspected' | 'unreachable' | 'failed' | 'skipped'
    readonly reason: Text | null
  }[]
  readonly context: ReportContext
}

const RUN_STATES: Readonly<Record<RunState, Text>> = {
  running: text('进行中', 'running'),
  succeeded: text('已完成', 'succeeded'),
  failed: text('失败', 'failed'),
  cancelled: text('已取消', 'cancelled'),
}

/** Returns what service 005 says of a run: its steps with their choices, its servers, and the summary it came to. */
export function buildFullInspectionDocument(input: FullInspectionInput): FullInspectionDocument {
  const { run, summary, servers, context } = input
  const localTime = localTimeFormatter(context.timeZone)
  const count = (state: (typeof servers)[number]['state']): number =>
    servers.filter((server) => server.state === state).length
  const facts = {
    generated_at: localTime(context.now),
    time_zone: context.timeZone,
    language: context.language,
    run_id: run.id,
    state: run.state,
    started_at: localTime(run.startedAt),
    finished_at: run.finishedAt === null ? null : localTime(run.finishedAt),
    steps: run.steps.map((step) => stepEntry(step, localTime)),
    servers: servers.map(({ ip, state, reason }) => ({ ip, state, reason })),
    totals: {
      servers: servers.length,
      inspected: count('inspected'),
      unreachable: count('unreachable'),
      failed: count('failed'),
      skipped: count('skipped'),
    },
    verdict: summary?.verdict ?? null,
    error: run.error,
  }
  const document = { ...facts, summary: summarise(facts, summary) }
  return { ...document, report_markdown: renderFullInspectionMarkdown(document, summary, context.language) }
}

function stepEntry(step: RunStep, localTime: (at: Date) => string): FullInspectionDocument['steps'][number] {
  return {
    position: step.position,
    name: step.name,
    state: step.state,
    choice: step.choice?.action ?? null,
    reason: step.choice?.reason ?? null,
    ips: [...(step.choice?.ips ?? [])],
    chosen_by: step.choice?.chosenBy ?? null,
    attempts: step.attempts,
    started_at: localTime(step.startedAt),
    finished_at: step.finishedAt === null ? null : localTime(step.finishedAt),
    error: step.error,
  }
}

function summarise(
  facts: Pick<FullInspectionDocument, 'state' | 'totals' | 'error'>,
  summary: SummaryDocument | null,
): Text {
  const state = RUN_STATES[facts.state]
  const { totals } = facts
  const missed = totals.servers - totals.inspected
  const counts = text(
    `全面巡检${state.zh}:巡检 ${totals.inspected} 台${missed === 0 ? '' : `,未能巡检 ${missed} 台`}。`,
    `Full inspection ${state.en}: ${totals.inspected} server(s) inspected${missed === 0 ? '' : `, ${missed} not`}.`,
  )
  if (summary !== null) return text(`${counts.zh}${summary.summary.zh}`, `${counts.en} ${summary.summary.en}`)
  if (facts.error === null) return counts
  return text(`${counts.zh}${facts.error.message}`, `${counts.en} ${facts.error.message}`)
}

/** Returns the report of service 005 for people: the run, then the summary it came to. */
function renderFullInspectionMarkdown(
  document: Omit<FullInspectionDocument, 'report_markdown'>,
  summary: SummaryDocument | null,
  language: Language,
): string {
  const zh = language === 'zh'
  const verdict = document.verdict === null ? '' : ` · ${VERDICT_TITLES[document.verdict][language]}`
  const steps = markdownTable(
    zh
      ? ['步骤', '状态', '次数', '下一步', '由谁选择', '原因']
      : ['Step', 'State', 'Attempts', 'Next', 'Chosen by', 'Reason'],
    document.steps.map((step) => [
      escapeMarkdown(step.name),
      step.state,
      String(step.attempts),
      escapeMarkdown(step.choice ?? ''),
      step.chosen_by ?? '',
      step.reason === null
        ? escapeMarkdown(step.error?.message ?? '')
        : markdownCellOf(step.reason, language),
    ]),
  )
  const servers = markdownTable(
    zh ? ['服务器', '结果', '原因'] : ['Server', 'Result', 'Reason'],
    document.servers
      .filter(({ state }) => state !== 'inspected')
      .map((server) => [
        escapeMarkdown(server.ip),
        server.state,
        server.reason === null ? '' : markdownCellOf(server.reason, language),
      ]),
  )
  return markdownBlocks([
    `# ${zh ? '全面巡检' : 'Full inspection'} ${escapeMarkdown(document.run_id)}`,
    `${pick(RUN_STATES[document.state], language)}${verdict} · ${document.started_at} → ${document.finished_at ?? '…'} (${escapeMarkdown(document.time_zone)})`,
    markdownOf(document.summary, language),
    steps === '' ? '' : `## ${zh ? '步骤' : 'Steps'}\n\n${steps}`,
    servers === '' ? '' : `## ${zh ? '未能巡检' : 'Not inspected'}\n\n${servers}`,
    summary === null
      ? ''
      : `---\n\n${summary.language === language ? summary.report_markdown.trimEnd() : ''}`,
  ])
}
