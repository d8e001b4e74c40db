import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { SEVERITIES } from '../domain/finding.ts'
import {
  FAILURE_ORIGINS,
  FAILURE_PARTS,
  KERNEL_LOG_WORDS,
  type KnownFailure,
} from '../domain/known-failure.ts'
import { type Text, text } from '../domain/text.ts'
import { type ConfigProblem, configError, showName } from './config-problem.ts'
import { patternProblem } from './knowledge-pattern.ts'
import { parseYamlSource, type YamlSource } from './yaml-source.ts'

/** A failure with the lines that prove its pattern. */
export interface CatalogueEntry extends KnownFailure {
  /** Lines that tell of it. */
  readonly matches: readonly string[]
  /** Lines that look alike and do not. */
  readonly others: readonly string[]
}

const MAX_FILE_BYTES = 1_000_000

const name = z.string().regex(/^[a-z][a-z0-9_]{2,60}$/)
const sentence = z.strictObject({ zh: z.string().min(2).max(500), en: z.string().min(2).max(500) })
const lines = z.array(z.string().min(1).max(1_000)).max(20)
const keyword = z.string().min(2).max(80)

const entrySchema = z.strictObject({
  id: name,
  sort: name,
  title: sentence,
  severity: z.enum(SEVERITIES),
  part: z.enum(FAILURE_PARTS),
  from: z.enum(FAILURE_ORIGINS),
  keyword: z.union([keyword, z.array(keyword).min(1).max(10)]),
  pattern: z.string().min(3).max(600),
  subject: z.string().min(1).max(40).optional(),
  part_of: z.array(name).max(20).default([]),
  repeated: z.strictObject({ from: z.int().min(2), severity: z.enum(SEVERITIES) }).optional(),
  ignored_until_uptime_seconds: z.int().min(1).max(3_600).optional(),
  meaning: sentence,
  advice: sentence,
  source: z.string().min(3).max(300),
  matches: lines.min(1),
  others: lines.default([]),
})
type Entry = z.infer<typeof entrySchema>

const NAME_ALLOWED = text(
  '3 到 61 个小写字母、数字、下划线,以字母开头',
  '3 to 61 lower-case letters, digits and underscores, beginning with a letter',
)
const SENTENCES_ALLOWED = text(
  'zh 与 en 各一句,各 2 到 500 个字符',
  'zh and en, a sentence of 2 to 500 characters each',
)
const LINES_ALLOWED = text(
  '1 到 20 行的列表,每行不超过 1000 个字符',
  'a list of 1 to 20 lines of at most 1,000 characters',
)
const oneOf = (words: readonly string[]): Text => text(words.join('、'), words.join(', '))

/** What people are told of each field, whatever is wrong with it. */
const ALLOWED: { readonly [Field in keyof Entry]-?: Text } = {
  id: NAME_ALLOWED,
  sort: NAME_ALLOWED,
  title: SENTENCES_ALLOWED,
  severity: oneOf(SEVERITIES),
  part: oneOf(FAILURE_PARTS),
  from: oneOf(FAILURE_ORIGINS),
  keyword: text(
    '2 到 80 个字符的文本,或 1 到 10 个这样的文本的列表',
    'a text of 2 to 80 characters, or a list of 1 to 10 of them',
  ),
  pattern: text('3 到 600 个字符的正则表达式', 'a regular expression of 3 to 600 characters'),
  subject: text('pattern 中一个组的名称', 'the name of a group of the pattern'),
  part_of: text('至多 20 个 sort 的列表', 'a list of at most 20 sorts'),
  repeated: text(
    `from(2 以上的整数)与 severity(${SEVERITIES.join('、')})`,
    `from (an integer from 2) and severity (${SEVERITIES.join(', ')})`,
  ),
  ignored_until_uptime_seconds: text('1 到 3600 的整数', 'an integer from 1 to 3600'),
  meaning: SENTENCES_ALLOWED,
  advice: SENTENCES_ALLOWED,
  source: text('3 到 300 个字符', '3 to 300 characters'),
  matches: LINES_ALLOWED,
  others: LINES_ALLOWED,
}

