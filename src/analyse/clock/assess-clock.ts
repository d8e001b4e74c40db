import type { BootFacts } from '../../domain/facts/system.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { rebootBetween, rebootText } from '../changes/reboot.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { durationText } from '../finding/quantity-text.ts'
import type { SourcedLimit } from '../finding/sourced-limit.ts'
import { assessTimeSync } from './time-sync-rules.ts'

/** Limits of the rules on clocks. */
const CLOCK_LIMITS = {
  readingMs: { limit: 1000, source: 'ours: the server prints its clock in whole seconds' },
  offsetMs: { limit: 30_000, source: 'ours: logs of several servers can no longer be put in order' },
  offsetUrgentMs: { limit: 300_000, source: 'RFC 4120: Kerberos refuses a clock more than 5 minutes off' },
  wholeHalfHoursMs: {
    limit: 90_000,
    source: 'ours: a zone is off by whole half hours, give or take a drift',
  },
  zoneMs: { limit: 14 * 3_600_000, source: 'IANA: no zone is further from UTC than 14 hours' },
} as const satisfies Record<string, SourcedLimit>

const HALF_HOUR_MS = 1_800_000

/**
 * Returns findings on the server's clock, on what keeps it right, and on a boot since the last look. How far it is from
 * its own source is left out where it is told how far it is from ours.
 */
export function assessClock(input: AssessmentInput): readonly Finding[] {
  const offset = clockOffset(input)
  const sync = assessTimeSync(input).filter(
    ({ rule }) => offset.length === 0 || rule !== 'server.clock_sync_offset',
  )
  return [...offset, ...sync, ...rebooted(input)]
}

/**
 * Returns how far the server's clock is ahead of ours, ms; negative behind, 0 where the look itself explains it. The
 * clock was read at some instant between the beginning and the end of the look.
 */
export function clockOffsetMs({ inspection }: Pick<AssessmentInput, 'inspection'>): number | null {
  const { system } = inspection.facts
  const uptime = system === undefined ? null : outcomeValue(system.uptime)
  if (uptime === null) return null
  const serverMs = uptime.serverClockAt.getTime()
  const earliestMs = inspection.startedAt.getTime() - CLOCK_LIMITS.readingMs.limit
  const latestMs = inspection.finishedAt.getTime()
  if (serverMs > latestMs) return serverMs - latestMs
  return serverMs < earliestMs ? serverMs - earliestMs : 0
}

function clockOffset(input: AssessmentInput): readonly Finding[] {
  const offsetMs = clockOffsetMs(input)
  if (offsetMs === null) return []
  const distanceMs = Math.abs(offsetMs)
  if (distanceMs <= CLOCK_LIMITS.offsetMs.limit) return []
  const span = durationText(distanceMs)
  const direction = offsetMs > 0 ? text('快', 'ahead of') : text('慢', 'behind')
  const finding = makeFinding(input, {
    rule: 'server.clock_offset',
    severity: distanceMs > CLOCK_LIMITS.offsetUrgentMs.limit ? 'urgent' : 'warning',
    kind: 'server',
    component: 'clock',
    title: text(
      `服务器时钟比巡检机${direction.zh} ${span.zh}`,
      `The server’s clock is ${span.en} ${direction.en} ours`,
    ),
    cause: offsetCause(distanceMs),
    nextStep: text(
      '用 `timedatectl` 或 `chronyc tracking` 查看同步状态并修复时间同步。',
      'See `timedatectl` or `chronyc tracking`, and mend the time synchronisation.',
    ),
    evidenceIds: ['system.uptime'],
  })
  return [finding]
}

/** Off by whole half hours, the clock is set to local time and taken for UTC, or the other way round. */
function offsetCause(distanceMs: number): Text {
  const halfHours = Math.round(distanceMs / HALF_HOUR_MS)
  const isZone =
    halfHours > 0 &&
    distanceMs <= CLOCK_LIMITS.zoneMs.limit &&
    Math.abs(distanceMs - halfHours * HALF_HOUR_MS) <= CLOCK_LIMITS.wholeHalfHoursMs.limit
  return isZone
    ? text(
        '偏差接近整半小时:多半是硬件时钟的 UTC/本地时间设置错误。',
        'It is off by whole half hours: the hardware clock is most likely taken for local time instead of UTC, or the reverse.',
      )
    : text(
        '时间同步没有运行或无法访问时间源;日志、证书与登录都依赖时间。',
        'Time synchronisation does not run or cannot reach its source; logs, certificates and logins rest on it.',
      )
}

function rebooted(input: AssessmentInput): readonly Finding[] {
  const found = input.earlier == null ? null : rebootBetween(input.earlier, input.inspection)
  if (found === null) return []
  const bootedAt = new Date(input.inspection.finishedAt.getTime() - found.uptimeMs)
  const finding = makeFinding(
    { ...input, since: bootedAt },
    {
      rule: 'server.rebooted',
      severity: 'info',
      kind: 'server',
      component: 'boot',
      title: rebootText(found),
      cause: REBOOT_CAUSES[previousEndOf(input)],
      nextStep: text(
        '若非计划内重启,用 `last -x reboot shutdown` 与 `journalctl -b -1 -e` 查看原因。',
        'Unless it was planned, look for the reason with `last -x reboot shutdown` and `journalctl -b -1 -e`.',
      ),
      evidenceIds: ['system.uptime', 'system.boots'],
    },
  )
  return [finding]
}

const REBOOT_CAUSES: Readonly<Record<BootFacts['previousEnded'], Text>> = {
  shutdown: text('此前是正常关机或重启。', 'It was shut down or restarted in order before.'),
  crash: text('此前没有正常关机。', 'It was not shut down before.'),
  unknown: text('重启原因未知。', 'Why is not known.'),
}

function previousEndOf({ inspection }: AssessmentInput): BootFacts['previousEnded'] {
  const boots = inspection.facts.system?.boots
  return (boots === undefined ? null : outcomeValue(boots))?.previousEnded ?? 'unknown'
}
