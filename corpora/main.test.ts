import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { scoreFacts } from './score-facts.ts'

const TESTDATA = join(import.meta.dirname, '..', 'src', 'collect', 'probes', 'memory', 'testdata')
const RECORDING = readFileSync(join(TESTDATA, 'rack-server-ddr5-disabled-module', 'inventory.stdout'), 'utf8')

/** Runs the command over a corpora folder with one kind, whose files and `expected.json` are given. */
function run(files: Readonly<Record<string, string>>, ...words: string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'smart-ops-corpora-'))
  try {
    mkdirSync(join(dir, 'dmidecode'))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, 'dmidecode', name), content)
    const main = join(import.meta.dirname, 'main.ts')
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [main, '--dir', dir, '--out', join(dir, 'out'), ...words],
      { encoding: 'utf8' },
    )
    const answers = status === 2 ? '' : readFileSync(join(dir, 'out', 'dmidecode.json'), 'utf8')
    return { status, stdout, stderr, answers }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const DIMMS = [
  { locator: 'DIMM A1', state: 'populated', size_mb: 65_536, type: 'DDR5', speed_mts: 4800 },
  { locator: 'DIMM A1', state: 'empty', size_mb: null, type: 'DDR5', speed_mts: 4800 },
  { locator: 'DIMM Z9', state: 'populated', size_mb: 8192, type: 'DDR5', speed_mts: 4800 },
]
const expectedJson = (facts: Record<string, unknown>) =>
  JSON.stringify({ 'a.txt': { dimms: DIMMS, ...facts } })

test('answers are scored, printed as JSON lines and written', () => {
  const files = {
    'a.txt': RECORDING,
    'expected.json': expectedJson({ slots_total: 5, installed_mb: 1, dmidecode: '3.5', chassis_type: null }),
  }
  const { status, stdout, answers } = run(files, '--json', '--kind', 'dmidecode')
  assert.equal(status, 0)
  const lines = stdout.trim().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      { kind: 'dmidecode', metric: 'facts', value: 0.75, files: 1, crashes: 0 },
      { kind: 'dmidecode', metric: 'dimm_precision', value: 0.5, files: 1, crashes: 0 },
      { kind: 'dmidecode', metric: 'dimm_recall', value: 0.5, files: 1, crashes: 0 },
    ],
  )
  assert.equal(JSON.parse(answers)['a.txt'].slots_total, 5)
  assert.match(run(files).stdout, /a\.txt: 1 wrong\n {4}installed_mb: expected 1, got 194944/)
})

test('a missing input is a crash, is scored as wrong, and fails the run', () => {
  const { status, stdout } = run({ 'expected.json': expectedJson({ slots_total: 5 }) })
  assert.equal(status, 1)
  assert.match(stdout, /facts +0\.0000 +1 files, 1 crashes/)
  assert.match(stdout, /CRASH a\.txt: ENOENT/)
})

test('a wrong command says what is wrong', () => {
  assert.match(run({}, '--kind', 'nothing').stderr, /--kind is nothing; .*\nusage: [\s\S]*dmidecode/)
  assert.match(run({}, '--colour').stderr, /Unknown option '--colour'/)
})

test('null must be answered with null, and a rule may accept more than equality', () => {
  const expected = new Map([['f', { a: null, b: 1, c: [1, 2] }]])
  const answers = new Map([['f', { a: 'invented', b: 1.5, c: [1, 2] }]])
  const fields = () => ['a', 'b', 'c']
  assert.equal(scoreFacts(expected, answers, fields).accuracy, 1 / 3)
  const near = { b: (wanted: unknown, got: unknown) => Math.abs(Number(wanted) - Number(got)) < 1 }
  assert.equal(scoreFacts(expected, answers, fields, near).accuracy, 2 / 3)
  assert.equal(scoreFacts(expected, new Map(), fields).accuracy, 1 / 3)
  assert.equal(scoreFacts(expected, answers, () => []).accuracy, null)
})
