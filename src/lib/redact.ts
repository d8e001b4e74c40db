import type { Span } from './redact-command.ts'
import { commandSpans, endBefore, lineEnd, valueSpan } from './redact-command.ts'
import { isSensitiveKey } from './sensitive-key.ts'

/** What stands where a secret stood. */
const MASK = '***'

/** Longest name that is looked for before a `=` or `:`. */
const NAME_CHARS = 64
const NAME = /[\w.\-\u4e00-\u9fff]/

/** Tokens that are known by their form alone (public documentation of AWS, GitHub, GitLab, Slack, JWT, OpenAI). */
const TOKEN_FORMS: readonly RegExp[] = [
  /(?<![\w-])(?:AKIA|ASIA)[0-9A-Z]{16}(?![\w-])/g,
  /(?<![\w-])gh[pousr]_[A-Za-z0-9]{20,255}/g,
  /(?<![\w-])github_pat_\w{20,255}/g,
  /(?<![\w-])glpat-[\w-]{20,255}/g,
  /(?<![\w-])xox[abeprs]-[\w-]{10,255}/g,
  /(?<![\w-])sk-[\w-]{20,255}/g,
  /(?<![\w-])eyJ[\w-]{10,4096}\.[\w-]{2,4096}\.[\w-]{2,4096}/g,
]

interface NameBefore {
  readonly name: string
  readonly start: number
  readonly blankBefore: boolean
}

