import { METRIC_NAMES, type MetricName } from '../../domain/assessment.ts'
import { bySeverity, type Finding } from '../../domain/finding.ts'
import type {
  ExceededSince,
  FilesystemShare,
  MetricBaseline,
  MetricSample,
  MetricValues,
} from '../../domain/metrics.ts'
import type { Server } from '../../domain/server.ts'
import { type Text, text } from '../../domain/text.ts'
import type { ServerThresholds } from '../../domain/thresholds.ts'
import { limitText } from '../finding/limit-text.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { durationText, numberText, percentText } from '../finding/quantity-text.ts'
import type { TrendPoint } from '../trends/theil-sen.ts'
import { type HysteresisState, judgeHysteresis } from './judge-hysteresis.ts'
import { type JudgedShare, judgedShare } from './judged-share.ts'
import { METRIC_LIMITS } from './metric-limits.ts'
import { METRIC_TRAITS } from './metric-traits.ts'
import { judgeAgainstOwnPast, type UnusualShare } from './own-baseline.ts'

interface MetricsAssessmentInput {
  readonly server: Server
  readonly values: MetricValues
  readonly thresholds: ServerThresholds
  /** As read now, fullest first; empty when only the fullest share is known. */
  readonly filesystems: readonly FilesystemShare[]
  /** What is usual for this server; null when that is not known, and then nothing is called unusual. */
  readonly baseline: MetricBaseline | null
  /** Samples of this server over the last hour, oldest first; the one of `values` may be among them. */
  readonly recent: readonly MetricSample[]
  /** What counted as exceeded at the last assessment, so that stretches older than an hour keep their beginning. */
  readonly exceededSince: ExceededSince
  readonly now: Date
}

/**
 * Returns what is wrong with a server's metrics, most severe first: shares above their threshold (or not yet 5 points
 * below it again) and shares that are unusual for this server. Each share gives at most one finding.
 */
export function assessMetrics(input: MetricsAssessmentInput): readonly Finding[] {
  return METRIC_NAMES.flatMap((metric) => assessMetric(input, metric)).sort(bySeverity)
}

function assessMetric(input: MetricsAssessmentInput, metric: MetricName): readonly Finding[] {
  const traits = METRIC_TRAITS[metric]
  const percent = traits.ofValues(input.values)
  if (percent === null) return []
  const { thresholds, filesystems } = input
  const judged = judgedShare({ metric, percent, thresholds, filesystems })
  const share = metric === 'network' ? null : (input.baseline?.[metric] ?? null)
  const unusual = judgeAgainstOwnPast(share, percent)
  const state = judgeState(input, metric, judged)
  if (state.exceeded) return [highFinding(input, metric, { judged, state, unusual })]
  return unusual === null ? [] : [unusualFinding(input, metric, { percent, unusual })]
}

function judgeState(input: MetricsAssessmentInput, metric: MetricName, judged: JudgedShare): HysteresisState {
  const past = pastPoints(input, metric)
  const since = input.exceededSince[metric] ?? null
  const { percent, limit } = judged
  const { collectedAt } = input.values
  if (judged.hasHistory) return judgeHysteresis([...past, { at: collectedAt, percent }], limit.percent, since)
  // Samples hold the fullest filesystem, not this one: of its past the last judgement alone is known, while it is recent.
  const knownSince = past.length > 0 ? since : null
  if (percent > limit.percent) return { exceeded: true, sinceAt: knownSince ?? collectedAt, held: false }
  const isClear = percent <= limit.percent - METRIC_LIMITS.clearBelowThresholdPercent.limit
  return knownSince === null || isClear
    ? { exceeded: false }
    : { exceeded: true, sinceAt: knownSince, held: true }
}

/** Returns since when each share counts as exceeded, from the findings of {@link assessMetrics}. */
export function exceededSinceOf(findings: readonly Finding[]): ExceededSince {
  const entries = METRIC_NAMES.flatMap((metric) => {
    const high = findings.find(({ rule }) => rule === highRule(metric))
    return high?.since == null ? [] : [[metric, high.since] as const]
  })
  return Object.fromEntries(entries)
}

const highRule = (metric: MetricName): string => `metrics.${metric}_high`

function pastPoints(input: MetricsAssessmentInput, metric: MetricName): readonly TrendPoint[] {
  const { ofSample } = METRIC_TRAITS[metric]
  if (ofSample === null) return []
  return input.recent.flatMap((sample) => {
    const percent = ofSample(sample)
    const isPast = sample.collectedAt.getTime() < input.values.collectedAt.getTime()
    return percent === null || !isPast ? [] : [{ at: sample.collectedAt, percent }]
  })
}

interface HighShare {
  readonly judged: JudgedShare
  readonly state: HysteresisState & { readonly exceeded: true }
  readonly unusual: UnusualShare | null
}

function highFinding(input: MetricsAssessmentInput, metric: MetricName, high: HighShare): Finding {
  const traits = METRIC_TRAITS[metric]
  const { percent, limit: inForce, mount } = high.judged
  const thresholdPercent = inForce.percent
  const isCritical = !high.state.held && percent >= traits.criticalFrom(thresholdPercent)
  const found = percentText(percent)
  const share =
    mount === null ? traits.title : text(`文件系统 ${mount} 使用率`, `Usage of filesystem ${mount}`)
  const limit = limitText(inForce)
  const clear = percentText(thresholdPercent - METRIC_LIMITS.clearBelowThresholdPercent.limit)
  const title = high.state.held
    ? text(
        `${share.zh} ${found},曾超过阈值 ${limit.zh},尚未回落到 ${clear}`,
        `${share.en} ${found}: was above ${limit.en} and has not come down to ${clear}`,
      )
    : text(
        `${share.zh} ${found},高于阈值 ${limit.zh}`,
        `${share.en} ${found}, above the threshold of ${limit.en}`,
      )
  return makeFinding(
    { server: input.server, now: input.now, since: high.state.sinceAt },
    {
      rule: highRule(metric),
      severity: isCritical ? traits.severities.critical : traits.severities.high,
      kind: traits.kind,
      component: null,
      title,
      cause: high.unusual === null ? null : usualText(high.unusual),
      nextStep: traits.nextStep,
    },
  )
}

function unusualFinding(
  input: MetricsAssessmentInput,
  metric: MetricName,
  { percent, unusual }: { readonly percent: number; readonly unusual: UnusualShare },
): Finding {
  const traits = METRIC_TRAITS[metric]
  const [zh, en] = unusual.robustZ > 0 ? ['偏高', 'high'] : ['偏低', 'low']
  return makeFinding(input, {
    rule: `metrics.${metric}_unusual`,
    severity: 'info',
    kind: traits.kind,
    component: null,
    title: text(
      `${traits.title.zh} ${percentText(percent)},与该服务器平时相比异常${zh}`,
      `${traits.title.en} ${percentText(percent)} is unusually ${en} for this server`,
    ),
    cause: usualText(unusual),
    nextStep: text(
      '确认近期是否有变更或业务波动。',
      'See whether something was changed or the load is different.',
    ),
  })
}

function usualText(unusual: UnusualShare): Text {
  const span = durationText(unusual.spanMs)
  const middle = percentText(unusual.medianPercent)
  const score = numberText(unusual.robustZ, 1)
  return text(
    `近 ${span.zh} 的 ${unusual.sampleCount} 个样本中位数为 ${middle}(稳健 z 值 ${score})`,
    `The median of ${unusual.sampleCount} samples over the last ${span.en} is ${middle} (robust z ${score})`,
  )
}
