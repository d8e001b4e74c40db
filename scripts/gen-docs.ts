/**
 * Writes the documents that come from code: docs/errors.md, docs/services.md, docs/config.md,
 * config/smart-ops.example.yaml and the dependency table in AGENTS.md.
 *
 * Usage: npm run gen-docs [-- --check]   (`--check` writes nothing and fails when a file is stale)
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findStaleFiles } from './docs/generated-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const stale = findStaleFiles(root)
if (process.argv.includes('--check')) {
  for (const { path } of stale) process.stderr.write(`${path} is stale: run npm run gen-docs\n`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const { path, content } of stale) {
    writeFileSync(join(root, path), content)
    process.stdout.write(`wrote ${path}\n`)
  }
}
