import type { InventoryField } from '../../../collect/inventory/inventory-fields.ts'
import {
  errorAt,
  type InventoryProblem,
  type ParsedRow,
} from '../../../collect/inventory/parsed-inventory.ts'
import type { ConnectionNames } from '../../../domain/connection-names.ts'
import type { ServerChange, ServerDraft } from '../../../domain/server.ts'
import { type Text, text } from '../../../domain/text.ts'
import { canonicalIp } from '../../../lib/net/canonical-ip.ts'
import { checkServerFields, WINDOWS_ALLOWED } from '../check-server-fields.ts'
import { type JsonCell, readJsonCell } from '../inventory-cells.ts'
import { THRESHOLDS_ALLOWED } from '../thresholds-input.ts'

/** Words for yes and no in tables. */
const YES = new Set(['true', 'yes', 'y', '1', 'on', '是', '启用', '√', '✓'])
const NO = new Set(['false', 'no', 'n', '0', 'off', '否', '停用', '禁用', '×', '✗'])
const YES_OR_NO: Text = text('true 或 false(是、否)', 'true or false (是, 否)')

const truth = (value: string): boolean | null => {
  const word = value.toLowerCase()
  if (YES.has(word)) return true
  return NO.has(word) ? false : null
}

/** A whole number; NaN, which the check refuses, for anything else. `22.0` is how spreadsheets may write 22. */
const wholeNumber = (value: string): number =>
  /^\d{1,10}(?:\.0{1,4})?$/.test(value) ? Number(value) : Number.NaN

/** Returns a day as `YYYY-MM-DD` from the ways that spreadsheets write one; anything else as it is. */
function isoDay(value: string): string {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?$/.exec(value)
  return parts === null ? value : [parts[1], parts[2]?.padStart(2, '0'), parts[3]?.padStart(2, '0')].join('-')
}

/** Returns the tags of a cell, each once; tags hold no commas. */
const tagsOf = (value: string): readonly string[] => [
  ...new Set(
    value
      .split(/[,，]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
]

const WORDS = [
  ['name', 'name'],
  ['credential', 'credential'],
  ['jump_host', 'jumpHost'],
  ['group', 'group'],
  ['os', 'os'],
  ['role', 'role'],
  ['owner', 'owner'],
  ['serial_number', 'serialNumber'],
  ['rack', 'rack'],
  ['note', 'note'],
] as const satisfies readonly (readonly [InventoryField, keyof ServerDraft])[]

const TRANSPORTS = ['local', 'ssh'] as const

const JSON_CELLS = [
  ['maintenance_windows', WINDOWS_ALLOWED],
  ['thresholds', THRESHOLDS_ALLOWED],
] as const satisfies readonly (readonly [JsonCell, Text])[]

/** A row as a server, or everything wrong with it. */
type ReadDraft =
  | { readonly draft: ServerDraft; readonly line: number }
  | { readonly problems: readonly InventoryProblem[] }

function toDraft({ fields }: ParsedRow): ServerDraft {
  const { port, tags, rack_unit, warranty_end_day } = fields
  const enabled = fields.enabled === undefined ? null : truth(fields.enabled)
  const transport = TRANSPORTS.find((word) => word === fields.transport?.toLowerCase())
  return {
    bkCloudId: fields.bk_cloud_id === undefined ? 0 : wholeNumber(fields.bk_cloud_id),
    ip: canonicalIp(fields.ip ?? ''),
    ...Object.fromEntries(
      WORDS.flatMap(([field, key]) => (fields[field] === undefined ? [] : [[key, fields[field]]])),
    ),
    ...(port === undefined ? {} : { port: wholeNumber(port) }),
    ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
    ...(rack_unit === undefined ? {} : { rackUnit: wholeNumber(rack_unit.replace(/^U|U$/i, '')) }),
    ...(warranty_end_day === undefined ? {} : { warrantyEndDay: isoDay(warranty_end_day) }),
    ...(enabled === null ? {} : { enabled }),
    ...(transport === undefined ? {} : { transport }),
    ...cellOf('maintenance_windows', fields.maintenance_windows),
    ...cellOf('thresholds', fields.thresholds),
  }
}

const cellOf = (field: JsonCell, cell: string | undefined): ServerChange =>
  cell === undefined ? {} : (readJsonCell(field, cell) ?? {})

/** Returns the row's values with their types; a row with values that are not allowed gives an error for each of them. */
export function readDraft(row: ParsedRow, names: ConnectionNames): ReadDraft {
  const draft = toDraft(row)
  const given = new Map<string, string>(Object.entries(row.fields))
  const problems = checkServerFields(draft, names).map(
    ({ field, found, allowed }): InventoryProblem => ({
      kind: 'error',
      line: row.line,
      field,
      found: given.get(field) ?? found,
      allowed,
    }),
  )
  const refuse = (field: InventoryField, found: string, allowed: Text): void => {
    problems.push(errorAt({ line: row.line, field }, found, allowed))
  }
  const { enabled, transport } = row.fields
  if (enabled !== undefined && truth(enabled) === null) refuse('enabled', enabled, YES_OR_NO)
  if (transport !== undefined && draft.transport === undefined)
    refuse('transport', transport, text('local 或 ssh', 'local or ssh'))
  for (const [field, allowed] of JSON_CELLS) {
    const cell = row.fields[field]
    if (cell !== undefined && readJsonCell(field, cell) === null) refuse(field, cell, allowed)
  }
  return problems.length > 0 ? { problems } : { draft, line: row.line }
}
