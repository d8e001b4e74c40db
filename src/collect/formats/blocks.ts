import { linesOf } from './lines.ts'

const BLOCK_LINE = /^@@ ([a-z][a-z0-9_-]{0,40})$/

/**
 * Returns the sub-blocks that `block NAME` of the section prelude announced, by name, without the blank line before
 * each announcement. Of a repeated name the first counts. Text before the first block is dropped.
 */
export function splitBlocks(stdout: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>()
  let name: string | null = null
  let lines: string[] = []
  const close = (): void => {
    if (lines.at(-1) === '') lines.pop()
    if (name !== null && !blocks.has(name)) blocks.set(name, lines.join('\n'))
    lines = []
  }
  for (const line of linesOf(stdout)) {
    const found = BLOCK_LINE.exec(line)?.[1]
    if (found === undefined) lines.push(line)
    else {
      close()
      name = found
    }
  }
  close()
  return blocks
}
