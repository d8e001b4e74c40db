import { isSensitiveKey } from './sensitive-key.ts'

/** A piece `[start, end)` of a text. */
export type Span = readonly [start: number, end: number]

/** Options of one program that carry a secret. */
interface ToolOptions {
  /** Letters of options with the value attached only: `-pVALUE` (with a blank they mean something else). */
  readonly attached?: string
  /** Letters of options with the value attached or as the next word. */
  readonly both?: string
  /** Letters of options whose value is `user:secret` or `user%secret`. */
  readonly pair?: string
  /** The options count only after this word: `docker login -p`, but not `docker run -p`. */
  readonly after?: string
}

const MYSQL: ToolOptions = { attached: 'p' }
const MONGO: ToolOptions = { both: 'p' }
const LDAP: ToolOptions = { both: 'w' }
const SNMP: ToolOptions = { both: 'cAX' }
const LOGIN: ToolOptions = { both: 'p', after: 'login' }
const SAMBA: ToolOptions = { pair: 'U' }
const ZIP: ToolOptions = { both: 'P' }
const REDIS: ToolOptions = { both: 'a' }

/** Programs whose short options carry secrets; from their manual pages. */
const TOOLS: ReadonlyMap<string, ToolOptions> = new Map([
  ['xtrabackup', MYSQL],
  ['innobackupex', MYSQL],
  ['mariabackup', MYSQL],
  ['7z', MYSQL],
  ['7za', MYSQL],
  ['7zr', MYSQL],
  ['rar', { attached: 'ph' }],
  ['unrar', { attached: 'ph' }],
  ['sshpass', { both: 'p' }],
  ['rdesktop', { both: 'p' }],
  ['ipmitool', { both: 'Pk' }],
  ['ipmipower', { both: 'pk' }],
  ['ipmi-sensors', { both: 'pk' }],
  ['ipmi-sel', { both: 'pk' }],
  ['ipmiconsole', { both: 'pk' }],
  ['bmc-info', { both: 'pk' }],
  ['sqlcmd', { both: 'P' }],
  ['bcp', { both: 'P' }],
  ['isql', { both: 'P' }],
  ['tsql', { both: 'P' }],
  ['zip', ZIP],
  ['unzip', ZIP],
  ['redis-cli', REDIS],
  ['valkey-cli', REDIS],
  ['keydb-cli', REDIS],
  ['curl', { pair: 'uU' }],
  ['smbclient', SAMBA],
  ['rpcclient', SAMBA],
  ['winexe', SAMBA],
  ['openssl', { both: 'k' }],
  ['docker', LOGIN],
  ['podman', LOGIN],
  ['nerdctl', LOGIN],
  ['helm', LOGIN],
  ['oras', LOGIN],
])

