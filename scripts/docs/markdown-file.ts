import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Markdown file split into what is prose and what is code. */
export interface MarkdownFile {
  /** Path from the root of the project, with `/`. */
  readonly path: string
  /** Its lines; those of code blocks are empty, so that line numbers stay. */
  readonly prose: readonly string[]
  /** Lines of the code blocks with their 1-based number and the block's language word. */
  readonly code: readonly { readonly line: number; readonly language: string; readonly text: string }[]
}

const LEFT_OUT = /^(node_modules|data|logs|dist|test-results)\/|\/testdata\//

/** Returns one file, split. */
function splitMarkdown(path: string, source: string): MarkdownFile {
  const prose: string[] = []
  const code: { line: number; language: string; text: string }[] = []
  let fence: { readonly mark: string; readonly language: string } | null = null
  for (const [index, text] of source.split('\n').entries()) {
    const mark = /^\s*(```+|~~~+)\s*([\w-]*)/.exec(text)
    if (mark !== null && fence === null) fence = { mark: mark[1] ?? '', language: mark[2] ?? '' }
    else if (fence !== null && text.trim() === fence.mark) fence = null
    else if (fence !== null) code.push({ line: index + 1, language: fence.language, text })
    prose.push(fence === null && mark === null ? text : '')
  }
  return { path, prose, code }
}

/** Returns every Markdown file of the project, split and sorted by path. */
export function readMarkdownFiles(root: string): MarkdownFile[] {
  return globSync('**/*.md', { cwd: root, exclude: (name) => name === 'node_modules' || name === '.git' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !LEFT_OUT.test(path))
    .sort()
    .map((path) => splitMarkdown(path, readFileSync(join(root, path), 'utf8')))
}
