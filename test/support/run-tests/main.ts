import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chooseFiles, needDatabases, type Suite } from './choose-files.ts'
import { findProcesses, listFiles } from './find-leftovers.ts'
import type { InsideOrder } from './inside.ts'
import { installDebianPackages } from './install-debian-packages.ts'
import { namespacePrefix } from './namespace.ts'
import { notice } from './notice.ts'
import { makePrivateEnvironment, type PrivateEnvironment } from './private-environment.ts'
import type { TestTotals } from './run-files.ts'
import { mysqlCacheOf, prepareMysql } from './start-databases.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '')
const GRACE_MS = 3_000
const POLL_MS = 100

/** Runs the inner half and returns its totals, or null when it died before it had any. */
async function runInside(suite: Suite, filters: readonly string[], privately: PrivateEnvironment) {
  const databases = filters.length === 0 || needDatabases(root, chooseFiles(root, suite, filters))
  const hasMysql = databases && (await prepareMysql(root, privately.folder))
  if (chooseFiles(root, suite, filters).some((file) => file.includes('fleet10'))) {
    const { prepareOpenssh } = await import('./prepare-openssh.ts')
    await prepareOpenssh(root, privately.folder)
  }
  const prefix = namespacePrefix()
  const totalsFile = join(privately.folder, 'totals.json')
  const order: InsideOrder = {
    root,
    suite,
    filters,
    privateFolder: privately.folder,
    databases,
    mysqlCache: hasMysql ? mysqlCacheOf(root) : null,
    ownNetwork: prefix.length > 0,
    totalsFile,
  }
  const inside = fileURLToPath(new URL('./inside.ts', import.meta.url))
  const [program = process.execPath, ...args] = [...prefix, process.execPath, inside, JSON.stringify(order)]
  const child = spawn(program, args, {
    cwd: root,
    env: privately.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
  if (!existsSync(totalsFile)) return null
  const totals: TestTotals = JSON.parse(readFileSync(totalsFile, 'utf8'))
  return totals
}

/** Stops what the run left behind and returns one line for each. */
async function collectProcesses({ mark, folder }: PrivateEnvironment): Promise<string[]> {
  const deadline = Date.now() + GRACE_MS
  while (findProcesses(mark, folder).length > 0 && Date.now() < deadline) await sleep(POLL_MS)
  const left = findProcesses(mark, folder)
  for (const { pid } of left) process.kill(pid, 'SIGKILL')
  return left.map(({ pid, command }) => `a process survived the tests: ${pid} ${command}`)
}

function noticeForgottenFiles(folder: string): void {
  const forgotten = readdirSync(join(folder, 'tmp')).filter((name) => !name.startsWith('node-compile-cache'))
  if (forgotten.length > 0)
    notice(`tests left ${forgotten.length} entries in TMPDIR: ${forgotten.slice(0, 10).join(' ')}`)
}

/** Runs a suite, looks for what it left behind, and returns the exit status. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { slow: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const suite: Suite = values.slow ? 'slow' : 'quick'
  if (chooseFiles(root, suite, positionals).length === 0) {
    process.stdout.write(
      `no ${suite} test file${positionals.length > 0 ? ` matches ${positionals.join(' ')}` : ''}\n`,
    )
    process.stdout.write('0 passed, 0 failed, 0 skipped\n')
    return positionals.length > 0 ? 1 : 0
  }
  installDebianPackages()
  const filesBefore = listFiles(root)
  const privately = makePrivateEnvironment()
  let totals: TestTotals | null
  const leftovers: string[] = []
  try {
    totals = await runInside(suite, positionals, privately)
    leftovers.push(...(await collectProcesses(privately)))
    noticeForgottenFiles(privately.folder)
  } finally {
    rmSync(privately.folder, { recursive: true, force: true })
  }
  for (const path of listFiles(root))
    if (!filesBefore.has(path)) leftovers.push(`the tests left a file: ${path}`)

  for (const line of leftovers) process.stdout.write(`LEFTOVER ${line}\n`)
  const skipped = totals?.skipped ?? []
  for (const name of skipped) process.stdout.write(`SKIPPED ${name}\n`)
  if (totals === null) process.stdout.write('the runner ended before the tests did\n')
  const failed = (totals?.failed ?? 1) + leftovers.length
  const failsOnSkip = process.env['CI'] === 'true' && skipped.length > 0
  process.stdout.write(`${totals?.passed ?? 0} passed, ${failed} failed, ${skipped.length} skipped\n`)
  return failed > 0 || failsOnSkip ? 1 : 0
}

process.exitCode = await main()
