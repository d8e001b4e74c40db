import type { FindingEntry } from '../documents/finding-entry.ts'
import { SEVERITY_TITLES } from '../documents/finding-markdown.ts'
import { VERDICT_TITLES } from '../documents/summary-markdown.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { METRIC_TITLES } from '../documents/system-summary.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
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
  return card(
    title,
    `${shown.map((finding) => findingBlock(finding, writer)).join('')}${leftOut(writer, findings.length - shown.length)}`,
  )
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

/** Returns the servers that are not healthy, and the shares that are above their thresholds; '' when one server is all there is. */
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
            { title: say('原因', 'Reason'), kind: 'text' },
          ],
          shown.map((server) => [
            `<strong>${writer.foreign(server.ip)}</strong>${server.name === null || server.name === server.ip ? '' : `<br><span class="where">${writer.foreign(server.name)}</span>`}`,
            `<span class="badge ${server.state}">${VERDICT_TITLES[server.state][writer.language]}</span>${maintenanceBadge(server.in_maintenance, writer)}`,
            writer.text(server.reason),
          ]),
        )
  const left = summary.totals.servers <= 1 ? '' : leftOut(writer, listed.length - shown.length)
  return (
    card(say('需要关注的服务器', 'Servers that need attention'), `${servers}${left}`) +
    card(say('超过阈值', 'Above a threshold'), exceedanceTable(summary, writer))
  )
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
