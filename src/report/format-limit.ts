import type { Language } from '../domain/text.ts'
import { THRESHOLD_SOURCE_TEXTS, type ThresholdSource } from '../domain/thresholds.ts'
import { formatPercent } from './format-percent.ts'

/** Returns a limit with where it comes from when that is not the configuration's own value: `90% (its group)`. */
export function formatLimit(percent: number, source: ThresholdSource, language: Language): string {
  const from = THRESHOLD_SOURCE_TEXTS[source]?.[language]
  if (from === undefined) return formatPercent(percent)
  return language === 'zh' ? `${formatPercent(percent)}(${from})` : `${formatPercent(percent)} (${from})`
}
