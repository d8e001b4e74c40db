import { type Text, text } from '../../domain/text.ts'

/** Returns the words joined, at most `most` of them, with how many were left out. */
export function listedText(words: readonly string[], most = 20): Text {
  const shown = words.slice(0, most)
  const left = words.length - shown.length
  if (left === 0) return text(shown.join('、'), shown.join(', '))
  return text(`${shown.join('、')} 等 ${words.length} 台`, `${shown.join(', ')} and ${left} more`)
}
