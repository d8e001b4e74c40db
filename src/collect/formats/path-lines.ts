import { linesOf } from './lines.ts'

/** One line of a file as `grep '' FILE…` prints it. */
export interface PathLine {
  readonly path: string
  readonly value: string
}

/** Returns the lines of `grep -s '' FILE…`, which prints `PATH:LINE`. Lines that start with no absolute path are dropped. */
export function parsePathLines(text: string): readonly PathLine[] {
  const found: PathLine[] = []
  for (const line of linesOf(text)) {
    const colon = line.indexOf(':')
    if (line.startsWith('/') && colon > 0)
      found.push({ path: line.slice(0, colon), value: line.slice(colon + 1) })
  }
  return found
}

/** Returns the lines of one path, joined again. */
export const contentOf = (lines: readonly PathLine[], path: string): string =>
  lines
    .filter((line) => line.path === path)
    .map((line) => line.value)
    .join('\n')
