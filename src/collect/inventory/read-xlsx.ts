import { readSheet } from 'read-excel-file/universal'
import { text } from '../../domain/text.ts'
import { checkZip } from './check-zip.ts'
import { type ReadOptions, type ReadResult, reasonOf, unreadableFile } from './parsed-inventory.ts'
import type { TableRecord } from './read-csv.ts'
import { readTable } from './read-table.ts'

/** Rows of explanation and blank rows that a sheet may have beside its servers. */
const ROWS_BESIDE = 1000

/** Returns the cell's text: a date as `YYYY-MM-DD`, a number without exponent where it is whole, a truth value as a word. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10)
  return String(value)
}

/**
 * Returns the servers of the first sheet of an XLSX file. Formulas are their stored results and never computed. A file
 * that inflates beyond the limit is refused before the reader sees it.
 */
export async function readXlsx(bytes: Uint8Array, options: ReadOptions): Promise<ReadResult> {
  const refusal = checkZip(bytes, options.maxRows + ROWS_BESIDE)
  if (refusal !== null) return unreadableFile(refusal.found, refusal.allowed)
  let data: readonly (readonly unknown[])[]
  try {
    // A copy: the reader takes a whole ArrayBuffer, and bytes may be a view of a larger one.
    data = await readSheet(new Uint8Array(bytes).buffer, 1, { trim: false, parseNumber: (digits) => digits })
  } catch (error) {
    return unreadableFile(reasonOf(error), text('可读的 XLSX 工作表', 'a readable XLSX sheet'))
  }
  const records = data.map(
    (row, index): TableRecord => ({ line: index + 1, cells: row.map(cellText), isBroken: false }),
  )
  return readTable(records, options)
}
