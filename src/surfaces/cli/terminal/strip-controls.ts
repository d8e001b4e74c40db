const BELL = 0x07
const TAB = 0x09
const LINE_FEED = 0x0a
const ESCAPE = 0x1b
const DELETE = 0x7f
const C1_STRING_TERMINATOR = 0x9c
const C1_CSI = 0x9b
/** DCS, SOS, OSC, PM and APC as second byte after ESC, and as C1 characters (ECMA-48 §8.3). */
const STRING_INTRODUCERS = new Set('PX]^_')
const C1_STRING_INTRODUCERS = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f])

const BIDI_CONTROL = /\p{Bidi_Control}/gu
const ANY_CONTROL = /[\p{Cc}\p{Bidi_Control}]/u

const isControl = (code: number): boolean => code < 0x20 || (code >= DELETE && code <= 0x9f)

/** Returns the end of a CSI sequence whose parameters start at `from`; `from` itself when it is none. */
function endOfControlSequence(value: string, from: number): number {
  let end = from
  while (end < value.length && value.charCodeAt(end) >= 0x20 && value.charCodeAt(end) <= 0x3f) end += 1
  const final = value.charCodeAt(end)
  return final >= 0x40 && final <= 0x7e ? end + 1 : from
}

/**
 * Returns the end of a control string (OSC, DCS, …) that starts at `from`; `from` itself when no terminator comes
 * before the next control character, so that an unterminated one hides nothing of what follows.
 */
function endOfControlString(value: string, from: number): number {
  let end = from
  while (end < value.length && !isControl(value.charCodeAt(end))) end += 1
  const code = value.charCodeAt(end)
  if (code === BELL || code === C1_STRING_TERMINATOR) return end + 1
  return code === ESCAPE && value[end + 1] === '\\' ? end + 2 : from
}

/** Returns where the escape sequence that begins at `start` (ESC or a C1 character) ends; always after `start`. */
function endOfSequence(value: string, start: number): number {
  const code = value.charCodeAt(start)
  if (code === C1_CSI) return endOfControlSequence(value, start + 1)
  if (C1_STRING_INTRODUCERS.has(code)) return endOfControlString(value, start + 1)
  const next = value[start + 1]
  if (code !== ESCAPE || next === undefined) return start + 1
  if (next === '[') return endOfControlSequence(value, start + 2)
  if (STRING_INTRODUCERS.has(next)) return endOfControlString(value, start + 2)
  let end = start + 1
  while (end < value.length && value.charCodeAt(end) >= 0x20 && value.charCodeAt(end) <= 0x2f) end += 1
  const final = value.charCodeAt(end)
  return final >= 0x30 && final <= 0x7e ? end + 1 : start + 1
}

/**
 * Returns the text without escape sequences (ECMA-48), control characters other than line feed and tab, and
 * characters that turn the writing direction, so that what a server prints can neither move the cursor nor dress
 * one word up as another. O(n).
 */
export function stripControls(value: string): string {
  if (!ANY_CONTROL.test(value)) return value
  const kept: string[] = []
  let keepFrom = 0
  let position = 0
  while (position < value.length) {
    const code = value.charCodeAt(position)
    if (!isControl(code) || code === LINE_FEED || code === TAB) {
      position += 1
      continue
    }
    kept.push(value.slice(keepFrom, position))
    position = endOfSequence(value, position)
    keepFrom = position
  }
  kept.push(value.slice(keepFrom))
  return kept.join('').replace(BIDI_CONTROL, '')
}

const UNSAFE_IN_JSON = /[\p{Cc}\p{Bidi_Control}]/gu

/** Returns the value as indented JSON in which every character that a terminal would act upon is escaped. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNSAFE_IN_JSON, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
