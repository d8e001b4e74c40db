/**
 * Makes the folder of a numbered service that works at once. One line in src/services/registry.ts then gives it to
 * every surface.
 *
 * Usage: npm run new-service -- NNN slug [--title-zh 标题] [--title-en Title]
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkServiceArguments } from './scaffold/check-service-arguments.ts'
import { newServiceFiles, registrationLine } from './scaffold/new-service-files.ts'
import { runScaffold, writeNewFiles } from './scaffold/write-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

runScaffold('npm run new-service -- NNN slug [--title-zh 标题] [--title-en Title]', () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'title-zh': { type: 'string' }, 'title-en': { type: 'string' } },
  })
  const service = checkServiceArguments(root, positionals, { zh: values['title-zh'], en: values['title-en'] })
  const files = newServiceFiles(service)
  writeNewFiles(root, files)
  return `made ${files.map(({ path }) => path).join('\n     ')}

Register it in src/services/registry.ts with one line:
${registrationLine(service)}

Then: npm run gen-docs, and make it do what it is for.`
})
