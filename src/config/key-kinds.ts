import { Cron } from 'croner'
import { z } from 'zod'
import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'

/** How the text of an environment variable becomes a value, and what the generated documents call the type. */
type KeyKind =
  | 'integer'
  | 'number'
  | 'boolean'
  | 'text'
  | 'choice'
  | 'list'
  | 'path'
  | 'schedule'
  | 'secret'
  | 'map'

/** What people are told about one key: in errors, in docs/config.md and in the example file. */
export interface KeyDoc {
  readonly kind: KeyKind
  readonly description: Text
  readonly allowed: Text
  /** Says what an absent key means when the schema holds no default; null when the default is a plain value. */
  readonly defaultText: Text | null
  /** What the example file shows, commented out, for a key without a plain default. */
  readonly example: string | null
  /** The variable that overrides the key; null: `SMART_OPS_<SECTION>_<KEY>`. */
  readonly variable: string | null
}

/** Documents of keys and sections; filled when the schema is built, never afterwards. */
export const keyDocs: z.core.$ZodRegistry<KeyDoc> = z.registry<KeyDoc>()

/** What a key's author writes; the rest follows from its kind. */
export interface KeyText {
  readonly zh: string
  readonly en: string
  readonly variable?: string
  readonly example?: string
  readonly defaultText?: Text
}

const document = (kind: KeyKind, about: KeyText, allowed: Text): KeyDoc => ({
  kind,
  description: text(about.zh, about.en),
  allowed,
  defaultText: about.defaultText ?? null,
  example: about.example ?? null,
  variable: about.variable ?? null,
})

/** Returns the schema of a whole number from `min` to `max`. */
export function integerKey(range: { min: number; max: number; default: number }, about: KeyText) {
  const allowed = text(`${range.min} 到 ${range.max} 的整数`, `an integer from ${range.min} to ${range.max}`)
  return z
    .int()
    .min(range.min)
    .max(range.max)
    .default(range.default)
    .register(keyDocs, document('integer', about, allowed))
}

/** Returns the schema of a TCP port. */
export const portKey = (port: number, about: KeyText) =>
  integerKey({ min: 1, max: 65_535, default: port }, about)

const PERCENT_ALLOWED = text('大于 0 且不大于 100 的数(百分比)', 'a number above 0 and at most 100 (percent)')

/** Returns the schema of a limit in percent. */
export function percentKey(percent: number, about: KeyText) {
  return z
    .number()
    .gt(0)
    .max(100)
    .default(percent)
    .register(keyDocs, document('number', about, PERCENT_ALLOWED))
}

/** Returns the schema of a limit in percent that may be absent. */
export function optionalPercent(about: KeyText) {
  return z
    .number()
    .gt(0)
    .max(100)
    .optional()
    .register(keyDocs, document('number', about, PERCENT_ALLOWED))
}

/** Returns the schema of a limit in percent that must be given. */
export function requiredPercent(about: KeyText) {
  return z
    .number()
    .gt(0)
    .max(100)
    .register(keyDocs, document('number', about, PERCENT_ALLOWED))
}

/** Returns the schema of a yes or no. */
export function booleanKey(value: boolean, about: KeyText) {
  const allowed = text('true 或 false', 'true or false')
  return z
    .boolean()
    .default(value)
    .register(keyDocs, document('boolean', about, allowed))
}

/** Returns the schema of one word out of a list; the first is the default. */
export function choiceKey<const C extends readonly [string, ...string[]]>(choices: C, about: KeyText) {
  const allowed = text(choices.join('、'), choices.join(', '))
  return z
    .enum(choices)
    .default(() => choices[0])
    .register(keyDocs, document('choice', about, allowed))
}

const holdsControl = (value: string): boolean =>
  [...value].some((character) => character < ' ' || character === '\u007f')

/** A piece of text that is not empty, holds no control characters and has no blanks around it. */
const plainText = z
  .string()
  .min(1)
  .max(1024)
  .refine((value) => value.trim() === value && !holdsControl(value))

/** Returns the schema of a short text that may be absent. */
export const optionalText = (
  about: KeyText,
  allowed: Text,
  accepts: (value: string) => boolean = () => true,
) =>
  plainText
    .refine(accepts)
    .optional()
    .register(keyDocs, document('text', about, allowed))

