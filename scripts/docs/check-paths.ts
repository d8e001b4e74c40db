import { existsSync, globSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { MarkdownFile } from './markdown-file.ts'

/** Folders of the repository; a backticked word that starts with one is a path that has to exist. */
const REPOSITORY_PATH =
  /^(?:src|test|scripts|docs|bin|config|bench|knowledge|console|deploy|\.ci)\/[\w./@*-]*$|^[A-Z][A-Z-]+\.md$|^(?:package|tsconfig|biome|knip)\.json$/
/** A capital word that stands for a name, as in `src/operations/FOLDER/VERB.ts`. */
const PLACEHOLDER = /\/[A-Z]{4,}(\/|\.ts$|$)/
/** What an operator or the product makes; not in the repository. */
const MADE_LATER = new Set(['config/smart-ops.yaml'])

const exists = (root: string, path: string): boolean =>
  path.includes('*') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path))

/** Returns a line for every backticked repository path that does not exist. A path may hold `*`. */
export function checkPaths(root: string, file: MarkdownFile): string[] {
  return file.prose.flatMap((text, index) =>
    [...text.matchAll(/`([^`]+)`/g)]
      .map((match) => match[1] ?? '')
      .filter(
        (word) =>
          REPOSITORY_PATH.test(word) &&
          !PLACEHOLDER.test(word) &&
          !MADE_LATER.has(word) &&
          !exists(root, word),
      )
      .map((word) => `${file.path}:${index + 1}: \`${word}\` does not exist`),
  )
}

/** Returns a line for every relative link whose file does not exist. */
export function checkLinks(root: string, file: MarkdownFile): string[] {
  return file.prose.flatMap((text, index) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^([a-z]+:|#|\/\/)/i.test(target))
      .filter((target) => {
        const path = decodeURI(target.split('#')[0] ?? '')
        return !existsSync(join(root, posix.dirname(file.path), path))
      })
      .map((target) => `${file.path}:${index + 1}: link ${target} leads nowhere`),
  )
}
