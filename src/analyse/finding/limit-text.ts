import { type Text, text } from '../../domain/text.ts'
import { type Limit, THRESHOLD_SOURCE_TEXTS } from '../../domain/thresholds.ts'
import { percentText } from './quantity-text.ts'

/** Returns a limit with where it comes from when that is not the configuration's own value: `90% (its group)`. */
export function limitText({ percent, source }: Limit): Text {
  const from = THRESHOLD_SOURCE_TEXTS[source]
  const share = percentText(percent)
  return from === null ? text(share, share) : text(`${share}(${from.zh})`, `${share} (${from.en})`)
}
