import type {
  AbnormalServer,
  Exceedance,
  FleetAssessment,
  ListedServer,
  MaintainedServer,
  RecoveredServer,
} from '../../domain/assessment.ts'
import { bySeverity, type Finding } from '../../domain/finding.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import { serverKey } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { lowestDiskPercent, type Thresholds, thresholdsFor } from '../../domain/thresholds.ts'
import { type FindingServer, makeFinding } from '../finding/make-finding.ts'
import { durationText } from '../finding/quantity-text.ts'
import { type AheadServer, classifyServers, type FreshServer } from './classify-servers.ts'
import {
  describeExceedance,
  exceededMetrics,
  judgeSampled,
  SAMPLED_METRICS,
  type SampledMetric,
  sharePercent,
} from './describe-exceedance.ts'
import type { ExceededLately, FleetAssessmentInput, FleetNowInput } from './fleet-input.ts'

/** Returns the lowest limit of each share that is in force for any server: who was never above it never exceeded. */
export function lowestLimits({ servers, policy, asked }: FleetNowInput): Thresholds {
  const all = [{ group: null, thresholds: null }, ...servers].map((one) => thresholdsFor(one, policy, asked))
  const lowest = (read: (one: (typeof all)[number]) => number): number =>
    all.reduce((least, one) => Math.min(least, read(one)), 100)
  return {
    cpuPercent: lowest(({ cpuPercent }) => cpuPercent),
    memoryPercent: lowest(({ memoryPercent }) => memoryPercent),
    diskPercent: lowest(lowestDiskPercent),
    networkPercent: lowest(({ networkPercent }) => networkPercent),
  }
}

/** Returns whether any limit of a mount point is in force: then {@link FleetNowInput} needs the filesystems. */
export const hasMountLimits = ({ servers, policy, asked }: FleetNowInput): boolean =>
  servers.some((server) => thresholdsFor(server, policy, asked).mounts.size > 0)

/**
 * Returns the servers whose history {@link assessFleet} needs: those that exceed a threshold now, and those that did
 * lately by limits of their own, of which `exceededLately` does not know when.
 */
export function selectForHistory(
  input: FleetNowInput & Pick<FleetAssessmentInput, 'exceededLately'>,
): readonly { readonly bkCloudId: number; readonly ip: string }[] {
  const lately = latelyByKey(input)
  const lowest = lowestLimits(input)
  return classifyServers(input)
    .fresh.filter((one) => {
      if (exceededMetrics(one).length > 0) return true
      const exceeded = lately.get(one.key)
      if (exceeded === undefined) return false
      return SAMPLED_METRICS.some((metric) => {
        const limit = judgeSampled(one, metric)?.limit.percent
        return limit !== undefined && limit > lowest[`${metric}Percent`] && wasAbove(exceeded, metric, limit)
      })
    })
    .map(({ server }) => ({ bkCloudId: server.bkCloudId, ip: server.ip }))
}

/**
 * Returns the judgement of the fleet by the latest sample of each server. Every enabled server (of the group), and
 * every one known only from its samples, stands in exactly one of abnormal, stale and healthy. Recovered ones are
 * healthy now. Abnormal ones are sorted by how bad they are, the others by address. O(servers + samples).
 */
export function assessFleet(input: FleetAssessmentInput): FleetAssessment {
  const { fresh, stale, ahead, empty } = classifyServers(input)
  const abnormal = fresh.flatMap((one) => describeAbnormal(one, input)).sort(worstFirst)
  const healthy = fresh.filter((one) => exceededMetrics(one).length === 0)
  const inMaintenance = [
    ...healthy.map(({ server, maintenance }) => ({ server, maintenance, state: 'healthy' as const })),
    ...abnormal.map(({ server, maintenance }) => ({ server, maintenance, state: 'abnormal' as const })),
    ...stale.map(({ server, maintenance }) => ({ server, maintenance, state: 'stale' as const })),
  ].flatMap(({ maintenance, ...one }): MaintainedServer[] =>
    maintenance === null ? [] : [{ ...one, maintenance }],
  )
  return {
    at: input.now,
    thresholds: thresholdsOfAll(input),
    maxAgeMs: input.maxAgeMs,
    totalCount: fresh.length + stale.length,
    healthyCount: healthy.filter(({ maintenance }) => maintenance === null).length,
    abnormal,
    recovered: describeRecovered(healthy, input).sort((a, b) => byAddress(a.server, b.server)),
    stale: [...stale].sort((a, b) => byAddress(a.server, b.server)),
    inMaintenance: inMaintenance.sort((a, b) => byAddress(a.server, b.server)),
    findings: [
      ...ahead.map((one) => aheadFinding(one, input.now)),
      ...empty.map((server) => emptyFinding(server, input.now)),
    ].sort(bySeverity),
  }
}

const thresholdsOfAll = ({ policy, asked }: FleetNowInput): Thresholds => ({
  cpuPercent: asked.cpuPercent ?? policy.cpuPercent,
  memoryPercent: asked.memoryPercent ?? policy.memoryPercent,
  diskPercent: asked.diskPercent ?? policy.diskPercent,
  networkPercent: asked.networkPercent ?? policy.networkPercent,
})

