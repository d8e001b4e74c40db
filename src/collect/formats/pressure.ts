import { parseDecimal } from './count.ts'
import { linesOf } from './lines.ts'

/** One line of a file in `/proc/pressure`, percent of time. */
export interface PressureLine {
  readonly avg10Percent: number
  readonly avg60Percent: number
  readonly avg300Percent: number
}

/** Returns the `some` and `full` lines of one file of `/proc/pressure` (kernel, accounting/psi.rst); null where not printed. */
export function parsePressure(text: string): {
  readonly some: PressureLine | null
  readonly full: PressureLine | null
} {
  const found: { some: PressureLine | null; full: PressureLine | null } = { some: null, full: null }
  for (const line of linesOf(text)) {
    const [kind, ...fields] = line.trim().split(/\s+/)
    if (kind !== 'some' && kind !== 'full') continue
    const values = new Map(fields.map((field) => [field.split('=')[0], parseDecimal(field.split('=')[1])]))
    const [avg10, avg60, avg300] = ['avg10', 'avg60', 'avg300'].map((name) => values.get(name) ?? null)
    if (avg10 == null || avg60 == null || avg300 == null) continue
    found[kind] = { avg10Percent: avg10, avg60Percent: avg60, avg300Percent: avg300 }
  }
  return found
}
