/** A cell: text that is already Markdown (escape foreign text first). */
export type MarkdownCell = string

/** Returns a GitHub-flavoured Markdown table, or '' without rows. */
export function markdownTable(
  headings: readonly MarkdownCell[],
  rows: readonly (readonly MarkdownCell[])[],
): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly MarkdownCell[]): string =>
    `| ${cells.map((cell) => (cell === '' ? '-' : cell)).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map((row) => line(row))].join('\n')
}

/** Returns the blocks as one Markdown text: empty ones left out, a blank line between, a line feed at the end. */
export const markdownBlocks = (blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`
