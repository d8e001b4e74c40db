import { formatLocalTime } from '../lib/format-local-time.ts'
import type { SummaryDocument } from './documents/summary-schema.ts'
import { escapeHtml } from './escape-html.ts'
import { changesSection } from './page/changes-section.ts'
import { diskSection } from './page/disk-section.ts'
import { evidenceSection, notReadSection } from './page/evidence-section.ts'
import { exceedancesSection, findingsSection, serversSection } from './page/findings-section.ts'
import { memorySection } from './page/memory-section.ts'
import { environmentSection, outlookSection } from './page/outlook-section.ts'
import { createPageWriter, type PageLimits, type PageWriter } from './page/page-writer.ts'
import { REPORT_PAGE_STYLE } from './page/report-style.ts'
import { verdictSection } from './page/verdict-section.ts'
import type { ReportContext } from './report-context.ts'

export { REPORT_PAGE_STYLE } from './page/report-style.ts'

interface ReportPageInput {
  /** Null when there is no report yet. */
  readonly summary: SummaryDocument | null
  /** The newest run; null when there was none. */
  readonly run: { readonly id: string; readonly state: string } | null
  readonly context: ReportContext
  /** Null: not told. */
  readonly productVersion: string | null
  /** True: a file of its own, without links to a server. Default: false. */
  readonly isStandalone?: boolean
}

/** A page is at most this large (UTF-8), whatever the fleet: it must open at once on a phone. */
const PAGE_BYTES = 60_000

/** From roomy to tight: the first that fits is taken. */
const LIMITS: readonly PageLimits[] = [
  { findings: 40, servers: 12, rows: 40, slots: 48, textCharacters: 400, excerptCharacters: 1600 },
  { findings: 30, servers: 6, rows: 20, slots: 32, textCharacters: 300, excerptCharacters: 600 },
  { findings: 20, servers: 3, rows: 12, slots: 32, textCharacters: 200, excerptCharacters: 300 },
  { findings: 8, servers: 1, rows: 6, slots: 16, textCharacters: 120, excerptCharacters: 120 },
  { findings: 4, servers: 0, rows: 3, slots: 0, textCharacters: 60, excerptCharacters: 0 },
]

/**
 * Returns the latest report as one complete HTML page: no script, no outside resource, one style element
 * ({@link REPORT_PAGE_STYLE}) and no style attribute, so that it works under a Content-Security-Policy that allows
 * nothing but that style's hash. Everything foreign is escaped. Below 60 kB.
 */
export function renderReportPage(input: ReportPageInput): string {
  const encoder = new TextEncoder()
  let page = ''
  for (const limits of LIMITS) {
    page = renderPage(input, limits)
    if (encoder.encode(page).byteLength < PAGE_BYTES) return page
  }
  return page
}

function renderPage(input: ReportPageInput, limits: PageLimits): string {
  const { summary, context } = input
  const writer = createPageWriter(summary, context.language, limits)
  const body = summary === null ? waitingSection(input, writer) : reportSections(summary, input, writer)
  const { say } = writer
  const waiting = summary === null && input.run?.state === 'running'
  return (
    `<!doctype html><html lang="${context.language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">` +
    `${waiting ? '<meta http-equiv="refresh" content="5">' : ''}` +
    `<title>${say('硬件巡检报告', 'Hardware inspection report')} · smart-ops</title><style>${REPORT_PAGE_STYLE}</style></head>` +
    `<body><a class="skip" href="#main">${say('跳到正文', 'Skip to content')}</a><div class="page">${topLine(input, writer)}<main id="main">${body}</main>` +
    `<footer>${footer(input, writer)}</footer></div></body></html>\n`
  )
}

function footer({ productVersion, isStandalone = false }: ReportPageInput, { say }: PageWriter): string {
  const product = productVersion === null ? 'smart-ops' : `smart-ops ${escapeHtml(productVersion)}`
  return isStandalone
    ? product
    : `${product} · ${say('数据', 'Data')} <a href="/api/ai-report">/api/ai-report</a>`
}

function topLine(
  { summary, run, context, isStandalone = false }: ReportPageInput,
  writer: PageWriter,
): string {
  const { say } = writer
  const time = summary === null ? formatLocalTime(context.now, context.timeZone) : summary.generated_at
  const zone = summary === null ? context.timeZone : summary.time_zone
  const runId = summary === null ? (run?.id ?? null) : summary.run_id
  const runText = runId === null ? '' : ` · ${say('运行', 'run')} ${writer.foreign(runId)}`
  const other =
    context.language === 'zh'
      ? { code: 'en', name: 'English', tag: 'en' }
      : { code: 'zh', name: '中文', tag: 'zh-CN' }
  const link = isStandalone
    ? ''
    : `<a href="?lang=${other.code}" lang="${other.tag}" hreflang="${other.tag}">${other.name}</a>`
  return (
    `<header class="top"><span class="brand">${say('智能运维 · 硬件巡检报告', 'smart-ops · Hardware inspection report')}</span>` +
    `<span class="meta">${time} (${escapeHtml(zone)})${runText}</span>${link}</header>`
  )
}

function reportSections(summary: SummaryDocument, { run }: ReportPageInput, writer: PageWriter): string {
  const { say } = writer
  const newer =
    run !== null && run.state === 'running' && run.id !== summary.run_id
      ? `<p class="small muted">${say(`新的巡检(${writer.foreign(run.id)})正在进行,完成后刷新本页可见。`, `A newer inspection (${writer.foreign(run.id)}) is running; reload when it is done.`)}</p>`
      : ''
  return [
    newer,
    verdictSection(summary, writer),
    serversSection(summary, writer),
    findingsSection(summary, writer),
    changesSection(summary, writer),
    exceedancesSection(summary, writer),
    outlookSection(summary, writer),
    memorySection(summary, writer),
    diskSection(summary, writer),
    environmentSection(summary, writer),
    notReadSection(summary, writer),
    evidenceSection(writer),
  ].join('')
}

function waitingSection({ run }: ReportPageInput, writer: PageWriter): string {
  const { say } = writer
  const [title, words] =
    run?.state === 'running'
      ? [
          say('首次巡检正在进行', 'The first inspection is running'),
          say(
            '完成后这里会显示报告;本页每 5 秒自动刷新。',
            'The report appears here when it is done; this page reloads every 5 seconds.',
          ),
        ]
      : run === null
        ? [
            say('还没有巡检报告', 'There is no report yet'),
            say(
              '执行 <code>smart-ops inspect full</code> 开始第一次全面巡检。',
              'Run <code>smart-ops inspect full</code> for the first full inspection.',
            ),
          ]
        : [
            say('上次巡检没有产生报告', 'The last inspection gave no report'),
            say(
              `运行 ${writer.foreign(run.id)} 的状态是 ${writer.foreign(run.state)};用 <code>smart-ops runs show ${writer.foreign(run.id)}</code> 查看原因,或执行 <code>smart-ops inspect full</code> 重新巡检。`,
              `Run ${writer.foreign(run.id)} is ${writer.foreign(run.state)}; see why with <code>smart-ops runs show ${writer.foreign(run.id)}</code>, or inspect again with <code>smart-ops inspect full</code>.`,
            ),
          ]
  return `<section class="card wait"><h1>${title}</h1><p class="muted">${words}</p></section>`
}
