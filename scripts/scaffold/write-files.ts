import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file to be written, by its path from the root of the project. */
export interface NewFile {
  readonly path: string
  readonly content: string
}

/** A wrong argument of a scaffolding command, in words that say what is allowed. */
export class ScaffoldError extends Error {}

const BIOME = fileURLToPath(new URL('../../node_modules/@biomejs/biome/bin/biome', import.meta.url))

/** Lays the files out as `npm run verify` wants them: how long a line gets depends on the names. */
function format(root: string, paths: readonly string[]): void {
  const args = [BIOME, 'format', '--write', ...paths.filter((path) => path.endsWith('.ts'))]
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 30_000 })
  if (result.status !== 0) throw new Error(`biome could not format the new files:\n${result.stderr}`)
}

/** Writes new files below a root and formats them. Throws when one exists: nothing is ever written over. */
export function writeNewFiles(root: string, files: readonly NewFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content, { flag: 'wx' })
  }
  format(
    root,
    files.map(({ path }) => path),
  )
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
