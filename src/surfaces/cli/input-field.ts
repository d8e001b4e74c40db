import { z } from 'zod'
import { type Language, type Text, text } from '../../domain/text.ts'
import type { AnyOperation } from '../../services/service-definition.ts'

/** What a value is converted to. `scalar` is a number when it looks like one; `json` is parsed. */
type FieldKind = 'number' | 'boolean' | 'string' | 'scalar' | 'json'

/** One field of an operation's input, as the command line offers it. */
export interface InputField {
  /** Name in the input object, snake_case. */
  readonly name: string
  /** Name as a long option without dashes, kebab-case. */
  readonly option: string
  /** True for the content of a file whose path (or `-`) is the word itself, without `@`. */
  readonly isPath: boolean
  readonly kind: FieldKind
  /** True for a list of `kind`. */
  readonly isList: boolean
  readonly isRequired: boolean
  readonly description: Text
  /** Words that are allowed; null when any is. */
  readonly choices: readonly string[] | null
  /** Null without a range. */
  readonly range: NumberRange | null
  /** The default as a person would type it; null when the schema has none. */
  readonly defaultShown: string | null
}

export interface NumberRange {
  readonly minimum: number | null
  readonly maximum: number | null
  readonly minimumIsExclusive: boolean
  readonly maximumIsExclusive: boolean
  readonly isInteger: boolean
}

type SchemaNode = z.core.JSONSchema.BaseSchema

/** Option names that mean the same on every command. */
const RESERVED = new Set(['json', 'lang', 'quiet', 'help', 'version'])

/**
 * Returns the fields of the operation's input in the order of its schema. Throws Error when the input is no object or
 * a field cannot be an option (its name is taken or begins with `no_`): a mistake in the definition.
 */
export function inputFieldsOf(operation: AnyOperation): readonly InputField[] {
  const schema: SchemaNode = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' })
  if (schema.type !== 'object') throw new Error(`${operation.name}: the input schema must be an object`)
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const option = optionOf(operation, name)
    if (RESERVED.has(option) || option.startsWith('no-'))
      throw new Error(`${operation.name}: the input field ${name} cannot be a command line option`)
    const field = fieldOf(name, typeof property === 'boolean' ? {} : property, required.has(name))
    return { ...field, option, isPath: isFileField(field) && isNamed(operation, name) }
  })
}

const optionOf = ({ commandLine }: AnyOperation, name: string): string =>
  commandLine?.options?.[name] ?? name.replaceAll('_', '-')

const isNamed = ({ commandLine }: AnyOperation, name: string): boolean =>
  commandLine?.options?.[name] !== undefined || commandLine?.arguments?.includes(name) === true

/** Fields whose name ends so hold the content of a file: base64 in the input. */
const FILE_SUFFIX = '_base64'

/** Returns whether the field holds the content of a file. */
export const isFileField = (field: Pick<InputField, 'name' | 'kind' | 'isList'>): boolean =>
  field.kind === 'string' && !field.isList && field.name.endsWith(FILE_SUFFIX)

/**
 * Returns the fields that are given as arguments: those that the operation names, else the only required field when it
 * is a single string. Throws Error for a name that is no field: a mistake in the definition.
 */
export function positionalFieldsOf(
  operation: AnyOperation,
  fields: readonly InputField[],
): readonly InputField[] {
  const names = operation.commandLine?.arguments
  if (names === undefined) return [onlyRequiredOf(fields)].filter((field) => field !== null)
  return names.map((name) => {
    const field = fields.find((one) => one.name === name)
    if (field === undefined) throw new Error(`${operation.name}: there is no input field ${name}`)
    return field
  })
}

function onlyRequiredOf(fields: readonly InputField[]): InputField | null {
  const required = fields.filter((field) => field.isRequired)
  const [only] = required
  return required.length === 1 && only?.kind === 'string' && !only.isList ? only : null
}

function fieldOf(
  name: string,
  schema: SchemaNode,
  isRequired: boolean,
): Omit<InputField, 'option' | 'isPath'> {
  const node = withoutNull(schema)
  const items = typeof node.items === 'object' && !Array.isArray(node.items) ? withoutNull(node.items) : null
  const isList = typesOf(node).join() === 'array' && items !== null && kindOf(items) !== 'json'
  const valueNode = isList && items !== null ? items : node
  return {
    name,
    kind: kindOf(valueNode),
    isList,
    isRequired,
    description: bilingual(schema.description ?? node.description ?? ''),
    choices: choicesOf(valueNode),
    range: rangeOf(valueNode),
    defaultShown: shownDefault(schema.default),
  }
}

