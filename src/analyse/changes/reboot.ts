import type { EarlierLook } from '../../domain/changes.ts'
import type { UptimeFacts } from '../../domain/facts/system.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { durationText } from '../finding/quantity-text.ts'

/**
 * Boot times of one boot that are computed at two looks lie closer together than this: the clock is read in whole
 * seconds, and may have been set in between. Source: ours.
 */
const SAME_BOOT_MS = 120_000

/** What the uptime says of a boot since the last look. */
export interface Reboot {
  /** How long the server has been up now. */
  readonly uptimeMs: number
}

const uptimeOf = ({ facts }: ServerInspection): UptimeFacts | null =>
  facts.system === undefined ? null : outcomeValue(facts.system.uptime)

/**
 * Returns the boot that happened between the two looks; null when there was none, or it cannot be told. The boot id
 * decides; where a kernel has none, the uptime against the time between the looks.
 */
export function rebootBetween(earlier: EarlierLook, inspection: ServerInspection): Reboot | null {
  const [was, is] = [uptimeOf(earlier.inspection), uptimeOf(inspection)]
  const beforeAt = earlier.readAt.system
  if (was === null || is === null || beforeAt === undefined) return null
  const uptimeMs = is.uptimeSeconds * 1000
  if (was.bootId !== null && is.bootId !== null) return was.bootId === is.bootId ? null : { uptimeMs }
  // From the end of that look to the beginning of this: what is certain to have passed.
  const betweenMs = inspection.startedAt.getTime() - beforeAt.getTime()
  return uptimeMs + SAME_BOOT_MS < was.uptimeSeconds * 1000 + betweenMs ? { uptimeMs } : null
}

/**
 * Returns how long the counters since boot have been counting since the last look, ms; null when the server was booted
 * in between, or that cannot be told: then a difference of counters means nothing.
 */
export function sameBootSpanMs(
  earlier: EarlierLook | null | undefined,
  inspection: ServerInspection,
  probe: 'memory' | 'disk',
): number | null {
  if (earlier == null || uptimeOf(inspection) === null || uptimeOf(earlier.inspection) === null) return null
  const beforeAt = earlier.readAt[probe]
  if (beforeAt === undefined || rebootBetween(earlier, inspection) !== null) return null
  const spanMs = inspection.finishedAt.getTime() - beforeAt.getTime()
  return spanMs > 0 ? spanMs : null
}

/** Returns the sentence on a boot. */
export function rebootText({ uptimeMs }: Reboot): Text {
  const uptime = durationText(uptimeMs)
  return text(
    `自上次巡检以来重启过,已运行 ${uptime.zh}`,
    `Rebooted since the last inspection; up ${uptime.en}`,
  )
}
