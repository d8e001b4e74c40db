import type {
  AbnormalServer,
  Exceedance,
  FleetAssessment,
  ListedServer,
  RecoveredServer,
} from '../../domain/assessment.ts'
import { bySeverity, type Finding } from '../../domain/finding.ts'
import { serverKey } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { type FindingServer, makeFinding } from '../finding/make-finding.ts'
import { durationText } from '../finding/quantity-text.ts'
import { METRIC_TRAITS } from '../metrics/metric-traits.ts'
import { type AheadServer, classifyServers, type FreshServer } from './classify-servers.ts'
import { describeExceedance, exceededMetrics, SAMPLED_METRICS, sharePercent } from './describe-exceedance.ts'
import type { ExceededLately, FleetAssessmentInput, FleetNowInput } from './fleet-input.ts'

/** Returns the servers that exceed a threshold now: those whose history {@link assessFleet} needs. */
export function selectForHistory(
  input: FleetNowInput,
): readonly { readonly bkCloudId: number; readonly ip: string }[] {
  return classifyServers(input)
    .fresh.filter(({ sample }) => exceededMetrics(sample, input.thresholds).length > 0)
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
  const healthy = fresh.filter(({ sample }) => exceededMetrics(sample, input.thresholds).length === 0)
  return {
    at: input.now,
    thresholds: input.thresholds,
    maxAgeMs: input.maxAgeMs,
    totalCount: fresh.length + stale.length,
    healthyCount: healthy.length,
    abnormal,
    recovered: describeRecovered(healthy, input).sort((a, b) => byAddress(a.server, b.server)),
    stale: [...stale].sort((a, b) => byAddress(a.server, b.server)),
    findings: [
      ...ahead.map((one) => aheadFinding(one, input.now)),
      ...empty.map((server) => emptyFinding(server, input.now)),
    ].sort(bySeverity),
  }
}

function describeAbnormal(
  { key, server, sample }: FreshServer,
  input: FleetAssessmentInput,
): readonly AbnormalServer[] {
  const metrics = exceededMetrics(sample, input.thresholds)
  if (metrics.length === 0) return []
  const history = (input.histories.get(key) ?? [])
    .filter((one) => one.collectedAt.getTime() < sample.collectedAt.getTime())
    .sort((a, b) => a.collectedAt.getTime() - b.collectedAt.getTime())
  const exceedances = metrics.flatMap((metric) => {
    const exceedance = describeExceedance({ metric, sample, history, thresholds: input.thresholds })
    return exceedance === null ? [] : [exceedance]
  })
  const { collectedAt, cpuPercent, memoryPercent, diskPercent } = sample
  return [{ server, collectedAt, cpuPercent, memoryPercent, diskPercent, exceedances }]
}

function describeRecovered(
  healthy: readonly FreshServer[],
  { exceededLately, thresholds }: FleetAssessmentInput,
): RecoveredServer[] {
  const byKey = new Map(exceededLately.map((one) => [serverKey(one.bkCloudId, one.ip), one]))
  return healthy.flatMap(({ key, server, sample }) => {
    const lately = byKey.get(key)
    if (lately === undefined) return []
    return SAMPLED_METRICS.flatMap((metric) => {
      const peakPercent = peakOf(lately, metric)
      const nowPercent = sharePercent(sample, metric)
      const wasAbove = peakPercent !== null && peakPercent > METRIC_TRAITS[metric].ofThresholds(thresholds)
      // A share that was not measured now may be as high as before: nothing says that it recovered.
      if (!wasAbove || nowPercent === null) return []
      return [{ server, metric, nowPercent, peakPercent, lastExceededAt: lately.lastExceededAt }]
    })
  })
}

function peakOf(lately: ExceededLately, metric: (typeof SAMPLED_METRICS)[number]): number | null {
  if (metric === 'cpu') return lately.peakCpuPercent
  return metric === 'memory' ? lately.peakMemoryPercent : lately.peakDiskPercent
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