function shownDefault(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Returns the schema without its `null` alternative: on a command line that is said by leaving the option out. */
function withoutNull(schema: SchemaNode): SchemaNode {
  const alternatives = (schema.anyOf ?? []).filter((one) => !(typeof one === 'object' && one.type === 'null'))
  const [only] = alternatives
  return alternatives.length === 1 && typeof only === 'object' ? { ...schema, ...only } : schema
}

/** Returns the JSON types a value may have, sorted, without `null`; empty when the schema does not say. */
function typesOf(node: SchemaNode): readonly string[] {
  if (node.type !== undefined) {
    const types: readonly string[] = Array.isArray(node.type) ? node.type : [node.type]
    return types.filter((type) => type !== 'null').sort()
  }
  const alternatives = (node.anyOf ?? []).flatMap((one) => (typeof one === 'object' ? typesOf(one) : []))
  return [...new Set(alternatives)].sort()
}

function kindOf(node: SchemaNode): FieldKind {
  switch (typesOf(node).join()) {
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'string':
      return 'string'
    case 'number,string':
    case 'integer,string':
      return 'scalar'
    default:
      return 'json'
  }
}

function choicesOf(node: SchemaNode): readonly string[] | null {
  if (node.const !== undefined) return [String(node.const)]
  if (node.enum !== undefined) return node.enum.filter((value) => value !== null).map(String)
  const alternatives = (node.anyOf ?? []).map((one) => (typeof one === 'object' ? choicesOf(one) : null))
  return alternatives.length > 0 && alternatives.every((choices) => choices !== null)
    ? alternatives.flat()
    : null
}

/** A bound at the edge of the safe integers is zod's own, not the author's. */
const stated = (bound: number | boolean | undefined): number | null =>
  typeof bound !== 'number' || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound

function rangeOf(node: SchemaNode): NumberRange | null {
  if (kindOf(node) !== 'number') return null
  const above = stated(node.exclusiveMinimum)
  const below = stated(node.exclusiveMaximum)
  return {
    minimum: above ?? stated(node.minimum),
    maximum: below ?? stated(node.maximum),
    minimumIsExclusive: above !== null,
    maximumIsExclusive: below !== null,
    isInteger: typesOf(node).join() === 'integer',
  }
}

/**
 * Returns both halves of a field description. Fields are described as `中文 / English`; one without a slash after
 * its Chinese half reads the same in both languages.
 */
function bilingual(description: string): Text {
  const slash = description.search(/\/\s/)
  const before = description.slice(0, slash).trim()
  const after = description.slice(slash + 1).trim()
  const isBoth = slash > 0 && /\p{Script=Han}/u.test(before) && !/\p{Script=Han}/u.test(after)
  return isBoth ? text(before, after) : text(description, description)
}

/** Returns what the field allows, for example `a number above 0, at most 100`. */
export function allowedOf(field: InputField): Text {
  const one = allowedValue(field)
  return field.isList
    ? text(`${one.zh}的列表(逗号分隔或重复该选项)`, `a list of ${one.en} (commas, or the option repeated)`)
    : one
}

function allowedValue(field: InputField): Text {
  if (field.choices !== null) return text(field.choices.join('、'), `one of ${field.choices.join(', ')}`)
  if (field.kind === 'number') return allowedNumber(field.range)
  if (field.kind === 'boolean') return text('true 或 false', 'true or false')
  return field.kind === 'json' ? text('JSON 值', 'a JSON value') : text('文本', 'text')
}

function allowedNumber(range: NumberRange | null): Text {
  const noun = range?.isInteger === true ? text('整数', 'a whole number') : text('数字', 'a number')
  const bounds = range === null ? null : boundsOf(range)
  return bounds === null ? noun : text(`${bounds.zh} 的${noun.zh}`, `${noun.en} ${bounds.en}`)
}

/** Returns the bounds in words; null without any. */
export function boundsOf(range: NumberRange): Text | null {
  const zh: string[] = []
  const en: string[] = []
  if (range.minimum !== null) {
    zh.push(`${range.minimumIsExclusive ? '大于' : '不小于'} ${range.minimum}`)
    en.push(`${range.minimumIsExclusive ? 'above' : 'at least'} ${range.minimum}`)
  }
  if (range.maximum !== null) {
    zh.push(`${range.maximumIsExclusive ? '小于' : '不大于'} ${range.maximum}`)
    en.push(`${range.maximumIsExclusive ? 'below' : 'at most'} ${range.maximum}`)
  }
  return zh.length === 0 ? null : text(zh.join(' 且'), en.join(', '))
}

const VALUE_WORDS: Readonly<Record<FieldKind, Text>> = {
  number: text('数字', 'number'),
  boolean: text('布尔', 'boolean'),
  string: text('文本', 'text'),
  scalar: text('值', 'value'),
  json: text('JSON', 'json'),
}

/** Returns the word that stands for the field's value in help, for example `<number>` or `<list>`. */
export const placeholderOf = (field: InputField, language: Language): string =>
  `<${field.isList ? text('列表', 'list')[language] : VALUE_WORDS[field.kind][language]}>`
