import { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'

/** One thing wrong with an input: the field, the value found and what is allowed. */
interface InputIssue {
  /** Dotted path; `(input)` for the input itself. */
  readonly field: string
  /** JSON of what was found, at most 120 characters. */
  readonly found: string
  readonly allowed: { readonly zh: string; readonly en: string }
}

const MAX_FOUND = 120

/** Returns the INPUT_INVALID error for a failed parse, listing every issue in both languages. */
export function inputError(schema: z.ZodType, input: unknown, error: z.ZodError): AppError {
  const issues = error.issues.flatMap((issue) => describeIssue(schema, input, issue))
  const sentence = (language: 'zh' | 'en') =>
    issues
      .map(({ field, found, allowed }) =>
        language === 'zh'
          ? `${field}:收到 ${found},允许 ${allowed.zh}`
          : `${field}: found ${found}, allowed is ${allowed.en}`,
      )
      .join(language === 'zh' ? ';' : '; ')
  return new AppError('INPUT_INVALID', text(sentence('zh'), sentence('en')), { details: { issues } })
}

function describeIssue(schema: z.ZodType, input: unknown, issue: z.core.$ZodIssue): readonly InputIssue[] {
  if (issue.code === 'unrecognized_keys') return unknownKeys(schema, input, issue)
  const field = issue.path.length === 0 ? '(input)' : issue.path.join('.')
  return [{ field, found: show(valueAt(input, issue.path)), allowed: allowedAt(schema, issue) }]
}

function unknownKeys(
  schema: z.ZodType,
  input: unknown,
  issue: z.core.$ZodIssueUnrecognizedKeys,
): readonly InputIssue[] {
  const property = propertySchema(jsonSchema(schema), issue.path)
  const known = Object.keys((property?.['properties'] as Record<string, unknown> | undefined) ?? {})
  const list = known.length === 0 ? null : known.join(', ')
  const allowed = {
    zh: list === null ? '不接受任何参数' : `字段名 ${list}`,
    en: list === null ? 'no argument at all' : `one of the fields ${list}`,
  }
  return issue.keys.map((key) => {
    const path = [...issue.path, key]
    return { field: path.join('.'), found: show(valueAt(input, path)), allowed }
  })
}

function allowedAt(schema: z.ZodType, issue: z.core.$ZodIssue): InputIssue['allowed'] {
  const property = propertySchema(jsonSchema(schema), issue.path)
  const described = property === null ? null : describeProperty(property)
  return described ?? { zh: issue.message, en: issue.message }
}

type JsonSchema = Readonly<Record<string, unknown>>

const jsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema

function propertySchema(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | null {
  let current: JsonSchema | undefined = schema
  for (const key of path) {
    const next: unknown =
      typeof key === 'number'
        ? current['items']
        : (current['properties'] as Record<string, unknown> | undefined)?.[String(key)]
    if (typeof next !== 'object' || next === null) return null
    current = next as JsonSchema
  }
  return current
}

const TYPE_WORDS: Readonly<Record<string, { zh: string; en: string }>> = {
  number: { zh: '数字', en: 'a number' },
  integer: { zh: '整数', en: 'an integer' },
  string: { zh: '文本', en: 'a string' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
}

/** JSON Schema keywords that say what a value may be, in the words of both languages. */
const LIMITS: readonly (readonly [string, (limit: unknown) => { zh: string; en: string }])[] = [
  ['exclusiveMinimum', (limit) => ({ zh: `大于 ${limit}`, en: `above ${limit}` })],
  ['minimum', (limit) => ({ zh: `不小于 ${limit}`, en: `at least ${limit}` })],
  ['exclusiveMaximum', (limit) => ({ zh: `小于 ${limit}`, en: `below ${limit}` })],
  ['maximum', (limit) => ({ zh: `不大于 ${limit}`, en: `at most ${limit}` })],
  ['minLength', (limit) => ({ zh: `至少 ${limit} 个字符`, en: `${limit} characters or more` })],
  ['maxLength', (limit) => ({ zh: `最多 ${limit} 个字符`, en: `${limit} characters or fewer` })],
  ['minItems', (limit) => ({ zh: `至少 ${limit} 项`, en: `${limit} entries or more` })],
  ['maxItems', (limit) => ({ zh: `最多 ${limit} 项`, en: `${limit} entries or fewer` })],
  ['format', (limit) => ({ zh: `格式 ${limit}`, en: `in the form ${limit}` })],
  ['pattern', (limit) => ({ zh: `匹配 ${limit}`, en: `matching ${limit}` })],
]

function describeProperty(property: JsonSchema): InputIssue['allowed'] | null {
  if (Array.isArray(property['enum'])) {
    const words = property['enum'].map((word) => JSON.stringify(word)).join(', ')
    return { zh: `其中之一:${words}`, en: `one of ${words}` }
  }
  if (Array.isArray(property['anyOf'])) {
    const options = property['anyOf'].flatMap((option) => describeProperty(option as JsonSchema) ?? [])
    return { zh: options.map(({ zh }) => zh).join(' 或 '), en: options.map(({ en }) => en).join(' or ') }
  }
  const type = TYPE_WORDS[String(property['type'])]
  if (type === undefined) return null
  const limits = LIMITS.flatMap(([key, say]) =>
    property[key] === undefined || Math.abs(Number(property[key])) === Number.MAX_SAFE_INTEGER
      ? []
      : [say(property[key])],
  )
  return {
    zh: [type.zh, ...limits.map(({ zh }) => zh)].join(','),
    en: [type.en, ...limits.map(({ en }) => en)].join(', '),
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null && Object.hasOwn(current, key)
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  )
}

function show(value: unknown): string {
  const json = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
  return json.length > MAX_FOUND ? `${json.slice(0, MAX_FOUND)}…` : json
}
