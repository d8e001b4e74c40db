import type { Language } from '../../domain/text.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import { findingsMarkdown, markdownOf } from './finding-markdown.ts'
import { readingsWorthShowing, SENSOR_STATUS_TITLES } from './sensor-entry.ts'
import type { SystemDocument } from './system-schema.ts'
import { METRIC_TITLES } from './system-summary.ts'

type Maintenance = SystemDocument['abnormal'][number]['in_maintenance']

const SENSOR_UNITS = { celsius: '°C', rpm: 'RPM', volt: 'V', watt: 'W', percent: '%' } as const

/** Returns a reading with its unit: `45 °C`. */
export const formatReading = (reading: number, unit: keyof typeof SENSOR_UNITS): string =>
  `${Number(reading.toFixed(2))} ${SENSOR_UNITS[unit]}`

/** Returns the report of service 001 for people. */
export function renderSystemMarkdown(
  document: Omit<SystemDocument, 'report_markdown'>,
  language: Language,
): string {
  const zh = language === 'zh'
  const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`)
  return markdownBlocks([
    `# ${zh ? '系统巡检报告' : 'System inspection'}`,
    `${document.generated_at} (${escapeMarkdown(document.time_zone)})`,
    markdownOf(document.summary, language),
    section(zh ? '超过阈值' : 'Above a threshold', abnormalTable(document, language)),
    section(zh ? '维护中' : 'In maintenance', maintenanceTable(document, language)),
    section(zh ? '没有新数据' : 'Without fresh data', staleTable(document, language)),
    section(zh ? '最近恢复' : 'Recovered lately', recoveredTable(document, language)),
    section(zh ? '环境' : 'Environment', environmentBlock(document, language)),
    section(zh ? '发现' : 'Findings', findingsMarkdown(document.findings, language)),
  ])
}

function abnormalTable(document: Pick<SystemDocument, 'abnormal'>, language: Language): string {
  const zh = language === 'zh'
  const headings = zh
    ? ['服务器', '名称', '指标', '当前', '阈值', '开始', '峰值', '趋势']
    : ['Server', 'Name', 'Metric', 'Now', 'Limit', 'Since', 'Peak', 'Trend']
  const trends = zh
    ? { rising: '上升', falling: '下降', steady: '平稳', unknown: '未知' }
    : { rising: 'rising', falling: 'falling', steady: 'steady', unknown: 'unknown' }
  const rows = document.abnormal.flatMap(({ ip, name, exceedances, in_maintenance }) =>
    exceedances.map((exceedance) => [
      escapeMarkdown(ip),
      `${escapeMarkdown(name ?? '')}${maintenanceMark(in_maintenance, language)}`,
      `${METRIC_TITLES[exceedance.metric][language]}${exceedance.mount === null ? '' : ` ${escapeMarkdown(exceedance.mount)}`}`,
      formatPercent(exceedance.value),
      formatLimit(exceedance.threshold, exceedance.threshold_source, language),
      `${exceedance.since}${exceedance.since_is_lower_bound ? (zh ? '(或更早)' : ' (or earlier)') : ''}`,
      `${formatPercent(exceedance.peak)} (${exceedance.peak_at})`,
      `${trends[exceedance.trend]}${exceedance.percent_per_hour === null ? '' : ` ${Number(exceedance.percent_per_hour.toFixed(2))}%/h`}`,
    ]),
  )
  return markdownTable(headings, rows)
}

function maintenanceMark(maintenance: Maintenance, language: Language): string {
  if (maintenance === null) return ''
  return language === 'zh'
    ? ` (维护中,至 ${maintenance.until})`
    : ` (in maintenance until ${maintenance.until})`
}

function maintenanceTable(document: Pick<SystemDocument, 'in_maintenance'>, language: Language): string {
  const zh = language === 'zh'
  const states = zh
    ? { healthy: '正常', abnormal: '超过阈值', stale: '没有新数据' }
    : { healthy: 'normal', abnormal: 'above a threshold', stale: 'without fresh data' }
  return markdownTable(
    zh ? ['服务器', '名称', '至', '维护窗口', '状态'] : ['Server', 'Name', 'Until', 'Window', 'State'],
    document.in_maintenance.map((entry) => [
      escapeMarkdown(entry.ip),
      escapeMarkdown(entry.name ?? ''),
      entry.until,
      escapeMarkdown(entry.reason[language]),
      states[entry.state],
    ]),
  )
}

function staleTable(document: Pick<SystemDocument, 'stale'>, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh ? ['服务器', '名称', '最后数据', '原因'] : ['Server', 'Name', 'Last sample', 'Reason'],
    document.stale.map((entry) => [
      escapeMarkdown(entry.ip),
      `${escapeMarkdown(entry.name ?? '')}${maintenanceMark(entry.in_maintenance, language)}`,
      entry.last_collected_at ?? (zh ? '从未' : 'never'),
      entry.explanation[language],
    ]),
  )
}

function recoveredTable(document: Pick<SystemDocument, 'recovered'>, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh ? ['服务器', '指标', '当前', '峰值', '最后超限'] : ['Server', 'Metric', 'Now', 'Peak', 'Last above'],
    document.recovered.map((entry) => [
      escapeMarkdown(entry.ip),
      METRIC_TITLES[entry.metric][language],
      entry.now === null ? (zh ? '未知' : 'unknown') : formatPercent(entry.now),
      formatPercent(entry.peak),
      entry.last_exceeded_at,
    ]),
  )
}

/** Beside those that are out of range, all of which are listed. */
const READINGS_SHOWN = 20

function environmentBlock({ environment }: Pick<SystemDocument, 'environment'>, language: Language): string {
  const zh = language === 'zh'
  if (environment.readings.length === 0)
    return zh
      ? '没有读到任何传感器;环境状态未知。'
      : 'No sensor was read; the state of the environment is unknown.'
  const worth = readingsWorthShowing(environment.readings)
  const shown = worth.slice(0, Math.max(READINGS_SHOWN, environment.out_of_range.length))
  const limited = environment.readings.filter(({ status }) => status === 'normal').length
  const sentence = zh
    ? `读到 ${environment.readings.length} 个传感器,${environment.out_of_range.length} 个超出设备自身限值或被 BMC 判为异常,${limited} 个在限值内,其余设备未给出限值或读数不可信。`
    : `${environment.readings.length} sensors were read, ${environment.out_of_range.length} out of the device's own limits or judged so by its BMC, ${limited} within them; for the rest the device states none or the reading is not plausible.`
  const table = markdownTable(
    zh
      ? ['服务器', '传感器', '读数', '状态', '警告限值', '严重限值', '读取时间']
      : ['Server', 'Sensor', 'Reading', 'State', 'Warns above', 'Critical above', 'Read at'],
    shown.map((entry) => [
      escapeMarkdown(entry.ip),
      escapeMarkdown(`${entry.chip} ${entry.label}`),
      formatReading(entry.reading, entry.unit),
      SENSOR_STATUS_TITLES[entry.status][language],
      entry.warn_above === null ? '' : formatReading(entry.warn_above, entry.unit),
      entry.critical_above === null ? '' : formatReading(entry.critical_above, entry.unit),
      entry.at,
    ]),
  )
  const left = worth.length - shown.length
  const rest =
    left === 0 ? '' : zh ? `另有 ${left} 个读数,见数据。` : `${left} more readings stand in the data.`
  return [sentence, table, rest].filter((part) => part !== '').join('\n\n')
}