function toolOf(word: string): ToolOptions | null {
  const bare = word.replace(/^[^\w/.]{1,8}/, '').replace(/["'`)]{1,4}$/, '')
  const name = bare.slice(bare.lastIndexOf('/') + 1)
  if (name.length > 40) return null
  if (/^(?:mysql|mariadb)[\w.-]*$/.test(name)) return MYSQL
  if (/^mongo[\w.-]*$/.test(name)) return MONGO
  if (/^ldap[\w.-]*$/.test(name)) return LDAP
  if (/^snmp[\w.-]*$/.test(name)) return SNMP
  return TOOLS.get(name) ?? null
}

const QUOTES = ['\\"', "\\'", '"', "'", '`'] as const

/** Returns the quote that opens at a place, or null. */
const quoteAt = (line: string, at: number): string | null =>
  QUOTES.find((quote) => line.startsWith(quote, at)) ?? null

/** Returns the place of the quote that closes the one opened before `from`; -1 when the text never closes it. */
function closingQuote(input: string, quote: string, from: number): number {
  for (let at = input.indexOf(quote, from); at !== -1; at = input.indexOf(quote, at + 1)) {
    if (quote !== '"' || input[at - 1] !== '\\') return at
  }
  return -1
}

/** Returns the end of the line that a place is in. */
export function lineEnd(input: string, from: number): number {
  const end = input.indexOf('\n', from)
  return end === -1 ? input.length : end
}

/** Returns the first place from `from` on that `stop` matches, or the end. `stop` must be global. */
export function endBefore(input: string, from: number, stop: RegExp): number {
  stop.lastIndex = from
  return stop.exec(input)?.index ?? input.length
}

/**
 * Returns the value that starts at a place: what stands between quotes (to the end of the line when they never
 * close), else everything up to a blank. Null when there is none.
 */
export function valueSpan(input: string, at: number): Span | null {
  const quote = quoteAt(input, at)
  if (quote !== null) {
    const start = at + quote.length
    const close = closingQuote(input, quote, start)
    const end = close === -1 ? lineEnd(input, start) : close
    return end > start ? [start, end] : null
  }
  const end = endBefore(input, at, /\s/g)
  return end > at ? [at, end] : null
}

const LONG_OPTION = /^["'`]?-{1,2}([A-Za-z][\w.-]{1,63})$/
const SHORT_OPTION = /^["'`]?-([A-Za-z])/

interface Word {
  readonly text: string
  readonly start: number
}

/** Returns what an option of a known program gives away, or null. */
function toolSpan(input: string, tool: ToolOptions, word: Word, next: Word | undefined): Span | null {
  const match = SHORT_OPTION.exec(word.text)
  const letter = match?.[1]
  if (letter === undefined || match === null) return null
  const attachedAt = word.start + match[0].length
  const attached = word.text.length > match[0].length
  const isPair = tool.pair?.includes(letter) === true
  const takesNext = isPair || tool.both?.includes(letter) === true
  if (!takesNext && !(attached && tool.attached?.includes(letter) === true)) return null
  const value = attached
    ? valueSpan(input, attachedAt)
    : next === undefined
      ? null
      : valueSpan(input, next.start)
  if (value === null || !isPair) return value
  const split = /[:%]/.exec(input.slice(value[0], value[1]))
  return split === null ? null : [value[0] + split.index + 1, value[1]]
}

/** Returns what a long option such as `--password VALUE` or `-storepass VALUE` gives away, or null. */
function longOptionSpan(input: string, word: Word, next: Word | undefined): Span | null {
  const name = LONG_OPTION.exec(word.text)?.[1]
  if (name === undefined || next === undefined || next.text.startsWith('--')) return null
  if (/^(?:user|proxy-user)$/.test(name)) {
    const split = next.text.indexOf(':')
    return split === -1 ? null : [next.start + split + 1, next.start + next.text.length]
  }
  if (name !== 'pw' && name !== 'passin' && name !== 'passout' && !isSensitiveKey(name)) return null
  return valueSpan(input, next.start)
}

const ENDS_COMMAND = /^(?:\|{1,2}|&{1,2}|;)$/

/** Adds the secrets among the words of one line. */
function addLineSpans(input: string, words: readonly Word[], spans: Span[]): void {
  let tool: ToolOptions | null = null
  let armed = true
  let hiddenUntil = 0
  for (const [index, word] of words.entries()) {
    if (word.start < hiddenUntil) continue
    const found = toolOf(word.text)
    if (found !== null) {
      tool = found
      armed = found.after === undefined
    } else if (ENDS_COMMAND.test(word.text)) tool = null
    else if (tool?.after === word.text) armed = true
    const next = words[index + 1]
    const span =
      longOptionSpan(input, word, next) ?? (tool !== null && armed ? toolSpan(input, tool, word, next) : null)
    if (span !== null) {
      spans.push(span)
      hiddenUntil = span[1]
    }
  }
}

/** Returns the secrets among the options of command lines; every line of the text is one. O(n). */
export function commandSpans(input: string): readonly Span[] {
  if (!/(?:^|[\s"'`])-/.test(input)) return []
  const spans: Span[] = []
  let words: Word[] = []
  let previousEnd = 0
  for (const match of input.matchAll(/\S+/g)) {
    if (input.slice(previousEnd, match.index).includes('\n')) {
      addLineSpans(input, words, spans)
      words = []
    }
    words.push({ text: match[0], start: match.index })
    previousEnd = match.index + match[0].length
  }
  addLineSpans(input, words, spans)
  return spans
}