const isField = (field: PropertyKey | undefined): field is keyof Entry =>
  typeof field === 'string' && field in ALLOWED

const fileSchema = z.strictObject({ failures: z.array(z.unknown()).min(1).max(1_000) })

const keywordsOf = (entry: Entry): readonly string[] =>
  typeof entry.keyword === 'string' ? [entry.keyword] : entry.keyword

/** What is wrong with one field of an entry. */
interface Fault {
  readonly field: keyof Entry
  readonly sentence: Text
}

const holdsKernelWord = (literal: string): boolean =>
  KERNEL_LOG_WORDS.some((word) => literal.toLowerCase().includes(word))

function keywordFaults(entry: Entry): readonly Fault[] {
  const unread = entry.from === 'kernel' ? keywordsOf(entry).filter((one) => !holdsKernelWord(one)) : []
  return unread.map((one) => ({
    field: 'keyword',
    sentence: text(
      `${JSON.stringify(one)} 不含从服务器读回内核日志行所用的词(见 knowledge/failures/README.md)`,
      `${JSON.stringify(one)} holds none of the words by which lines of a kernel log are chosen (see knowledge/failures/README.md)`,
    ),
  }))
}

function lineFaults(entry: Entry, pattern: RegExp): readonly Fault[] {
  const keywords = keywordsOf(entry)
  const shown = (line: string): string => JSON.stringify(line.slice(0, 120))
  const missed = entry.matches.flatMap((line): readonly Fault[] => {
    if (!keywords.some((one) => line.includes(one)))
      return [
        {
          field: 'matches',
          sentence: text(`${shown(line)} 中没有关键词`, `${shown(line)} holds no keyword of it`),
        },
      ]
    if (pattern.test(line)) return []
    return [
      {
        field: 'matches',
        sentence: text(`${shown(line)} 与 pattern 不符`, `${shown(line)} does not match the pattern`),
      },
    ]
  })
  const caught = entry.others.filter(
    (line) => keywords.some((one) => line.includes(one)) && pattern.test(line),
  )
  return [
    ...missed,
    ...caught.map(
      (line): Fault => ({
        field: 'others',
        sentence: text(`${shown(line)} 不应与 pattern 相符`, `${shown(line)} must not match the pattern`),
      }),
    ),
  ]
}

function faultsOf(entry: Entry): readonly Fault[] {
  const wrong = patternProblem(entry.pattern)
  if (wrong !== null) return [{ field: 'pattern', sentence: wrong }]
  const { subject } = entry
  const faults = [...keywordFaults(entry), ...lineFaults(entry, new RegExp(entry.pattern, 'u'))]
  if (subject === undefined || entry.pattern.includes(`(?<${subject}>`)) return faults
  const noGroup = text(`pattern 中没有名为 ${subject} 的组`, `the pattern has no group named ${subject}`)
  return [...faults, { field: 'subject', sentence: noGroup }]
}

const toEntry = (entry: Entry): CatalogueEntry => ({
  id: entry.id,
  sort: entry.sort,
  title: entry.title,
  severity: entry.severity,
  part: entry.part,
  origin: entry.from,
  keywords: keywordsOf(entry),
  pattern: new RegExp(entry.pattern, 'u'),
  subject: entry.subject ?? null,
  partOf: entry.part_of,
  repeated: entry.repeated ?? null,
  ignoredUntilUptimeSeconds: entry.ignored_until_uptime_seconds ?? null,
  meaning: entry.meaning,
  advice: entry.advice,
  source: entry.source,
  matches: entry.matches,
  others: entry.others,
})

/** The name of an entry in messages: its id where it has one, else its place in the list. */
function labelOf(raw: unknown, index: number): string {
  const id: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'id') : undefined
  return typeof id === 'string' && name.safeParse(id).success ? id : `failures[${index}]`
}

