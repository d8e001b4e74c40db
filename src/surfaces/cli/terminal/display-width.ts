import { stripVTControlCharacters } from 'node:util'

/** Wide and fullwidth blocks (Unicode 16, EastAsianWidth.txt: W and F), adjoining ones joined. */
const WIDE_RANGES: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
]
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u
const CLOSING = /^[\p{Pe}\p{Pf},.;:!?%，。；：、！？％]/u

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

const graphemesOf = (value: string): string[] =>
  Array.from(segmenter.segment(value), (piece) => piece.segment)

/** Returns how many terminal cells one grapheme takes: 0, 1 or 2. */
function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  const code = grapheme.codePointAt(0) ?? 0
  if (code >= 0x20 && code < 0x7f && grapheme.length === 1) return 1
  if (INVISIBLE.test(grapheme)) return 0
  if (EMOJI.test(grapheme)) return 2
  return WIDE_RANGES.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** Returns how many terminal cells the text takes; colours take none. */
export function displayWidth(value: string): number {
  let width = 0
  for (const grapheme of graphemesOf(stripVTControlCharacters(value))) width += graphemeWidth(grapheme)
  return width
}

/** Returns the text cut to at most `width` cells, ending in `…` when something was cut off. */
export function truncateToWidth(value: string, width: number): string {
  if (displayWidth(value) <= width) return value
  let result = ''
  let used = 0
  for (const grapheme of graphemesOf(value)) {
    used += graphemeWidth(grapheme)
    if (used > width - 1) break
    result += grapheme
  }
  return `${result}…`
}

/** Returns the pieces between which a line may break: words, single wide characters, spaces. Closing marks stay with what they close. */
function chunksOf(line: string): string[] {
  const chunks: string[] = []
  let open = false
  for (const grapheme of graphemesOf(line)) {
    const last = chunks.at(-1)
    const isSpace = grapheme === ' '
    const isWide = graphemeWidth(grapheme) === 2
    const joins =
      last !== undefined && last !== ' ' && !isSpace && (CLOSING.test(grapheme) || (open && !isWide))
    if (joins) chunks[chunks.length - 1] = last + grapheme
    else chunks.push(grapheme)
    open = !isSpace && !isWide
  }
  return chunks
}

/** Returns the pieces of one chunk that is wider than a line. */
function splitChunk(chunk: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const grapheme of graphemesOf(chunk)) {
    if (piece !== '' && displayWidth(piece) + graphemeWidth(grapheme) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += grapheme
  }
  return [...pieces, piece]
}

/** Returns the lines of the text, each at most `width` cells (at least 2); breaks at spaces and between wide characters. */
export function wrapToWidth(value: string, width: number): string[] {
  const room = Math.max(2, width)
  return value.split('\n').flatMap((line) => {
    if (displayWidth(line) <= room) return [line]
    const lines: string[] = []
    let current = ''
    let used = 0
    const pieces = chunksOf(line).flatMap((chunk) =>
      displayWidth(chunk) > room ? splitChunk(chunk, room) : [chunk],
    )
    for (const piece of pieces) {
      const pieceWidth = displayWidth(piece)
      if (used + pieceWidth > room) {
        lines.push(current.trimEnd())
        current = ''
        used = 0
      }
      if (piece === ' ' && used === 0 && lines.length > 0) continue
      current += piece
      used += pieceWidth
    }
    return [...lines, current.trimEnd()]
  })
}
