import { type Text, text } from '../../domain/text.ts'
import type { InventoryField } from './inventory-fields.ts'

/** Formats that are read. */
export const INVENTORY_FORMATS = ['csv', 'xlsx', 'yaml', 'ansible_ini', 'ansible_yaml', 'ssh_config'] as const
export type InventoryFormat = (typeof INVENTORY_FORMATS)[number]

/** How the bytes were read as text. An XLSX file has none of its own choice: `utf-8`. */
export type InventoryEncoding = 'utf-8' | 'utf-8-bom' | 'gb18030' | 'utf-16le'

/** One server of a file. Values are the text of the file, trimmed; a field that the file lacks or leaves empty is absent. */
export interface ParsedRow {
  /** Line of a text file, row of a sheet; from 1. */
  readonly line: number
  readonly fields: Readonly<Partial<Record<InventoryField, string>>>
}

/** Something about a file that a person must know. */
export interface InventoryProblem {
  /** `error`: the row (or, without a line, the file) is not imported. `note`: it is, but something was left out. */
  readonly kind: 'error' | 'note'
  /** Line or row, from 1; null when it concerns the whole file. */
  readonly line: number | null
  /** Column, field or variable; null when it concerns the whole line. */
  readonly field: string | null
  /** What stands there, shortened; empty when nothing may be shown (passwords). */
  readonly found: string
  /** What may stand there, or what to do. */
  readonly allowed: Text
}

/** What a foreign inventory file says. Rows with an `error` are not in `rows`. */
export interface ParsedInventory {
  readonly format: InventoryFormat
  readonly encoding: InventoryEncoding
  readonly rows: readonly ParsedRow[]
  readonly problems: readonly InventoryProblem[]
  /** Columns and variables that mean nothing to the inventory, by their names in the file. */
  readonly ignoredColumns: readonly string[]
}

/** What the reader of one format returns. */
export type ReadResult = Pick<ParsedInventory, 'rows' | 'problems' | 'ignoredColumns'>

/** What readers are told. */
export interface ReadOptions {
  /** Name of a column in the file → field. */
  readonly columns: Readonly<Record<string, string>>
  /** More servers than this are an error. */
  readonly maxRows: number
}

const LONGEST_SHOWN = 120

/** Returns the text as a problem shows it: on one line, at most 120 characters. */
export const shown = (found: string): string => {
  const line = found.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim()
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line
}

type Where = Pick<InventoryProblem, 'line' | 'field'>

/** Returns a problem that keeps its row, or the file, from being imported. */
export const errorAt = (where: Where, found: string, allowed: Text): InventoryProblem => ({
  kind: 'error',
  ...where,
  found: shown(found),
  allowed,
})

/** Returns something to know about a row that is imported. */
export const noteAt = (where: Where, found: string, allowed: Text): InventoryProblem => ({
  kind: 'note',
  ...where,
  found: shown(found),
  allowed,
})

/** Returns the error of a file with more servers than allowed. */
export const tooManyRows = (maxRows: number): InventoryProblem =>
  errorAt(
    { line: null, field: null },
    `> ${maxRows}`,
    text(`最多 ${maxRows} 台服务器`, `at most ${maxRows} servers`),
  )

/** Returns a result without rows and with one error about the whole file. */
export const unreadableFile = (found: string, allowed: Text): ReadResult => ({
  rows: [],
  problems: [errorAt({ line: null, field: null }, found, allowed)],
  ignoredColumns: [],
})

/** Returns what the error says, for a problem. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
