/**
 * Checks that the documents are true: paths, links, headings, commands.
 *
 * Usage: node scripts/bootstrap.mjs run scripts/check-docs.ts
 */
import { fileURLToPath } from 'node:url'
import { checkDocs } from './docs/check-docs.ts'

const { fileCount, problems } = checkDocs(fileURLToPath(new URL('..', import.meta.url)))
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(`${fileCount} documents, ${problems.length} problems\n`)
process.exitCode = problems.length > 0 ? 1 : 0
