import { checkCommands } from './check-commands.ts'
import { checkHeadings } from './check-headings.ts'
import { checkLinks, checkPaths } from './check-paths.ts'
import { readMarkdownFiles } from './markdown-file.ts'

/**
 * Returns one line for everything in the project's Markdown that is not true of the tree: paths and links that lead
 * nowhere, missing READMEs and headings, commands that do not exist.
 */
export function checkDocs(root: string): {
  readonly fileCount: number
  readonly problems: readonly string[]
} {
  const files = readMarkdownFiles(root)
  const problems = [
    ...files.flatMap((file) => [...checkPaths(root, file), ...checkLinks(root, file)]),
    ...checkHeadings(root, files),
    ...checkCommands(root, files),
  ]
  return { fileCount: files.length, problems }
}
