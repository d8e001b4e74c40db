import Table from 'cli-table3'
import { displayWidth, wrapToWidth } from './display-width.ts'
import type { Paint } from './paint.ts'

export type Alignment = 'left' | 'center' | 'right'

/** A table of plain strings; a cell may hold line feeds. */
export interface TableContent {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** One per column. */
  readonly alignments: readonly Alignment[]
}

const GAP = '  '
const NARROWEST_COLUMN = 6
/** Rules under the head only; columns are parted by space, so that a table can be copied out of the terminal. */
const CHARACTERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '─',
  'mid-mid': '──',
  middle: GAP,
}

const widestLine = (cell: string): number => Math.max(0, ...cell.split('\n').map(displayWidth))

/** Returns column widths that fit into `available` cells: the widest columns give way first, none below the narrowest. */
function fitColumns(natural: readonly number[], available: number): number[] {
  const widths = [...natural]
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1)
  while (total() > available) {
    const widest = Math.max(...widths)
    if (widest <= NARROWEST_COLUMN) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

/** Returns the table for a terminal of `columns` cells, cells wrapped where it would be wider, CJK text aligned. */
export function renderTable(content: TableContent, columns: number, paint: Paint): string {
  const natural = content.head.map((title, index) =>
    Math.max(widestLine(title), ...content.rows.map((row) => widestLine(row[index] ?? '')), 1),
  )
  const widths = fitColumns(natural, columns)
  const wrap = (cell: string, index: number): string => wrapToWidth(cell, widths[index] ?? columns).join('\n')
  const bold = (cell: string): string =>
    cell
      .split('\n')
      .map((line) => paint('bold', line))
      .join('\n')
  const table = new Table({
    head: content.head.map((title, index) => bold(wrap(title, index))),
    colAligns: [...content.alignments],
    chars: CHARACTERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  for (const row of content.rows)
    table.push(content.head.map((_title, index) => wrap(row[index] ?? '', index)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
