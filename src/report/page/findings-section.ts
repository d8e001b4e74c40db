import type { FindingEntry } from '../documents/finding-entry.ts'
import { SEVERITY_TITLES } from '../documents/finding-markdown.ts'
import { VERDICT_TITLES } from '../documents/summary-markdown.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { METRIC_TITLES } from '../documents/system-summary.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { nextStepOf, worstOf } from './next-step.ts'
import { bar, card, htmlTable, leftOut, type PageWriter } from './page-writer.ts'

/** Returns the findings, most severe first, each with cause, next step and links to its evidence. */
export function findingsSection({ findings }: SummaryDocument, writer: PageWriter): string {
  const title = writer.say(`发现(${findings.length})`, `Findings (${findings.length})`)
  if (findings.length === 0)
    return card(
      title,
      `<p class="muted">${writer.say('在读到的数据中没有发现问题。', 'Nothing wrong was found in what was read.')}</p>`,
    )
  const shown = findings.slice(0, writer.limits.findings)
  const blocks = (list: readonly FindingEntry[]): string =>
    list.map((finding) => findingBlock(finding, writer)).join('')
  const pressing = shown.filter(({ severity }) => severity !== 'info')
  const notes = shown.filter(({ severity }) => severity === 'info')
  const folded =
    notes.length === 0 || pressing.length === 0
      ? blocks(notes)
      : `<details><summary>${writer.say(`${notes.length} 项提示`, `${notes.length} worth knowing`)}</summary>${blocks(notes)}</details>`
  return card(title, `${blocks(pressing)}${folded}${leftOut(writer, findings.length - shown.length)}`)
}

function findingBlock(finding: FindingEntry, writer: PageWriter): string {
  const row = (name: string, value: FindingEntry['title'] | null): string =>
    value === null ? '' : `<dt>${name}</dt><dd>${writer.text(value)}</dd>`
  const details = [
    row(writer.say('原因', 'Cause'), finding.cause),
    row(writer.say('下一步', 'Next'), finding.next_step),
  ].join('')
  const component = finding.component === null ? '' : ` · ${writer.foreign(finding.component)}`
  return (
    `<article class="finding"><h3><span class="badge ${finding.severity}">${SEVERITY_TITLES[finding.severity][writer.language]}</span> ${writer.text(finding.title)}${writer.evidence(finding.evidence)}</h3>` +
    `<p class="where">${writer.foreign(finding.ip)}${component} · ${writer.say('始于', 'since')} ${finding.since}</p>` +
    `${details === '' ? '' : `<dl>${details}</dl>`}</article>`
  )
}

/** Returns the servers that are not healthy, each with its worst problem and what to do next; '' when one server is all there is. */
export function serversSection(summary: SummaryDocument, writer: PageWriter): string {
  const { say, limits } = writer
  const listed = summary.servers.filter(({ state }) => state !== 'healthy')
  const shown = listed.slice(0, limits.rows)
  const servers =
    summary.totals.servers <= 1
      ? ''
      : htmlTable(
          say('服务器', 'Servers'),
          [
            { title: say('服务器', 'Server') },
            { title: say('状态', 'State') },
            { title: say('最严重的问题与下一步', 'Worst problem and next step'), kind: 'text' },
          ],
          shown.map((server) => [
            `<strong>${writer.foreign(server.ip)}</strong>${server.name === null || server.name === server.ip ? '' : `<br><span class="where">${writer.foreign(server.name)}</span>`}`,
            `<span class="badge ${server.state}">${VERDICT_TITLES[server.state][writer.language]}</span>${maintenanceBadge(server.in_maintenance, writer)}`,
            `${writer.text(server.reason)}${writer.evidence(worstOf(summary, server)?.evidence ?? [])}${nextStep(summary, server, writer)}${moreLine(server, writer)}`,
          ]),
        )
  const left = summary.totals.servers <= 1 ? '' : leftOut(writer, listed.length - shown.length)
  return card(say('需要关注的服务器', 'Servers that need attention'), `${servers}${left}`)
}

/** Returns the shares that are above their thresholds now. */
export const exceedancesSection = (summary: SummaryDocument, writer: PageWriter): string =>
  card(writer.say('超过阈值', 'Above a threshold'), exceedanceTable(summary, writer))

type ServerState = SummaryDocument['servers'][number]

function moreLine({ findings: counts }: ServerState, { say }: PageWriter): string {
  const more = counts.critical + counts.urgent + counts.warning - 1
  if (more <= 0) return ''
  return `<br><span class="where">${say(`另有 ${more} 项问题`, `${more} more problem${more === 1 ? '' : 's'}`)}</span>`
}

function nextStep(summary: SummaryDocument, server: ServerState, writer: PageWriter): string {
  const words = nextStepOf(summary, server)
  return words === null ? '' : `<br><b>${writer.say('下一步', 'Next')}</b> ${writer.text(words)}`
}

function maintenanceBadge(
  maintenance: SummaryDocument['servers'][number]['in_maintenance'],
  { say }: PageWriter,
): string {
  if (maintenance === null) return ''
  const words = say('维护中,至', 'in maintenance until')
  return `<br><span class="where">${words} ${maintenance.until}</span>`
}

function exceedanceTable({ facts }: SummaryDocument, writer: PageWriter): string {
  const { say } = writer
  const all = facts.system.abnormal.flatMap(({ ip, exceedances, in_maintenance }) =>
    exceedances.map((exceedance) => ({ ip, exceedance, in_maintenance })),
  )
  const shown = all.slice(0, writer.limits.rows)
  const table = htmlTable(
    say('超过阈值', 'Above a threshold'),
    [
      { title: say('服务器', 'Server') },
      { title: say('指标', 'Share') },
      { title: say('当前', 'Now'), kind: 'num' },
      { title: '', kind: 'wide' },
      { title: say('阈值', 'Limit'), kind: 'num' },
      { title: say('峰值', 'Peak'), kind: 'num' },
      { title: say('开始', 'Since'), kind: 'time' },
    ],
    shown.map(({ ip, exceedance, in_maintenance }) => [
      `${writer.foreign(ip)}${maintenanceBadge(in_maintenance, writer)}`,
      `${METRIC_TITLES[exceedance.metric][writer.language]}${exceedance.mount === null ? '' : ` ${writer.foreign(exceedance.mount)}`}`,
      formatPercent(exceedance.value),
      bar(exceedance.value, exceedance.threshold),
      formatLimit(exceedance.threshold, exceedance.threshold_source, writer.language),
      formatPercent(exceedance.peak),
      `${exceedance.since}${exceedance.since_is_lower_bound ? say('(或更早)', ' (or earlier)') : ''}`,
    ]),
  )
  return `${table}${leftOut(writer, all.length - shown.length)}`
}
