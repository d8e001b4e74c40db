import type { SelEvent } from '../../domain/facts/sensors.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { SENSOR_LIMITS } from './sensor-limits.ts'

const DAY_MS = 86_400_000

/** Events that tell of a fault, in ipmitool's words (IPMI 2.0, tables 42-2 and 42-3). The first that fits counts. */
const EVENTS: readonly (readonly [event: RegExp, severity: Severity])[] = [
  [
    /^(?:Uncorrectable ECC|IERR|Thermal Trip|Uncorrectable machine check|Bus (?:Uncorrectable|Fatal) error|Run-time Critical Stop)/i,
    'urgent',
  ],
  [/^(?:Upper|Lower) Non-recoverable going/i, 'urgent'],
  [/^(?:Upper|Lower) Critical going/i, 'warning'],
  [/^Correctable ECC logging limit reached/i, 'warning'],
  [/AC lost|^Failure detected|^Predictive failure|^Redundancy (?:Lost|Degraded)|^Non-Redundant/i, 'warning'],
  [/^(?:Drive Fault|In (?:Failed|Critical) Array)/i, 'warning'],
  [/^(?:Hard reset|Power down|Power cycle|Timer interrupt)$/i, 'warning'],
  [/^(?:Correctable ECC|(?:Upper|Lower) Non-critical going)/i, 'info'],
]

/** Resets and power cycles are faults only where the watchdog did them. */
const severityOf = ({ sensor, event }: SelEvent): Severity | null => {
  const found = EVENTS.find(([form]) => form.test(event))?.[1] ?? null
  return /^(?:Hard reset|Power down|Power cycle|Timer interrupt)$/i.test(event) && !/watchdog/i.test(sensor)
    ? null
    : found
}

interface EventGroup {
  readonly sensor: string
  readonly event: string
  readonly severity: Severity
  readonly times: readonly Date[]
  /** True when the newest entry takes it back. */
  readonly isOver: boolean
}

function groupEvents(events: readonly SelEvent[], from: number, until: number): readonly EventGroup[] {
  const groups = Map.groupBy(events, ({ sensor, event }) => `${sensor}\n${event}`)
  return [...groups.values()].flatMap((group): readonly EventGroup[] => {
    const [first, last] = [group[0], group.at(-1)]
    const severity = first === undefined ? null : severityOf(first)
    if (first === undefined || severity === null) return []
    const times = group
      .filter(({ direction }) => direction !== 'deasserted')
      .flatMap(({ at }) => (at !== null && at.getTime() >= from && at.getTime() <= until ? [at] : []))
    if (times.length === 0) return []
    const isOver = last?.direction === 'deasserted'
    return [{ sensor: first.sensor, event: first.event, severity: isOver ? 'info' : severity, times, isOver }]
  })
}

/** Returns one finding for each fault that the system event log tells of within the last days; entries of unknown time are not judged. */
export function judgeSel(input: AssessmentInput, events: readonly SelEvent[]): readonly Finding[] {
  const until = input.now.getTime() + DAY_MS
  const from = input.now.getTime() - SENSOR_LIMITS.eventWindowDays.limit * DAY_MS
  return groupEvents(events, from, until).map(({ sensor, event, severity, times, isOver }) => {
    const first = new Date(Math.min(...times.map((at) => at.getTime())))
    const days = SENSOR_LIMITS.eventWindowDays.limit
    return makeFinding(
      { ...input, since: first },
      {
        kind: 'sensor',
        component: `${sensor}: ${event}`,
        evidenceIds: ['sensors.ipmi_sel'],
        rule: 'sensor.event_logged',
        severity,
        title: text(
          `BMC 最近 ${days} 天记录 ${times.length} 次:${sensor},${event}${isOver ? '(已恢复)' : ''}`,
          `The BMC logged ${times.length} time${times.length === 1 ? '' : 's'} in ${days} days: ${sensor}, ${event}${isOver ? ' (over by now)' : ''}`,
        ),
        nextStep: isOver
          ? null
          : text(
              '核对该部件当前状态;处理后清空事件日志。',
              'See how this part is now; when mended, clear the event log.',
            ),
      },
    )
  })
}
