import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'

/**
 * Ways in which the repetitions of a pattern may be combined at one place of a line, lines being cut at 1,000
 * characters. Source: ours (the slowest pattern allowed then takes some milliseconds on the worst of lines).
 */
const MAX_WAYS = 10_000

const GROUP_START = /^\((?:\?(?:<[A-Za-z]\w{0,40}>|:))?/
const REPETITION = /^\{(\d{1,5})(?:,(\d{1,5}))?\}\??/
const ESCAPE = /^\\(?:[upP]\{[^}]{0,40}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|.)/su
const LITERAL = /^(?:\\([^\w])|([^\\^$.*+?()[\]{}|]))/u

/** A pattern or a part of it: in how many ways it can be tried, and whether it holds a repetition, an option or a choice. */
interface Measure {
  readonly ways: number
  readonly branches: boolean
}

/** Where the reading of a pattern stands. */
interface Cursor {
  readonly pattern: string
  at: number
}

/** What a pattern may not hold. */
class PatternFault extends Error {
  override name = 'PatternFault'
  readonly sentence: Text

  constructor(zh: string, en: string) {
    super(en)
    this.sentence = text(zh, en)
  }
}

const rest = ({ pattern, at }: Cursor): string => pattern.slice(at, at + 64)

/** Returns the end of a class (`[…]`), behind its bracket. */
function classEnd(pattern: string, start: number): number {
  let at = start + 1
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at + 1
}

function readGroup(cursor: Cursor): Measure {
  const start = GROUP_START.exec(rest(cursor))?.[0] ?? '('
  if (start === '(' && cursor.pattern[cursor.at + 1] === '?')
    throw new PatternFault(
      '不允许环视与修饰符(只允许 (…)、(?:…)、(?<名称>…))',
      'no looking around and no flags (only (…), (?:…) and (?<name>…))',
    )
  cursor.at += start.length
  const measure = readAlternatives(cursor)
  cursor.at += 1
  return measure
}

/** Reads one character, class or group. */
function readAtom(cursor: Cursor): Measure {
  const { pattern, at } = cursor
  if (pattern[at] === '(') return readGroup(cursor)
  if (pattern[at] === '[') cursor.at = classEnd(pattern, at)
  else if (pattern[at] === '\\') {
    if (/[1-9k]/.test(pattern[at + 1] ?? ''))
      throw new PatternFault('不允许反向引用', 'no reference back to a group')
    cursor.at += ESCAPE.exec(rest(cursor))?.[0].length ?? 1
  } else cursor.at += 1
  return { ways: 1, branches: false }
}

/** True where what repeats cannot be the character that must follow: then only one length fits, whatever the line. */
function endsItself(atom: string, { pattern, at }: Cursor): boolean {
  let next = at
  while (pattern[next] === ')' && !/[?{*+]/.test(pattern[next + 1] ?? '')) next += 1
  const literal = LITERAL.exec(pattern.slice(next, next + 4))
  if (literal === null || /[?{*+]/.test(pattern[next + literal[0].length] ?? '')) return false
  return !new RegExp(`^${atom}$`, 'u').test(literal[1] ?? literal[2] ?? '')
}

/** Reads what follows an atom: how often it is repeated. */
function readRepetition(cursor: Cursor, atom: string, inner: Measure): Measure {
  const sign = cursor.pattern[cursor.at]
  if (sign === '*' || sign === '+')
    throw new PatternFault(
      `${sign} 没有上限,请写成 {0,80} 这样`,
      `${sign} has no upper limit: write one, such as {0,80}`,
    )
  if (sign === '?') {
    cursor.at += 1
    return { ways: inner.ways + 1, branches: true }
  }
  if (sign !== '{') return inner
  const found = REPETITION.exec(rest(cursor))
  if (found === null)
    throw new PatternFault('重复次数须有上限,如 {1,20}', 'a repetition needs an upper limit, such as {1,20}')
  if (inner.branches)
    throw new PatternFault(
      '不允许重复一个内含重复、可选或多选部分的组',
      'no repetition of a group that holds a repetition, an option or a choice',
    )
  cursor.at += found[0].length
  const [, least = '0', most = least] = found
  const ways = endsItself(atom, cursor) ? 1 : Math.max(1, Number(most) - Number(least) + 1)
  return { ways, branches: true }
}

/** True where at most one of the alternatives fits a line: plain texts, none of which begins another. */
function areDistinct(alternatives: readonly string[]): boolean {
  const arePlain = alternatives.every((one) => /^[^\\^$.*+?()[\]{}|]{1,80}$/.test(one))
  return (
    arePlain &&
    alternatives.every((one) => alternatives.filter((other) => other.startsWith(one)).length === 1)
  )
}

/** Reads one alternative, up to `|`, the end of the group or that of the pattern. */
function readSequence(cursor: Cursor): Measure {
  const { pattern } = cursor
  let whole: Measure = { ways: 1, branches: false }
  while (cursor.at < pattern.length && pattern[cursor.at] !== ')' && pattern[cursor.at] !== '|') {
    const start = cursor.at
    const inner = readAtom(cursor)
    const part = readRepetition(cursor, pattern.slice(start, cursor.at), inner)
    whole = { ways: whole.ways * part.ways, branches: whole.branches || part.branches }
  }
  return whole
}

/** Reads up to the end of the pattern or of the group. */
function readAlternatives(cursor: Cursor): Measure {
  const { pattern } = cursor
  const texts: string[] = []
  let ways = 0
  for (;;) {
    const start = cursor.at
    const sequence = readSequence(cursor)
    texts.push(pattern.slice(start, cursor.at))
    ways += sequence.ways
    if (pattern[cursor.at] === '|') cursor.at += 1
    else if (texts.length === 1) return sequence
    else return { ways: areDistinct(texts) ? 1 : ways, branches: true }
  }
}

/**
 * Returns what is wrong with a pattern on foreign text; null when it is a regular expression (flag `u`) whose time is
 * bounded: every repetition has an upper limit, none is nested, and together they can be tried in at most 10,000 ways.
 */
export function patternProblem(pattern: string): Text | null {
  try {
    new RegExp(pattern, 'u')
    const { ways } = readAlternatives({ pattern, at: 0 })
    if (ways <= MAX_WAYS) return null
    return text(
      `重复的组合有 ${ways} 种,最多 ${MAX_WAYS} 种:请缩小 {m,n} 的范围`,
      `its repetitions can be combined in ${ways} ways, at most ${MAX_WAYS} are allowed: make some {m,n} smaller`,
    )
  } catch (error) {
    if (error instanceof PatternFault) return error.sentence
    if (!(error instanceof SyntaxError)) throw error
    return text(`不是正则表达式:${error.message}`, `no regular expression: ${error.message}`)
  }
}