function describeAbnormal(fresh: FreshServer, input: FleetAssessmentInput): readonly AbnormalServer[] {
  const { key, server, sample, maintenance } = fresh
  const metrics = exceededMetrics(fresh)
  if (metrics.length === 0) return []
  const history = (input.histories.get(key) ?? [])
    .filter((one) => one.collectedAt.getTime() < sample.collectedAt.getTime())
    .sort((a, b) => a.collectedAt.getTime() - b.collectedAt.getTime())
  const exceedances = metrics.flatMap((metric) => {
    const exceedance = describeExceedance({ metric, fresh, history })
    return exceedance === null ? [] : [exceedance]
  })
  const { collectedAt, cpuPercent, memoryPercent, diskPercent } = sample
  return [{ server, collectedAt, cpuPercent, memoryPercent, diskPercent, exceedances, maintenance }]
}

function describeRecovered(healthy: readonly FreshServer[], input: FleetAssessmentInput): RecoveredServer[] {
  const byKey = latelyByKey(input)
  return healthy.flatMap((fresh) => {
    const lately = byKey.get(fresh.key)
    if (lately === undefined) return []
    return SAMPLED_METRICS.flatMap((metric) => {
      const judged = judgeSampled(fresh, metric)
      // A share that was not measured now may be as high as before: nothing says that it recovered.
      if (judged === null || !wasAbove(lately, metric, judged.limit.percent)) return []
      const history = input.histories.get(fresh.key) ?? []
      const lastExceededAt = lastAbove(history, metric, judged.limit.percent) ?? lately.lastExceededAt
      const { server } = fresh
      const peakPercent = peakOf(lately, metric) ?? judged.percent
      return [{ server, metric, nowPercent: sharePercent(fresh.sample, metric), peakPercent, lastExceededAt }]
    })
  })
}

const latelyByKey = ({
  exceededLately,
}: Pick<FleetAssessmentInput, 'exceededLately'>): ReadonlyMap<string, ExceededLately> =>
  new Map(exceededLately.map((one) => [serverKey(one.bkCloudId, one.ip), one]))

function peakOf(lately: ExceededLately, metric: SampledMetric): number | null {
  if (metric === 'cpu') return lately.peakCpuPercent
  return metric === 'memory' ? lately.peakMemoryPercent : lately.peakDiskPercent
}

const wasAbove = (lately: ExceededLately, metric: SampledMetric, limitPercent: number): boolean =>
  (peakOf(lately, metric) ?? 0) > limitPercent

function lastAbove(
  history: readonly MetricSample[],
  metric: SampledMetric,
  limitPercent: number,
): Date | null {
  let last: Date | null = null
  for (const sample of history) {
    const isAbove = (sharePercent(sample, metric) ?? 0) > limitPercent
    if (isAbove && (last === null || sample.collectedAt > last)) last = sample.collectedAt
  }
  return last
}

const subjectOf = ({ serverId, bkCloudId, ip }: ListedServer): FindingServer => ({
  id: serverId ?? serverKey(bkCloudId, ip),
  bkCloudId,
  ip,
})

function emptyFinding(server: ListedServer, now: Date): Finding {
  return makeFinding(
    { server: subjectOf(server), now },
    {
      rule: 'data.nothing_measured',
      severity: 'warning',
      kind: 'data',
      component: null,
      title: text(
        '最新样本中没有任何指标值,按无新数据处理',
        'The newest sample holds no value at all and counts as no fresh data',
      ),
      nextStep: text('检查该服务器的采集日志。', 'See the log of what collects this server.'),
    },
  )
}

function aheadFinding({ server, collectedAt }: AheadServer, now: Date): Finding {
  const ahead = durationText(collectedAt.getTime() - now.getTime())
  return makeFinding(
    { server: subjectOf(server), now },
    {
      rule: 'data.clock_ahead',
      severity: 'warning',
      kind: 'data',
      component: null,
      title: text(
        `最新样本的时间比现在超前 ${ahead.zh},已忽略`,
        `The newest sample claims a time ${ahead.en} ahead of now and is ignored`,
      ),
      cause: text(
        '写入该样本的系统时钟或时区不正确。',
        'The clock or the time zone of the system that wrote it is wrong.',
      ),
      nextStep: text(
        '检查该服务器与写入方的 NTP 同步和时区,以及 database.time_zone 设置。',
        'Check NTP and the time zone of the server and of the writer, and the setting database.time_zone.',
      ),
    },
  )
}

const excessPercent = ({ percent, thresholdPercent }: Exceedance): number => percent - thresholdPercent

function worstFirst(a: AbnormalServer, b: AbnormalServer): number {
  const criticalCount = ({ exceedances }: AbnormalServer) =>
    exceedances.filter(({ status }) => status === 'critical').length
  const worstExcess = ({ exceedances }: AbnormalServer) => Math.max(...exceedances.map(excessPercent))
  return (
    criticalCount(b) - criticalCount(a) || worstExcess(b) - worstExcess(a) || byAddress(a.server, b.server)
  )
}

const byAddress = (a: ListedServer, b: ListedServer): number =>
  a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.bkCloudId - b.bkCloudId
