/**
 * Checks everything that needs neither network nor running product: format, lint, types, architecture, documents,
 * unused code. All checks run even when one fails. Exit status 1 when any failed.
 *
 * Usage: npm run verify
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Check {
  readonly name: string
  /** Arguments of the project's Node. */
  readonly args: readonly string[]
}

/** All but the one that makes copies of the project, which takes as long as all the rest. */
const ARCHITECTURE_TESTS = globSync('test/architecture/*.test.ts', { cwd: root })
  .filter((path) => !path.endsWith('scaffold.test.ts'))
  .sort()

/** What Biome looks after: code. Markdown is laid out by hand or by its generator. */
const FORMATTED = ['src', 'bin', 'scripts', 'test', 'bench', 'corpora', 'package.json']

const CHECKS: readonly Check[] = [
  {
    name: 'format and lint',
    args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', ...FORMATTED],
  },
  { name: 'promises and switches', args: ['node_modules/oxlint/bin/oxlint', '--type-aware'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--project', '.'] },
  {
    name: 'architecture and documents',
    args: ['--test', '--test-reporter=spec', ...ARCHITECTURE_TESTS],
  },
  { name: 'unused code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
]

interface CheckResult {
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

async function runCheck({ args }: Check): Promise<CheckResult> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { passed: exitCode === 0, output, seconds: (performance.now() - startedAt) / 1000 }
}

let failures = 0
for (const check of CHECKS) {
  const { passed, output, seconds } = await runCheck(check)
  if (!passed) {
    failures += 1
    process.stdout.write(`${output.trimEnd()}\n`)
  }
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${check.name} (${seconds.toFixed(1)} s)\n`)
}
process.exitCode = failures > 0 ? 1 : 0