/** Returns the name that a separator follows, past blanks and a closing quote, or null. */
function nameBefore(input: string, separator: number): NameBefore | null {
  let end = separator
  while (end > 0 && separator - end < 16 && /[ \t]/.test(input[end - 1] ?? '')) end -= 1
  const blankBefore = end < separator
  if (/["'`]/.test(input[end - 1] ?? '')) end -= input[end - 2] === '\\' ? 2 : 1
  let start = end
  while (start > 0 && end - start < NAME_CHARS && NAME.test(input[start - 1] ?? '')) start -= 1
  return start === end ? null : { name: input.slice(start, end), start, blankBefore }
}

const SCHEME = /(bearer|basic|token|negotiate|apikey|digest|ntlm|aws4-hmac-sha256)[ \t]+/iy

/** Returns the credentials of an `Authorization:` header; the scheme stays readable. */
function authorizationSpan(input: string, at: number): Span | null {
  SCHEME.lastIndex = at
  const scheme = SCHEME.exec(input)
  if (scheme === null) return valueSpan(input, at)
  const start = at + scheme[0].length
  if (/^(?:digest|aws4)/i.test(scheme[0])) return [start, lineEnd(input, start)]
  return valueSpan(input, start)
}

/** Returns the secret that follows a separator, or null when the name before it holds none. */
function namedSpan(input: string, separator: number): Span | null {
  const before = nameBefore(input, separator)
  if (before === null) return null
  const isColon = input[separator] !== '=' && input[separator] !== '='
  const ahead = input[before.start - 1] ?? ''
  const inQuery = !isColon && (ahead === '?' || ahead === '&')
  const isQueryKey = inQuery && /^(?:key|sig|signature|auth|code|pass|pw)$/i.test(before.name)
  const isPassAssigned = !isColon && /^(?:pass|pw)$/i.test(before.name)
  if (!isQueryKey && !isPassAssigned && !isSensitiveKey(before.name)) return null
  // "/etc/passwd: No such file" speaks of a file.
  if (isColon && ahead === '/') return null
  let at = separator + 1
  while (!isColon && /[=>]/.test(input[at] ?? '')) at += 1
  if (isColon || before.blankBefore) at = endBefore(input, at, /[^ \t]/g)
  if (at >= input.length) return null
  if (inQuery) {
    const end = endBefore(input, at, /[&#\s"'<>]/g)
    return end > at ? [at, end] : null
  }
  if (/cookie$/i.test(before.name)) {
    const end = endBefore(input, at, /["'\r\n]/g)
    return end > at ? [at, end] : valueSpan(input, at)
  }
  return /authorization$/i.test(before.name) ? authorizationSpan(input, at) : valueSpan(input, at)
}

function namedSpans(input: string): readonly Span[] {
  const spans: Span[] = []
  let hiddenUntil = 0
  for (const match of input.matchAll(/[=:=:]/g)) {
    if (match.index < hiddenUntil) continue
    const span = namedSpan(input, match.index)
    if (span === null) continue
    spans.push(span)
    hiddenUntil = span[1]
  }
  return spans
}

/** The stretch without blanks and quotes that an address stands in. */
interface Stretch {
  readonly end: number
  /** The last `@` in it, -1 when there is none. */
  readonly lastAt: number
}

function stretchFrom(input: string, from: number): Stretch {
  const end = endBefore(input, from, /[\s"'`<>]/g)
  const at = input.slice(from, end).lastIndexOf('@')
  return { end, lastAt: at === -1 ? -1 : from + at }
}

/** Returns the password in `scheme://user:password@host` (RFC 3986 §3.2.1), even one with a `/` or `@` in it. */
function urlSpan(input: string, authorityAt: number, stretch: Stretch): Span | null {
  if (stretch.lastAt < authorityAt) return null
  const authorityEnd = Math.min(stretch.end, endBefore(input, authorityAt, /[/?#]/g))
  const authority = input.slice(authorityAt, authorityEnd)
  const colon = authority.indexOf(':')
  if (colon === -1) return null
  const start = authorityAt + colon + 1
  // host:port/path@version holds no password.
  const isPort = /^\d{1,5}$/.test(authority.slice(colon + 1))
  const at = isPort ? authorityAt + authority.lastIndexOf('@') : stretch.lastAt
  return at > start ? [start, at] : null
}

function urlSpans(input: string): readonly Span[] {
  const spans: Span[] = []
  let stretch: Stretch = { end: 0, lastAt: -1 }
  let from = 0
  for (let found = input.indexOf('://'); found !== -1; found = input.indexOf('://', from)) {
    if (found + 3 >= stretch.end) stretch = stretchFrom(input, found + 3)
    const span = urlSpan(input, found + 3, stretch)
    if (span !== null) spans.push(span)
    from = Math.max(found + 3, span?.[1] ?? 0)
  }
  return spans
}

function formSpans(input: string): readonly Span[] {
  const tokens = TOKEN_FORMS.flatMap((form) =>
    [...input.matchAll(form)].map((match): Span => [match.index, match.index + match[0].length]),
  )
  const bearers = [...input.matchAll(/(?<![\w-])Bearer[ \t]{1,16}([\w.~+/=-]{8,4096})/gi)].flatMap(
    (match) => {
      const value = match[1] ?? ''
      if (value.length < 20 && !/\d/.test(value)) return []
      const end = match.index + match[0].length
      return [[end - value.length, end] as const]
    },
  )
  return [...tokens, ...bearers, ...privateKeySpans(input)]
}

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g

function privateKeySpans(input: string): readonly Span[] {
  const spans: Span[] = []
  let hiddenUntil = 0
  for (const match of input.matchAll(KEY_BEGIN)) {
    if (match.index < hiddenUntil) continue
    const start = match.index + match[0].length
    const end = input.indexOf('-----END', start)
    hiddenUntil = end === -1 ? input.length : end
    spans.push([start, hiddenUntil])
  }
  return spans
}

function redactOnce(input: string): string {
  const spans = [...namedSpans(input), ...commandSpans(input), ...urlSpans(input), ...formSpans(input)]
  if (spans.length === 0) return input
  spans.sort((a, b) => a[0] - b[0])
  const pieces: string[] = []
  let from = 0
  let hiddenUntil = -1
  for (const [start, end] of spans) {
    if (start > hiddenUntil) pieces.push(input.slice(from, start), MASK)
    hiddenUntil = Math.max(hiddenUntil, end)
    from = hiddenUntil
  }
  return [...pieces, input.slice(from)].join('')
}

/** A mask may uncover the form of another secret beside it; more than two rounds have not been seen. */
const MAX_ROUNDS = 4

/**
 * Returns the text with every secret that can be told by its place or form replaced by `***`: options of known
 * programs (`mysql -pX`, `sshpass -p X`, `--password X`), `password=`, `passwd:`, `token=`, `MYSQL_PWD=`,
 * `Authorization:` and `Cookie:` headers, passwords in addresses, private keys and well-known token forms.
 * Made for command lines, log messages and outputs of servers; takes time linear in the text, whatever it holds;
 * redacting twice changes nothing more. What has no telltale (a bare word) cannot be found.
 */
export function redactText(input: string): string {
  let redacted = input
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = redactOnce(redacted)
    if (next === redacted) break
    redacted = next
  }
  return redacted
}

/** Depth from which on a logged value is left out. */
const MAX_DEPTH = 16

/**
 * Returns a copy of plain JSON data in which the value of every field with a secret's name is `***` and every
 * string has gone through {@link redactText}; nested deeper than 16 levels it is cut.
 */
export function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[…]'
  if (Array.isArray(value)) return value.map((item) => redactFields(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      // A number of tokens is no secret; a list of tokens is.
      const name = typeof field === 'number' ? key : key.replace(/s$/i, '')
      const isHidden =
        isSensitiveKey(name) && field !== null && field !== undefined && typeof field !== 'boolean'
      return [key, isHidden ? MASK : redactFields(field, depth + 1)]
    }),
  )
}
