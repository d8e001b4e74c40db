import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Stands for npm: notes its call, then behaves as the variable FAKE_NPM says. */
const FAKE_NPM = `
const fs = require('node:fs')
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
const how = process.env.FAKE_NPM
if (how === 'offline') {
  console.error('npm error code EAI_AGAIN\\nnpm error request to the registry failed')
  process.exit(1)
}
setTimeout(() => {
  fs.mkdirSync('node_modules/node/bin', { recursive: true })
  fs.writeFileSync('node_modules/dev', '')
  const target = 'node_modules/node/bin/node'
  if (how !== 'no-binary' || process.argv[2] === 'rebuild')
    if (!fs.existsSync(target)) fs.symlinkSync(process.env.REAL_NODE, target)
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
}, how === 'slow' ? 1500 : 50)
`

describe('bootstrap', () => {
  let folder = ''
  const running: ChildProcess[] = []

  const writeLockfile = (version: string) =>
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } }),
    )

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
    cpSync(join(root, 'scripts/bootstrap.mjs'), join(folder, 'scripts/bootstrap.mjs'))
    cpSync(join(root, 'scripts/bootstrap'), join(folder, 'scripts/bootstrap'), { recursive: true })
    writeLockfile('1.0.0')
    writeFileSync(join(folder, 'npm-cli.js'), FAKE_NPM)
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/cli.ts'), 'console.log("cli", ...process.argv.slice(2) as string[])\n')
  })
  afterEach(async () => {
    for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
    // npm of a killed bootstrap goes on for a moment and would write into a removed folder.
    await sleep(50)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })

  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { NODE_TEST_CONTEXT: _context, ...inherited } = process.env
    const child = spawn(process.execPath, ['scripts/bootstrap.mjs', ...args], {
      cwd: folder,
      env: { ...inherited, npm_execpath: join(folder, 'npm-cli.js'), REAL_NODE: process.execPath, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.push(child)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>(
      (resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
    )
    return { child, ended, output: () => stdout + stderr }
  }

  const npmCalls = () => {
    const path = join(folder, 'npm-calls')
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
  }

  const until = async (what: string, holds: () => boolean) => {
    const deadline = performance.now() + 10_000
    while (!holds()) {
      assert.ok(performance.now() < deadline, `waited in vain for ${what}`)
      await sleep(20)
    }
  }

  test('the first start installs and runs; the second prints nothing of its own', async () => {
    const first = await start(['start', '--flag']).ended
    assert.equal(first.stdout, 'cli up --flag\n')
    assert.match(first.stderr, /installing packages \(npm ci --omit=dev\)/)
    const second = await start(['start']).ended
    assert.deepEqual([second.stdout, second.stderr, second.code], ['cli up\n', '', 0])
    assert.equal(npmCalls().length, 1)
  })

  test('what development needs is added in place, and a changed lock file installs anew', async () => {
    await start(['start']).ended
    assert.equal((await start(['run', 'bin/cli.ts', 'x']).ended).stdout, 'cli x\n')
    assert.match(npmCalls()[1] ?? '', /^install --no-save --include=dev/)
    await start(['start']).ended
    assert.equal(npmCalls().length, 2, 'a full install is enough for production')
    writeLockfile('2.0.0')
    await start(['start']).ended
    assert.match(npmCalls()[2] ?? '', /^ci --omit=dev/)
  })

  test('two at the same time install once', async () => {
    const both = [start(['start'], { FAKE_NPM: 'slow' }), start(['start'], { FAKE_NPM: 'slow' })]
    const [a, b] = await Promise.all(both.map(({ ended }) => ended))
    assert.deepEqual([a?.stdout, b?.stdout], ['cli up\n', 'cli up\n'])
    assert.equal(npmCalls().length, 1)
    assert.match(`${a?.stderr}${b?.stderr}`, /another install is under way/)
    assert.ok(!existsSync(join(folder, '.smart-ops-install.lock')))
  })

  test('after a kill in the middle the next waits for the npm that goes on, and then it runs', async () => {
    const killed = start(['start'], { FAKE_NPM: 'slow' })
    await until('npm', () => npmCalls().length === 1)
    killed.child.kill('SIGKILL')
    await killed.ended
    const next = await start(['start']).ended
    assert.equal(next.stdout, 'cli up\n')
    assert.match(next.stderr, /another install is under way/)
  })

  test('a lock whose owner is dead is taken over', async () => {
    mkdirSync(join(folder, '.smart-ops-install.lock'))
    const owner = { pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), npmProcessGroup: null }
    writeFileSync(join(folder, '.smart-ops-install.lock/owner.json'), JSON.stringify(owner))
    assert.equal((await start(['start']).ended).stdout, 'cli up\n')
  })

  test('a half-made install is made again', async () => {
    mkdirSync(join(folder, 'node_modules/some-package'), { recursive: true })
    assert.equal((await start(['start']).ended).code, 0)
    rmSync(join(folder, 'node_modules/node'), { recursive: true })
    assert.equal((await start(['start']).ended).code, 0)
    assert.equal(npmCalls().length, 2)
  })

  test('an install made by hand with npm ci for this lock file is taken as it is', async () => {
    await start(['start']).ended
    rmSync(join(folder, 'node_modules/.smart-ops-stamp'))
    const { stdout, stderr } = await start(['run', 'bin/cli.ts']).ended
    assert.deepEqual([stdout, stderr, npmCalls().length], ['cli\n', '', 1])
  })

  test('where install scripts are forbidden, the one of node is run by itself', async () => {
    assert.equal((await start(['start'], { FAKE_NPM: 'no-binary' }).ended).code, 0)
    assert.match(npmCalls()[1] ?? '', /^rebuild node --ignore-scripts=false/)
  })

  test('without a network it says so in both languages and what to do', async () => {
    const { code, stderr } = await start(['start'], { FAKE_NPM: 'offline' }).ended
    assert.equal(code, 1)
    assert.match(stderr, /EAI_AGAIN/)
    assert.match(stderr, /无法连接 npm 仓库/)
    assert.match(stderr, /registry cannot be reached. Check the network/)
    assert.ok(!existsSync(join(folder, '.smart-ops-install.lock')))
  })

  test('without npm it says so', async () => {
    const { code, stderr } = await start(['start'], { npm_execpath: '', PATH: folder }).ended
    assert.equal(code, 1)
    assert.match(stderr, /npm was not found. Install the npm/)
  })

  test('a TERM while installing ends npm too and leaves no lock', async () => {
    const { child, ended } = start(['start'], { FAKE_NPM: 'slow' })
    await until('npm', () => npmCalls().length === 1)
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    assert.equal(code, 1)
    assert.match(stderr, /The install was interrupted/)
    assert.ok(!existsSync(join(folder, '.smart-ops-install.lock')))
  })

  test('an unknown command and a missing program are refused', async () => {
    assert.match(
      (await start(['nothing']).ended).stderr,
      /There is no command "nothing"; allowed: start, test/,
    )
    assert.match((await start(['run', 'gone.ts']).ended).stderr, /No such program file: gone\.ts/)
    assert.equal(npmCalls().length, 0)
  })

  test('it ends as the program ends: by status, by signal, and passes signals on', async () => {
    const write = (source: string) => writeFileSync(join(folder, 'bin/cli.ts'), source)
    write('process.exitCode = 7\n')
    assert.equal((await start(['start']).ended).code, 7)
    write("process.kill(process.pid, 'SIGKILL')\n")
    assert.equal((await start(['start']).ended).signal, 'SIGKILL')
    write(
      "process.on('SIGTERM', () => process.exit(9))\nsetInterval(() => undefined, 1000)\nconsole.log('up')\n",
    )
    const waiting = start(['start'])
    await until('the program', () => waiting.output().includes('up'))
    waiting.child.kill('SIGTERM')
    assert.equal((await waiting.ended).code, 9)
  })
})
