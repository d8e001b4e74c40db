import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file to be written, by its path from the root of the project. */
export interface NewFile {
  readonly path: string
  readonly content: string
}

/** A wrong argument of a scaffolding command, in words that say what is allowed. */
export class ScaffoldError extends Error {}

/** Writes new files below a root. Throws when one exists: nothing is ever written over. */
export function writeNewFiles(root: string, files: readonly NewFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content, { flag: 'wx' })
  }
}

/** Runs a scaffolding command and prints a wrong argument as one line, without a stack. */
export function runScaffold(usage: string, scaffold: () => string): void {
  try {
    process.stdout.write(`${scaffold()}\n`)
  } catch (error) {
    const isArgument =
      error instanceof ScaffoldError ||
      (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    if (!isArgument) throw error
    process.stderr.write(`${error.message}\nusage: ${usage}\n`)
    process.exitCode = 2
  }
}

/** Returns a TypeScript string literal in single quotes. */
export const quote = (value: string): string =>
  `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`

/** Returns `disk_health` as `diskHealth`. */
export const camelCase = (slug: string): string =>
  slug.replaceAll(/[_-]([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
