import { text } from '../../domain/text.ts'
import { brokenTextAt, isBrokenText } from './decode-text.ts'
import {
  fieldNamed,
  fieldOfColumn,
  INVENTORY_FIELDS,
  type InventoryField,
  isSecretColumn,
  normaliseColumn,
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
  unreadableFile,
} from './parsed-inventory.ts'
import { plainValue } from './plain-value.ts'
import type { TableRecord } from './read-csv.ts'

/** The header is looked for in this many records: exports of BlueKing CMDB have up to five rows of explanation. */
const HEADER_SEARCHED = 10

interface Header {
  readonly record: TableRecord
  /** Field per column; null for columns that mean nothing. */
  readonly fields: readonly (InventoryField | null)[]
}

/** Returns what the columns mean. Of two columns with one meaning the mapped one counts, then the first. */
function readHeader(record: TableRecord, columns: ReadonlyMap<string, InventoryField>): Header {
  const names = record.cells.map(normaliseColumn)
  const mapped = names.map((name) => columns.get(name) ?? null)
  const taken = new Set(mapped.filter((field) => field !== null))
  const fields = record.cells.map((cell, index) => {
    const field = mapped[index] ?? null
    if (field !== null) return field
    const meant = fieldOfColumn(cell)
    if (meant === null || taken.has(meant)) return null
    taken.add(meant)
    return meant
  })
  return { record, fields }
}

/** Exports of BlueKing CMDB label their rows of names, types and identifiers with these words. */
const isExplanation = (record: TableRecord): boolean => /请勿编辑/.test(record.cells[0]?.slice(0, 40) ?? '')

const weight = (header: Header): number => header.fields.filter((field) => field !== null).length

/** Returns the header and the index of the first record of data; null when no record names an address column. */
function findHeader(
  records: readonly TableRecord[],
  columns: ReadonlyMap<string, InventoryField>,
): { readonly header: Header; readonly dataFrom: number } | null {
  const first = records.slice(0, HEADER_SEARCHED)
  const headers = first
    .filter((record) => !record.isBroken)
    .map((record) => readHeader(record, columns))
    .filter((header) => header.fields.includes('ip'))
  const [best] = [...headers].sort((one, other) => weight(other) - weight(one))
  if (best === undefined) return null
  const lastHeader = headers.at(-1)?.record ?? best.record
  const lastExplained = first.findLastIndex(isExplanation)
  return { header: best, dataFrom: Math.max(records.indexOf(lastHeader), lastExplained) + 1 }
}

/** Returns the mapping by compared column name, or the errors of one that names unknown fields. */
function readMapping(columns: Readonly<Record<string, string>>): {
  readonly mapping: ReadonlyMap<string, InventoryField>
  readonly problems: readonly InventoryProblem[]
} {
  const mapping = new Map<string, InventoryField>()
  const problems: InventoryProblem[] = []
  for (const [column, word] of Object.entries(columns)) {
    const field = fieldNamed(word)
    if (field !== null) mapping.set(normaliseColumn(column), field)
    else {
      const known = INVENTORY_FIELDS.join(', ')
      problems.push(errorAt({ line: null, field: `columns.${column}` }, word, text(known, known)))
    }
  }
  return { mapping, problems }
}

const notAColumn = (column: string): InventoryProblem =>
  errorAt(
    { line: null, field: `columns.${column}` },
    column,
    text('columns 中的列名须在文件表头中', 'a column that columns names must be in the header of the file'),
  )

function readRow(
  record: TableRecord,
  header: Header,
): { readonly row: ParsedRow | null; readonly problems: readonly InventoryProblem[] } {
  const { line, cells } = record
  const broken = cells.findIndex(isBrokenText)
  const failed = (problem: InventoryProblem) => ({ row: null, problems: [problem] })
  if (broken !== -1) {
    const column = header.record.cells[broken] ?? null
    const isSecret = column !== null && isSecretColumn(column)
    return failed(brokenTextAt(line, column, isSecret ? '' : (cells[broken] ?? '')))
  }
  const found = header.record.cells.some(isSecretColumn) ? '' : cells.join(' | ')
  if (record.isBroken)
    return failed(
      errorAt(
        { line, field: null },
        found,
        text('引号须成对,引号内的引号写两次', 'quotes come in pairs; a quote inside quotes is doubled'),
      ),
    )
  const expected = header.record.cells.length
  if (cells.length !== expected)
    return failed(
      errorAt(
        { line, field: null },
        text(`${cells.length} 列:${found}`, `${cells.length} cells: ${found}`).en,
        text(`${expected} 列,与表头相同`, `${expected} cells, as in the header`),
      ),
    )
  const fields: Partial<Record<InventoryField, string>> = {}
  const problems: InventoryProblem[] = []
  for (const [index, field] of header.fields.entries()) {
    if (field === null) continue
    const { value, note } = plainValue(field, cells[index] ?? '')
    if (note !== null) problems.push(noteAt({ line, field }, note.found, note.allowed))
    if (value !== '') fields[field] = value
  }
  return { row: { line, fields }, problems }
}

/**
 * Returns the servers of a table. Its header is the record with most known column names that has an address column,
 * among the first ten; columns that are not known, nor mapped by `columns`, are listed as ignored.
 */
export function readTable(source: Iterable<TableRecord>, options: ReadOptions): ReadResult {
  const { mapping, problems: mappingProblems } = readMapping(options.columns)
  const records: TableRecord[] = []
  const most = options.maxRows + HEADER_SEARCHED
  for (const record of source) {
    if (record.cells.every((cell) => cell.trim() === '')) continue
    records.push(record)
    if (records.length > most) break
  }
  const found = findHeader(records, mapping)
  if (found === null)
    return unreadableFile(
      records[0]?.cells.map((cell) => cell.trim()).join(' | ') ?? '',
      text(
        '前 10 行内须有表头,且含 IP 列(ip、内网IP、bk_host_innerip …);列名不同时用 columns 指明',
        'a header within the first 10 lines with a column of addresses (ip, 内网IP, bk_host_innerip …); map other names with columns',
      ),
    )
  const { header, dataFrom } = found
  const data = records.slice(dataFrom)
  const read = data.slice(0, options.maxRows).map((record) => readRow(record, header))
  const names = new Set(header.record.cells.map(normaliseColumn))
  const secrets = header.record.cells.filter(isSecretColumn)
  return {
    rows: read.flatMap(({ row }) => (row === null ? [] : [row])),
    problems: [
      ...mappingProblems,
      ...Object.keys(options.columns)
        .filter((column) => !names.has(normaliseColumn(column)))
        .map(notAColumn),
      ...secrets.map((column) => noteAt({ line: null, field: column }, '', USE_A_CREDENTIAL)),
      ...read.flatMap(({ problems }) => problems),
      ...(data.length > options.maxRows ? [tooManyRows(options.maxRows)] : []),
    ],
    ignoredColumns: header.record.cells.filter(
      (cell, index) => header.fields[index] === null && cell.trim() !== '' && !isExplanationLabel(cell),
    ),
  }
}

const isExplanationLabel = (cell: string): boolean => cell.includes('请勿编辑')
