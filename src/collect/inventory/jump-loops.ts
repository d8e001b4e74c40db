import { text } from '../../domain/text.ts'
import { errorAt, type InventoryProblem, type ParsedRow } from './parsed-inventory.ts'

/** Returns one error for each row whose jump hosts, followed by name through the same file, come back to themselves. Linear. */
export function findJumpLoops(rows: readonly ParsedRow[]): readonly InventoryProblem[] {
  const byName = new Map(rows.map((row) => [row.fields.name ?? row.fields.ip ?? '', row]))
  const isSettled = new Set<ParsedRow>()
  const problems: InventoryProblem[] = []
  for (const start of rows) {
    const path: ParsedRow[] = []
    const onPath = new Set<ParsedRow>()
    let row: ParsedRow | undefined = start
    while (row !== undefined && !isSettled.has(row) && !onPath.has(row)) {
      path.push(row)
      onPath.add(row)
      row = row.fields.jump_host === undefined ? undefined : byName.get(row.fields.jump_host)
    }
    const loop = row !== undefined && onPath.has(row) ? path.slice(path.indexOf(row)) : []
    const names = loop.map((one) => one.fields.name ?? one.fields.ip ?? '')
    for (const one of loop)
      problems.push(
        errorAt(
          { line: one.line, field: 'jump_host' },
          [...names, names[0]].slice(0, 6).join(' → '),
          text('跳板机不得构成环路', 'jump hosts that do not lead back to the server itself'),
        ),
      )
    for (const one of path) isSettled.add(one)
  }
  return problems
}