interface Reading {
  readonly entries: CatalogueEntry[]
  readonly problems: ConfigProblem[]
  /** Place of each id already read. */
  readonly known: Map<string, string>
}

function issueSentence(issue: z.core.$ZodIssue): Text {
  const names = issue.code === 'unrecognized_keys' ? issue.keys.map(showName).join(', ') : null
  const [field] = issue.path
  const allowed = isField(field) ? ALLOWED[field] : oneOf(Object.keys(ALLOWED))
  return names === null
    ? text(`缺失或无效;须为:${allowed.zh}`, `missing or invalid; allowed: ${allowed.en}`)
    : text(`未知的键 ${names};允许:${allowed.zh}`, `unknown key ${names}; allowed: ${allowed.en}`)
}

function readEntry(raw: unknown, index: number, source: YamlSource, reading: Reading): void {
  const label = labelOf(raw, index)
  const report = (path: readonly PropertyKey[], sentence: Text): void => {
    const keyPath = [label, ...path.map(String)].join('.')
    reading.problems.push({ source: source.locate(['failures', index, ...path], 'value'), keyPath, sentence })
  }
  const parsed = entrySchema.safeParse(raw)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) report(issue.path, issueSentence(issue))
    return
  }
  const faults = faultsOf(parsed.data)
  for (const { field, sentence } of faults) report([field], sentence)
  const place = source.locate(['failures', index], 'value')
  const earlier = reading.known.get(parsed.data.id)
  if (earlier !== undefined) report(['id'], text(`与 ${earlier} 重复`, `the same as at ${earlier}`))
  reading.known.set(parsed.data.id, place)
  if (faults.length === 0) reading.entries.push(toEntry(parsed.data))
}

function readFile(path: string, reading: Reading): void {
  const content = readFileSync(path, 'utf8')
  const source = content.length > MAX_FILE_BYTES ? null : parseYamlSource(content, path)
  const parsed = fileSchema.safeParse(source?.values)
  if (source !== null && parsed.success) {
    for (const [index, raw] of parsed.data.failures.entries()) readEntry(raw, index, source, reading)
    return
  }
  reading.problems.push({
    source: path,
    keyPath: null,
    sentence: text(
      '文件须为 failures: 加一个列表(1 到 1000 项),没有其他键,不超过 1 MB',
      'the file must be failures: with a list of 1 to 1000 entries and no other key, and at most 1 MB long',
    ),
  })
}

function readFolder(folder: string, reading: Reading): void {
  if (!existsSync(folder)) {
    const sentence = text('没有这个文件夹', 'there is no such folder')
    reading.problems.push({ source: folder, keyPath: null, sentence })
    return
  }
  const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file))
  for (const file of files.sort()) readFile(join(folder, file), reading)
}

/** Unknown sorts in `part_of` are typing mistakes: nothing would ever be joined. */
function partProblems({ entries }: Reading): readonly ConfigProblem[] {
  const sorts = new Set(entries.map(({ sort }) => sort))
  return entries.flatMap(({ id, partOf }) =>
    partOf
      .filter((sort) => !sorts.has(sort))
      .map((sort) => ({
        source: id,
        keyPath: `${id}.part_of`,
        sentence: text(`没有 sort 为 ${sort} 的故障`, `no failure has the sort ${sort}`),
      })),
  )
}

/**
 * Returns the known failures of every `*.yaml` in the folders, those of the first folder first: of several that fit a
 * line the earlier counts, so a user's own folder stands before the product's.
 * Throws AppError CONFIG_INVALID that names file, line, entry and field of everything wrong.
 */
export function readKnownFailures(folders: readonly string[]): readonly CatalogueEntry[] {
  const reading: Reading = { entries: [], problems: [], known: new Map() }
  for (const folder of folders) readFolder(folder, reading)
  const problems = [...reading.problems, ...(reading.problems.length > 0 ? [] : partProblems(reading))]
  if (problems.length > 0) throw configError(problems)
  return reading.entries
}
