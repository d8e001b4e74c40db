import { readingsWorthShowing, SENSOR_STATUS_TITLES } from '../documents/sensor-entry.ts'
import { WRITTEN_BY_RULES } from '../documents/summary-markdown.ts'
import type { Claim, SummaryDocument } from '../documents/summary-schema.ts'
import { formatReading } from '../documents/system-markdown.ts'
import { card, htmlTable, leftOut, type PageWriter } from './page-writer.ts'

/** The findings above tell the rest. */
const RISKS_SHOWN = 8

/** Returns upgrade, purchase, optimisation and risk as short lists. */
export function outlookSection(summary: SummaryDocument, writer: PageWriter): string {
  const { say } = writer
  const upgrade = summary.analysis.find(({ part }) => part === 'upgrade_advice')?.claims ?? []
  const column = (title: string, claims: readonly Claim[]): string =>
    `<div><h3>${title}</h3>${claimList(claims, writer)}</div>`
  return card(
    say('建议', 'Advice'),
    `<h3>${say('内存升级', 'Memory upgrade')}</h3>${claimList(upgrade, writer)}<div class="cols">` +
      `${column(say('采购与更换', 'Purchase and replacement'), summary.purchase_advice)}${column(say('优化', 'Optimisation'), summary.optimisation)}</div>` +
      `<h3>${say('风险', 'Risk')}</h3>${claimList(summary.risk, writer, RISKS_SHOWN)}` +
      `<p class="muted small">${WRITTEN_BY_RULES[writer.language]}</p>`,
  )
}

function claimList(claims: readonly Claim[], writer: PageWriter, most: number = writer.limits.rows): string {
  const shown = claims.slice(0, Math.min(most, writer.limits.rows))
  const items = shown.map(
    ({ ip, text, evidence }) =>
      `<li>${ip === null ? '' : `<strong>${writer.foreign(ip)}</strong> `}${writer.text(text)}${writer.evidence(evidence)}</li>`,
  )
  return `<ul class="plain">${items.join('')}</ul>${leftOut(writer, claims.length - shown.length)}`
}

/** Returns the sensors: those above a limit of their device first. */
export function environmentSection({ facts }: SummaryDocument, writer: PageWriter): string {
  const { say } = writer
  const { readings, out_of_range: outOfRange } = facts.environment
  if (readings.length === 0) return ''
  const badges = {
    critical: 'critical',
    warning: 'warning',
    normal: 'healthy',
    no_limit: 'info',
    implausible: 'unknown',
  } as const
  const sorted = readingsWorthShowing(readings)
  const shown = sorted.slice(0, writer.limits.rows)
  const table = htmlTable(
    say('传感器', 'Sensors'),
    [
      { title: say('服务器', 'Server') },
      { title: say('传感器', 'Sensor') },
      { title: say('读数', 'Reading'), kind: 'num' },
      { title: say('限值', 'Limit'), kind: 'num' },
      { title: say('状态', 'State') },
    ],
    shown.map((entry) => [
      writer.foreign(entry.ip),
      `${writer.foreign(`${entry.chip} ${entry.label}`)}${writer.evidence([entry.evidence])}`,
      formatReading(entry.reading, entry.unit),
      [entry.warn_above, entry.critical_above]
        .flatMap((limit) => (limit === null ? [] : [formatReading(limit, entry.unit)]))
        .join(' / '),
      `<span class="badge ${badges[entry.status]}">${SENSOR_STATUS_TITLES[entry.status][writer.language]}</span>`,
    ]),
  )
  const sentence = say(
    `读到 ${readings.length} 个传感器,${outOfRange.length} 个超过设备限值。`,
    `${readings.length} sensors read, ${outOfRange.length} above the limit of the device.`,
  )
  return card(
    say('温度与环境', 'Temperature and environment'),
    `<p>${sentence}</p>${table}${leftOut(writer, sorted.length - shown.length)}`,
  )
}
