/**
 * Makes the folder of a probe that works at once: sections, a parser with its test, a README, and its type of facts.
 *
 * Usage: npm run new-probe -- name
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { newProbeFiles, probeRegistration } from './scaffold/new-probe-files.ts'
import { runScaffold, ScaffoldError, writeNewFiles } from './scaffold/write-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Returns the name that the arguments ask for. Throws ScaffoldError, saying what is allowed. */
function checkName(positionals: readonly string[]): string {
  const [name = '', ...more] = positionals
  if (!/^[a-z][a-z0-9]{1,29}$/.test(name))
    throw new ScaffoldError(
      `name "${name}": 2 to 30 lower-case letters and digits, one word, such as network`,
    )
  if (more.length > 0) throw new ScaffoldError(`nothing may follow the name, found "${more.join(' ')}"`)
  for (const path of [`src/collect/probes/${name}`, `src/domain/facts/${name}.ts`])
    if (existsSync(join(root, path))) throw new ScaffoldError(`name ${name} is taken: ${path} exists`)
  return name
}

runScaffold('npm run new-probe -- name', () => {
  const name = checkName(parseArgs({ allowPositionals: true }).positionals)
  const files = newProbeFiles(name)
  writeNewFiles(root, files)
  const lines = probeRegistration(name).map(({ file, line }) => `${file}:\n${line}`)
  return `made ${files.map(({ path }) => path).join('\n     ')}

Make it known with one line each in:
${lines.join('\n')}

Then record what real machines print, and make it read what it is for.`
})
