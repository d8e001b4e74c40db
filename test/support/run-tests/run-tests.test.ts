import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const HEAD = "import { test } from 'node:test'\nimport assert from 'node:assert/strict'\n"

const FILES = {
  'test/good.test.ts': `${HEAD}test('one', () => {})\ntest('two', () => {})\n`,
  'test/bad.test.ts': `${HEAD}test('wrong', () => assert.equal(1, 2))\n`,
  'test/broken.test.ts': "import './gone.ts'\n",
  'test/skipping.test.ts': `${HEAD}test('needs a lamp', { skip: 'no lamp here' }, () => {})\ntest('fine', () => {})\n`,
  'test/littering.test.ts': `${HEAD}import { writeFileSync } from 'node:fs'\ntest('litters', () => writeFileSync('litter.txt', ''))\n`,
  'test/orphan.test.ts': `${HEAD}import { spawn } from 'node:child_process'
test('orphans', () => {
  spawn('sleep', ['4321'], { detached: true, stdio: 'ignore' }).unref()
})\n`,
  'test/private.test.ts': `${HEAD}import { networkInterfaces, tmpdir } from 'node:os'
test('stands apart', () => {
  assert.match(tmpdir(), /smart-ops-test-/)
  assert.ok(process.env['SMART_OPS_DATA']?.startsWith(process.env['SMART_OPS_TEST_RUN'] ?? '?'))
  assert.equal(process.env['SMART_OPS_CONFIG'], undefined)
  if (process.env['OWN_NETWORK'] === 'yes') assert.deepEqual(Object.keys(networkInterfaces()), ['lo'])
})\n`,
  'test/long.slow.test.ts': `${HEAD}test('long', () => {})\n`,
}

describe('the test runner', () => {
  let copy = ''
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'runner-'))
    cpSync(join(root, 'test/support'), join(copy, 'test/support'), {
      recursive: true,
      filter: (path) => !path.includes('fleet'),
    })
    cpSync(join(root, 'package.json'), join(copy, 'package.json'))
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    mkdirSync(join(copy, 'src'))
    for (const [path, source] of Object.entries(FILES)) writeFileSync(join(copy, path), source)
  })
  after(() => rmSync(copy, { recursive: true, force: true }))

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { NODE_TEST_CONTEXT: _context, CI: _ci, ...inherited } = process.env
    const { status, stdout } = spawnSync(process.execPath, ['test/support/run-tests/main.ts', ...args], {
      cwd: copy,
      encoding: 'utf8',
      env: { ...inherited, SMART_OPS_TEST_INSTALL: 'never', SMART_OPS_CONFIG: '/gone.yaml', ...env },
      timeout: 60_000,
    })
    return { status, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) }
  }

  test('counts on its last line', () => {
    const { status, lastLine } = run(['test/good'])
    assert.deepEqual([status, lastLine], [0, '2 passed, 0 failed, 0 skipped'])
  })

  test('a failing test and a file that does not load fail the run', () => {
    const bad = run(['test/bad'])
    assert.deepEqual([bad.status, bad.lastLine], [1, '0 passed, 1 failed, 0 skipped'])
    const broken = run(['test/broken', 'test/good'])
    assert.deepEqual([broken.status, broken.lastLine], [1, '2 passed, 1 failed, 0 skipped'])
  })

  test('a skip is named, and fails the run under CI only', () => {
    const plain = run(['test/skipping'])
    assert.deepEqual([plain.status, plain.lastLine], [0, '1 passed, 0 failed, 1 skipped'])
    assert.match(plain.stdout, /^SKIPPED test\/skipping\.test\.ts: needs a lamp \(no lamp here\)$/m)
    assert.equal(run(['test/skipping'], { CI: 'true' }).status, 1)
  })

  test('a file left behind fails the run', () => {
    const { status, stdout, lastLine } = run(['test/littering'])
    assert.deepEqual([status, lastLine], [1, '1 passed, 1 failed, 0 skipped'])
    assert.match(stdout, /^LEFTOVER the tests left a file: litter\.txt$/m)
  })

  test('a process left behind fails the run and is ended', {
    skip: !existsSync('/proc/self/environ'),
  }, () => {
    const { status, stdout } = run(['test/orphan'])
    assert.equal(status, 1)
    const pid = /^LEFTOVER a process survived the tests: (\d+) sleep 4321$/m.exec(stdout)?.[1]
    assert.ok(pid !== undefined, stdout)
    const list = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' })
    assert.match(list.stdout.trim(), /^(Z.*)?$/)
  })

  test('tests have their own temporary folder, data and, where allowed, network', () => {
    const allowed = spawnSync('unshare', ['-n', 'true']).status === 0
    const { status, stdout } = run(['test/private'], { OWN_NETWORK: allowed ? 'yes' : 'no' })
    assert.equal(status, 0, stdout)
  })

  test('the slow suite is apart, and a filter that fits nothing is an error', () => {
    assert.equal(run(['--slow']).lastLine, '1 passed, 0 failed, 0 skipped')
    const none = run(['test/gone'])
    assert.deepEqual([none.status, none.lastLine], [1, '0 passed, 0 failed, 0 skipped'])
  })
})
