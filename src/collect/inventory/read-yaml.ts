import { text } from '../../domain/text.ts'
import {
  fieldNamed,
  fieldOfColumn,
  INVENTORY_FIELDS,
  type InventoryField,
  isSecretColumn,
  STRUCTURED_FIELDS,
  USE_A_CREDENTIAL,
} from './inventory-fields.ts'
import {
  errorAt,
  type InventoryProblem,
  noteAt,
  type ParsedRow,
  type ReadOptions,
  type ReadResult,
  tooManyRows,
} from './parsed-inventory.ts'
import { entryOf, type YamlText } from './yaml-text.ts'

/** Separator of several words in one text, as exported tables write tags. */
const LIST_SEPARATOR = ','

/** Returns the list of servers: the document itself, or what stands under `servers`; null for another shape. */
export const serversOf = (document: YamlText): Extract<YamlText, { kind: 'list' }> | null => {
  const servers = document.kind === 'list' ? document : entryOf(document, 'servers')
  return servers?.kind === 'list' ? servers : null
}

const valueText = (value: YamlText): string | null => {
  if (value.kind === 'text') return value.value
  if (value.kind === 'map' || value.items.some((item) => item.kind !== 'text')) return null
  return value.items.map((item) => (item.kind === 'text' ? item.value.trim() : '')).join(LIST_SEPARATOR)
}

/** Returns a value with parts as JSON; a text is one already, as cells of tables hold it, or no such value. */
const structuredText = (value: YamlText): string =>
  value.kind === 'text' ? value.value : JSON.stringify(jsonOf(value))

/** Numbers are those texts that a number is written as; times, zones and paths never are. */
function jsonOf(value: YamlText): unknown {
  if (value.kind === 'list') return value.items.map(jsonOf)
  if (value.kind === 'map') {
    const entries = value.entries.map((entry) => [entry.key, jsonOf(entry.value)] as const)
    return Object.fromEntries(entries)
  }
  return value.value !== '' && String(Number(value.value)) === value.value ? Number(value.value) : value.value
}

function fieldOf(key: string, columns: Readonly<Record<string, string>>): InventoryField | null {
  const mapped = Object.hasOwn(columns, key) ? columns[key] : undefined
  return mapped === undefined ? fieldOfColumn(key) : fieldNamed(mapped)
}

interface Collected {
  readonly row: ParsedRow | null
  readonly problems: readonly InventoryProblem[]
  readonly ignored: readonly string[]
}

function readServer(item: YamlText, columns: Readonly<Record<string, string>>): Collected {
  const { line } = item
  if (item.kind !== 'map') {
    const allowed = text('字段: 值 的映射,如 ip: 192.0.2.1', 'a map of fields, for example ip: 192.0.2.1')
    const found = item.kind === 'text' ? item.value : '[…]'
    return { row: null, problems: [errorAt({ line, field: null }, found, allowed)], ignored: [] }
  }
  const fields: Partial<Record<InventoryField, string>> = {}
  const problems: InventoryProblem[] = []
  const ignored: string[] = []
  for (const entry of item.entries) {
    const field = fieldOf(entry.key, columns)
    const where = { line: entry.line, field: entry.key }
    if (isSecretColumn(entry.key)) problems.push(noteAt(where, '', USE_A_CREDENTIAL))
    if (field === null) {
      ignored.push(entry.key)
      continue
    }
    const value = STRUCTURED_FIELDS.has(field) ? structuredText(entry.value) : valueText(entry.value)
    if (value === null)
      problems.push(errorAt(where, '{…}', text('一个值,或值的列表', 'one value, or a list of values')))
    else if (Object.hasOwn(fields, field))
      problems.push(errorAt(where, value, text('每个字段只写一次', 'each field once')))
    else fields[field] = field === 'note' && value.trim() !== '' ? value : value.trim()
  }
  for (const field of INVENTORY_FIELDS) if (fields[field] === '') delete fields[field]
  const isBroken = problems.some((problem) => problem.kind === 'error')
  return { row: isBroken ? null : { line, fields }, problems, ignored }
}

/** Returns the servers of a YAML file of our own shape: a list of maps, alone or under `servers`. */
export function readYaml(document: YamlText, options: ReadOptions): ReadResult {
  const servers = serversOf(document)
  if (servers === null)
    return {
      rows: [],
      problems: [
        errorAt(
          { line: document.line, field: 'servers' },
          document.kind === 'text' ? document.value : '{…}',
          text('servers 下的服务器列表', 'a list of servers under servers'),
        ),
      ],
      ignoredColumns: [],
    }
  const read = servers.items.slice(0, options.maxRows).map((item) => readServer(item, options.columns))
  return {
    rows: read.flatMap(({ row }) => (row === null ? [] : [row])),
    problems: [
      ...read.flatMap(({ problems }) => problems),
      ...(servers.items.length > options.maxRows ? [tooManyRows(options.maxRows)] : []),
    ],
    ignoredColumns: [...new Set(read.flatMap(({ ignored }) => ignored))],
  }
}