/** What a person calls an entry: letters, digits, `.`, `_` and `-`, no leading mark, 1 to 64 characters. */
const ENTRY_NAME = /^[A-Za-z0-9][\w.-]{0,63}$/
const ENTRY_NAME_ALLOWED = text(
  '名称:字母、数字、.、_、-,以字母或数字开头,1 到 64 个字符',
  'a name of letters, digits, ., _ and -, beginning with a letter or digit, 1 to 64 characters',
)

/** Returns the schema of a mapping from names to sections of one shape; `isName` tells a name (default: {@link ENTRY_NAME}). */
export function mapKey<S extends z.ZodObject>(
  entry: S,
  about: KeyText,
  names: { readonly allowed: Text; readonly accepts: (name: string) => boolean } = {
    allowed: ENTRY_NAME_ALLOWED,
    accepts: (name) => ENTRY_NAME.test(name),
  },
) {
  return z
    .record(z.string().refine(names.accepts), entry)
    .default({})
    .register(keyDocs, document('map', about, names.allowed))
}

/** Returns the schema of the name of an entry of another mapping, which may be absent. */
export const optionalEntryName = (about: KeyText) =>
  optionalText(about, ENTRY_NAME_ALLOWED, (name) => ENTRY_NAME.test(name))

/** Words of groups are the people's own. */
export const GROUP_NAME = {
  allowed: text('分组名称,1 到 64 个字符', 'the name of a group, 1 to 64 characters'),
  accepts: (name: string): boolean => name.length <= 64 && plainText.safeParse(name).success,
}

/** A path as the mount table of a server shows it. */
export const MOUNT_POINT = {
  allowed: text('挂载点:以 / 开头的路径', 'a mount point: a path that begins with /'),
  accepts: (name: string): boolean => name.startsWith('/') && plainText.safeParse(name).success,
}

const PATH_ALLOWED = text(
  '文件系统路径,相对路径以工作目录为准(不展开 `~`)',
  'a path; a relative one starts at the working directory (`~` is not expanded)',
)
const isPath = (value: string): boolean => !/^~|^:memory:$|^file:/.test(value)

/** Returns the schema of a path with a default. */
export const pathKey = (path: string, about: KeyText) =>
  plainText
    .refine(isPath)
    .default(path)
    .register(keyDocs, document('path', about, PATH_ALLOWED))

/** Returns the schema of a path that may be absent. */
export const optionalPath = (about: KeyText) =>
  plainText
    .refine(isPath)
    .optional()
    .register(keyDocs, document('path', about, PATH_ALLOWED))

/** A host name (RFC 1123), an IPv4 address or an IPv6 address without brackets. */
const hostName = z.union([
  z.ipv4(),
  z.ipv6(),
  z
    .string()
    .max(253)
    .regex(/^(?!\d+(?:\.\d+)*$)[a-z0-9](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9][a-z0-9_-]{0,62}){0,20}$/i),
])
const HOST_ALLOWED = text(
  '主机名、IPv4 或 IPv6 地址(不带端口)',
  'a host name, an IPv4 or an IPv6 address (no port)',
)

/** Returns the schema of an address to listen on. */
export const hostKey = (host: string, about: KeyText) =>
  hostName.default(host).register(keyDocs, document('text', about, HOST_ALLOWED))

/** Returns the schema of an address to connect to, which may be absent. */
export const optionalHost = (about: KeyText) =>
  hostName.optional().register(keyDocs, document('text', about, HOST_ALLOWED))

/** Returns the schema of an address to connect to, which must be given. */
export const requiredHost = (about: KeyText) =>
  hostName.register(keyDocs, document('text', about, HOST_ALLOWED))

/** Returns the schema of a list of host names. */
export function hostListKey(about: KeyText) {
  const allowed = text(`列表,每项为${HOST_ALLOWED.zh}`, `a list; each item is ${HOST_ALLOWED.en}`)
  return z
    .array(hostName)
    .max(256)
    .default([])
    .register(keyDocs, document('list', about, allowed))
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value
}

/** Returns the schema of a list of web origins (RFC 6454: scheme, host and port, nothing after). */
export function originListKey(about: KeyText) {
  const allowed = text(
    '列表,每项形如 https://ops.example.com 或 http://10.0.0.5:3000',
    'a list; each item like https://ops.example.com or http://10.0.0.5:3000',
  )
  return z
    .array(plainText.refine(isOrigin))
    .max(256)
    .default([])
    .register(keyDocs, document('list', about, allowed))
}

