import type { MetricName } from '../../domain/assessment.ts'
import { type Text, text } from '../../domain/text.ts'
import { formatPercent } from '../format-percent.ts'
import type { SystemDocument } from './system-schema.ts'

/** Names of the shares. */
export const METRIC_TITLES: Readonly<Record<MetricName, Text>> = {
  cpu: text('CPU', 'CPU'),
  memory: text('内存', 'memory'),
  disk: text('磁盘', 'disk'),
  network: text('网络', 'network'),
}

/**
 * Returns one or two sentences: how many of how many servers need a look, and which is worst. Servers in maintenance
 * are counted apart.
 */
export function summariseSystem(document: Pick<SystemDocument, 'totals' | 'abnormal'>): Text {
  const { totals } = document
  if (totals.servers === 0)
    return text('清单中没有服务器,无可判断。', 'The inventory holds no server: there is nothing to judge.')
  const abnormal = document.abnormal.filter(({ in_maintenance }) => in_maintenance === null)
  const above = (metric: MetricName): number =>
    abnormal.filter(({ exceedances }) => exceedances.some((exceedance) => exceedance.metric === metric))
      .length
  const { in_maintenance: maintained } = totals
  const apart =
    maintained === 0 ? text('', '') : text(`,${maintained} 台维护中`, `, ${maintained} in maintenance`)
  const counts = text(
    `共 ${totals.servers} 台服务器:${totals.abnormal} 台超过阈值(内存 ${above('memory')},磁盘 ${above('disk')},CPU ${above('cpu')}),${totals.stale} 台没有新数据,${totals.healthy} 台正常${apart.zh}。`,
    `${totals.servers} server(s): ${totals.abnormal} above a threshold (memory ${above('memory')}, disk ${above('disk')}, CPU ${above('cpu')}), ${totals.stale} without fresh data, ${totals.healthy} normal${apart.en}.`,
  )
  const worst = worstExceedance(abnormal)
  if (worst === null) return counts
  const { ip, exceedance } = worst
  const title = METRIC_TITLES[exceedance.metric]
  const value = formatPercent(exceedance.value)
  const limit = formatPercent(exceedance.threshold)
  return text(
    `${counts.zh}最严重:${ip} ${title.zh} ${value}(阈值 ${limit})。`,
    `${counts.en} Worst: ${ip}, ${title.en} ${value} (limit ${limit}).`,
  )
}

function worstExceedance(abnormal: SystemDocument['abnormal']) {
  const all = abnormal.flatMap(({ ip, exceedances }) => exceedances.map((exceedance) => ({ ip, exceedance })))
  const above = (entry: (typeof all)[number]): number => entry.exceedance.value - entry.exceedance.threshold
  return all.reduce<(typeof all)[number] | null>(
    (worst, entry) => (worst === null || above(entry) > above(worst) ? entry : worst),
    null,
  )
}
