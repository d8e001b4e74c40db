import { linesOf } from './lines.ts'

/** Lines between one announcement `@@ KIND NAME` and the next. */
export interface NamedBlock {
  readonly name: string
  readonly lines: readonly string[]
}

/** Returns the blocks that a section announced with `@@ KIND NAME`, in their order; lines before the first are dropped. */
export function splitNamedBlocks(stdout: string, kind: string): readonly NamedBlock[] {
  const blocks: { readonly name: string; readonly lines: string[] }[] = []
  const start = `@@ ${kind} `
  for (const line of linesOf(stdout)) {
    if (line.startsWith(start)) blocks.push({ name: line.slice(start.length).trim(), lines: [] })
    else blocks.at(-1)?.lines.push(line)
  }
  return blocks
}