/** True when the machine's time zone data knows the name. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Returns the schema of a time zone that may be absent. */
export const optionalTimeZone = (about: KeyText) =>
  optionalText(
    about,
    text(
      'IANA 时区名(如 Asia/Shanghai)或偏移(如 +08:00)',
      'an IANA zone such as Asia/Shanghai, or an offset such as +08:00',
    ),
    isTimeZone,
  )

/** True when the schedule is one that says "never". */
export const isOff = (pattern: string): boolean => pattern === '' || pattern === 'off'

/** True when the pattern has five or six fields, each valid, and there is an instant at which it fires. */
function isCron(pattern: string): boolean {
  if (pattern.length > 128 || !/^[\w*/,\-?#]+(?: [\w*/,\-?#]+){4,5}$/.test(pattern)) return false
  try {
    return new Cron(pattern, { paused: true, timezone: 'UTC' }).nextRun() !== null
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false
    throw error
  }
}

/** Returns the schema of a schedule in cron fields, as croner 11 reads them. */
export function scheduleKey(pattern: string, about: KeyText) {
  const allowed = text(
    "cron 表达式,5 个字段(分 时 日 月 周)或 6 个字段(前面加秒);off 或 '' 表示关闭",
    "cron fields, 5 (minute hour day month weekday) or 6 (seconds first); off or '' turns it off",
  )
  return z
    .string()
    .refine((value) => isOff(value) || isCron(value))
    .default(pattern)
    .register(keyDocs, document('schedule', about, allowed))
}

/** So many words that differ, separated by slashes, each of at most 20 characters: what the given tables' columns hold. */
function areWords(value: string, count: number): boolean {
  const words = value.split('/')
  return (
    words.length === count &&
    new Set(words).size === count &&
    words.every((word) => word.length <= 20 && plainText.safeParse(word).success)
  )
}

/** Returns the schema of the words of the status columns: `auto`, or `normal/warning/critical` in a writer's own words. */
export function statusWordsKey(about: KeyText) {
  const allowed = text(
    'auto,或用 / 分隔的三个不同的词(正常/警告/严重),各不超过 20 个字符',
    'auto, or three different words separated by / (normal/warning/critical), each of at most 20 characters',
  )
  return z
    .string()
    .refine((value) => value === 'auto' || areWords(value, 3))
    .default('auto')
    .register(keyDocs, document('text', about, allowed))
}

/** Returns the schema of the words of report types: `auto`, or `daily/weekly` in a writer's own words. */
export function reportTypeWordsKey(about: KeyText) {
  const allowed = text(
    'auto,或用 / 分隔的两个不同的词(日报/周报),各不超过 20 个字符',
    'auto, or two different words separated by / (daily/weekly), each of at most 20 characters',
  )
  return z
    .string()
    .refine((value) => value === 'auto' || areWords(value, 2))
    .default('auto')
    .register(keyDocs, document('text', about, allowed))
}

/** Where a secret may be kept. */
export type SecretScheme = 'env' | 'file' | 'encrypted'

const SECRET_PATTERNS: Readonly<Record<SecretScheme, RegExp>> = {
  env: /^env:[A-Za-z_][A-Za-z0-9_]{0,127}$/,
  file: /^file:(?!~)[^\n\r\0]{1,1024}$/,
  encrypted: /^encrypted:[A-Za-z0-9_.-]{1,128}$/,
}
const SECRET_FORMS: Readonly<Record<SecretScheme, string>> = {
  env: 'env:NAME',
  file: 'file:PATH',
  encrypted: 'encrypted:NAME',
}

/** Returns the schema of a secret's reference; a clear text never matches. */
export function optionalSecret(schemes: readonly SecretScheme[], about: KeyText) {
  const forms = schemes.map((scheme) => SECRET_FORMS[scheme])
  const allowed = text(
    `不以明文保存密钥:请写 ${forms.join(' 或 ')}`,
    `no secret is ever stored in clear: use ${forms.join(', ')}`,
  )
  return z
    .string()
    .refine((value) => schemes.some((scheme) => SECRET_PATTERNS[scheme].test(value)))
    .optional()
    .register(keyDocs, document('secret', about, allowed))
}
