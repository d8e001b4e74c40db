import { z } from 'zod'

/** The part of JSON Schema that zod writes and that is shown. */
interface FieldSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly FieldSchema[]
  readonly items?: FieldSchema
  readonly $ref?: string
  readonly [keyword: string]: unknown
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
}

function typeWords(field: FieldSchema): string {
  if (field.const !== undefined) return JSON.stringify(field.const)
  if (field.enum !== undefined) return field.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (field.anyOf !== undefined) return [...new Set(field.anyOf.map(typeWords))].join(' or ')
  if (field.type === 'array')
    return `list of ${field.items === undefined ? 'anything' : typeWords(field.items)}`
  if (field.type === undefined) return field.$ref === undefined ? 'any' : 'object'
  return typeof field.type === 'string' ? field.type : field.type.join(' or ')
}

const BOUNDS: Readonly<Record<string, (bound: string) => string>> = {
  minimum: (bound) => `≥ ${bound}`,
  exclusiveMinimum: (bound) => `> ${bound}`,
  maximum: (bound) => `≤ ${bound}`,
  exclusiveMaximum: (bound) => `< ${bound}`,
  minLength: (bound) => `at least ${bound} characters`,
  maxLength: (bound) => `at most ${bound} characters`,
  minItems: (bound) => `at least ${bound}`,
  maxItems: (bound) => `at most ${bound}`,
  pattern: (bound) => `matches \`${bound}\``,
}

const rangeWords = (field: FieldSchema): string =>
  Object.entries(BOUNDS)
    .filter(([keyword]) => field[keyword] !== undefined)
    .map(([keyword, words]) => words(String(field[keyword])))
    .join(', ')

const cell = (words: string): string => words.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()

// What zod gives for our object schemas has this shape; toJSONSchema types it as a wide union.
const objectSchema = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as ObjectSchema

/** Returns the table of an operation's input fields, or one sentence when it takes none. */
export function renderInputFields(schema: z.ZodType): string {
  const { properties = {}, required = [] } = objectSchema(schema, 'input')
  const rows = Object.entries(properties).map(([name, field]) => {
    // A default that comes from the configuration stands at the end of the description.
    const [meaning = '', described] = (field.description ?? '').split(/[.;]? Default: /)
    const given =
      field.default === undefined ? (described ?? 'optional') : `\`${JSON.stringify(field.default)}\``
    const needed = required.includes(name) ? 'required' : given
    const words = [`\`${name}\``, typeWords(field), needed, rangeWords(field), meaning]
    return `| ${words.map(cell).join(' | ')} |`
  })
  if (rows.length === 0) return 'No arguments.'
  return ['| argument | type | default | range | meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}

/** Returns the table of the top fields of an operation's result. */
export function renderOutputFields(schema: z.ZodType): string {
  const { properties = {} } = objectSchema(schema, 'output')
  const rows = Object.entries(properties).map(([name, field]) => {
    const words = [`\`${name}\``, typeWords(field), field.description ?? '']
    return `| ${words.map(cell).join(' | ')} |`
  })
  return ['| field | type | meaning |', '|---|---|---|', ...rows].join('\n')
}
