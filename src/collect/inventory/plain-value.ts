import { type Text, text } from '../../domain/text.ts'
import type { InventoryField } from './inventory-fields.ts'

/** A cell's value, and what of it was left out. */
interface PlainValue {
  readonly value: string
  readonly note: { readonly found: string; readonly allowed: Text } | null
}

/** What a spreadsheet program would take for a formula, behind any number of apostrophes. */
const FORMULA = /^'*[=+\-@]/

/**
 * Returns the value as a cell of a CSV or XLSX file that no spreadsheet program takes for a formula: one that begins
 * with = + - @ gets an apostrophe before it (OWASP, "CSV Injection"). {@link unguardFormula} takes it away again.
 */
export const guardFormula = (value: string): string => (FORMULA.test(value) ? `'${value}` : value)

const unguardFormula = (value: string): string =>
  value.startsWith("'") && FORMULA.test(value) ? value.slice(1) : value

/** `Default Area[0]` and `default area(0)`, as exports of BlueKing CMDB name a cloud area. */
const NAMED_AREA = /^[^[\]]{0,100}\[(\d{1,10})\]$/

/**
 * Returns the text of a cell as the field's value: trimmed, without the apostrophe that an export put before a
 * formula, of several addresses the first (the others are noted), of a named cloud area its number.
 */
export function plainValue(field: InventoryField, cell: string): PlainValue {
  const trimmed = cell.trim()
  // Notes may have several lines, and blanks at their ends.
  if (field === 'note' && trimmed !== '')
    return { value: unguardFormula(cell.replace(/\r\n?/g, '\n')), note: null }
  const value = unguardFormula(trimmed)
  if (field === 'bk_cloud_id') return { value: NAMED_AREA.exec(value)?.[1] ?? value, note: null }
  if (field !== 'ip') return { value, note: null }
  const [first = '', ...others] = value.split(/[\s,;,;、|]+/).filter((word) => word !== '')
  if (others.length === 0) return { value: first, note: null }
  return {
    value: first,
    note: {
      found: others.join(', '),
      allowed: text(
        `一台服务器一个地址;取第一个 ${first},其余不导入`,
        `one address a server: ${first}, the first, is taken, the others are left out`,
      ),
    },
  }
}
