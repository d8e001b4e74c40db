import { type Text, text } from '../../domain/text.ts'

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Returns the number with at most `digits` decimals and no trailing zeros. */
export const numberText = (quantity: number, digits = 2): string => String(Number(quantity.toFixed(digits)))

/** Returns a share with its sign, such as `72.5%`. */
export const percentText = (percent: number): string => `${numberText(percent)}%`

/** Returns a size in binary units, such as `1.5 GiB`; whole bytes below 1 KiB. */
export function bytesText(sizeBytes: number): string {
  let scaled = sizeBytes
  let unit = 0
  while (Math.abs(scaled) >= 1024 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1024
    unit += 1
  }
  return `${numberText(scaled, unit === 0 ? 0 : 1)} ${BYTE_UNITS[unit]}`
}

/** Returns a span in the largest unit that fits, such as `3.5 小时` and `3.5 h`. */
export function durationText(durationMs: number): Text {
  const minutes = durationMs / 60_000
  if (minutes < 1)
    return text(`${numberText(durationMs / 1000, 0)} 秒`, `${numberText(durationMs / 1000, 0)} s`)
  if (minutes < 60) return text(`${numberText(minutes, 0)} 分钟`, `${numberText(minutes, 0)} min`)
  if (minutes < 48 * 60)
    return text(`${numberText(minutes / 60, 1)} 小时`, `${numberText(minutes / 60, 1)} h`)
  return text(`${numberText(minutes / 1440, 1)} 天`, `${numberText(minutes / 1440, 1)} days`)
}

/** Returns the items joined for reading, cut after `most` with how many were left out. */
export function listText(items: readonly string[], most = 6): Text {
  const shown = items.slice(0, most)
  const rest = items.length - shown.length
  if (rest === 0) return text(shown.join('、'), shown.join(', '))
  return text(`${shown.join('、')} 等 ${items.length} 项`, `${shown.join(', ')} and ${rest} more`)
}
