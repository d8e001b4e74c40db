import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownFile } from './markdown-file.ts'

/** What the README of every folder of a kind tells, under these headings. */
const REQUIRED = [
  { folders: 'src/services/service_*', headings: ['What it does', 'Input', 'Output', 'Errors'] },
  { folders: 'src/collect/probes/*/', headings: ['Reads', 'Commands', 'Privileges', 'Units', 'Sample'] },
] as const

/** Returns a line for every service or probe without README, and for every heading that such a README lacks. */
export function checkHeadings(root: string, files: readonly MarkdownFile[]): string[] {
  return REQUIRED.flatMap(({ folders, headings }) =>
    globSync(folders, { cwd: root })
      .map((folder) => `${folder.replaceAll('\\', '/').replace(/\/$/, '')}/README.md`)
      .sort()
      .flatMap((path) => {
        if (!existsSync(join(root, path))) return [`${path} is missing; it has: ${headings.join(', ')}`]
        const found = files.find((file) => file.path === path)?.prose ?? []
        return headings
          .filter((heading) => !found.some((line) => line.trim() === `## ${heading}`))
          .map((heading) => `${path} lacks the heading "## ${heading}"`)
      }),
  )
}
