import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { AppError } from '../domain/errors.ts'
import { KERNEL_LOG_WORDS } from '../domain/known-failure.ts'
import { readKnownFailures } from './knowledge-failures.ts'

const OURS = join(import.meta.dirname, '..', '..', 'knowledge', 'failures')

const ENTRY = `  - id: demo_fault
    sort: demo
    title: { zh: 示例故障, en: A demo fault }
    severity: urgent
    part: drive
    from: kernel
    keyword: demo error
    pattern: '^demo(?<unit>\\d{1,3}): demo error'
    subject: unit
    meaning: { zh: 含义, en: What it means }
    advice: { zh: 建议, en: What to do }
    source: ours
    matches: ['demo7: demo error 12']
    others: ['no demo error here']
`
const FILE = `failures:\n${ENTRY}`

/** Reads a folder with one file of that content. */
function read(content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-failures-'))
  try {
    writeFileSync(join(folder, 'own.yaml'), content)
    return readKnownFailures([folder])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const changed = (from: string | RegExp, to: string): string => FILE.replace(from, to)

function refused(content: string, expected: RegExp): void {
  assert.throws(
    () => read(content),
    (error) => {
      assert.ok(error instanceof AppError && error.code === 'CONFIG_INVALID')
      assert.match(error.text.en, expected)
      assert.match(error.text.en, /own\.yaml/)
      return true
    },
  )
}

describe('readKnownFailures', () => {
  it('reads an entry with what is left out', () => {
    const [entry, ...others] = read(FILE)
    assert.deepEqual(others, [])
    assert.deepEqual(
      [entry?.id, entry?.origin, entry?.keywords, entry?.partOf, entry?.repeated, entry?.subject],
      ['demo_fault', 'kernel', ['demo error'], [], null, 'unit'],
    )
    assert.equal(entry?.pattern.exec('demo7: demo error 12')?.groups?.['unit'], '7')
  })

  it('names file, place, entry and field of a mistake', () => {
    refused(changed('severity: urgent', 'severity: awful'), /own\.yaml:5:15 demo_fault\.severity: /)
    refused(changed('    source: ours\n', ''), /demo_fault\.source/)
    refused(changed('    source: ours', '    sauce: ours'), /sauce/)
    refused(changed('id: demo_fault', 'id: Demo Fault'), /failures\[0\]\.id/)
    refused(changed('{ zh: 含义, en: What it means }', '{ en: What it means }'), /demo_fault\.meaning\.zh/)
    refused(changed('\\d{1,3}', '\\d+'), /demo_fault\.pattern: \+ has no upper limit/)
    refused(
      changed('subject: unit', 'subject: drive'),
      /demo_fault\.subject: the pattern has no group named drive/,
    )
    refused(`failures: []\n`, /a list of 1 to 1000 entries/)
    refused('[', /YAML syntax error/)
  })

  it('refuses entries whose own lines prove them wrong', () => {
    refused(
      changed("['demo7: demo error 12']", "['demo: demo error 12']"),
      /demo_fault\.matches: .* does not match/,
    )
    refused(
      changed("['demo7: demo error 12']", "['demo7: trouble']"),
      /demo_fault\.matches: .* holds no keyword/,
    )
    refused(
      changed("['no demo error here']", "['demo8: demo error']"),
      /demo_fault\.others: .* must not match/,
    )
  })

  it('refuses a keyword of the kernel whose lines would never be read, and a sort that nothing has', () => {
    refused(
      changed('keyword: demo error', 'keyword: demo'),
      /demo_fault\.keyword: "demo" holds none of the words/,
    )
    assert.equal(
      read(changed('keyword: demo error', 'keyword: demo').replace('from: kernel', 'from: service')).length,
      1,
    )
    assert.throws(() => read(`${FILE}    part_of: [demmo]\n`), /no failure has the sort demmo/)
  })

  it('tells all mistakes at once, and refuses an id that is there twice', () => {
    refused(
      `${changed('severity: urgent', 'severity: awful')}${ENTRY.replace('part: drive', 'part: disc')}`,
      /2 problems/,
    )
    refused(`${FILE}${ENTRY}`, /demo_fault\.id: the same as at .*own\.yaml:2:5/)
  })

  it('reads people’s own before those that come along, and names a folder that is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'smart-ops-failures-'))
    try {
      mkdirSync(join(folder, 'own'))
      writeFileSync(join(folder, 'own', 'mine.yml'), FILE)
      writeFileSync(join(folder, 'own', 'notes.txt'), 'not read')
      assert.equal(readKnownFailures([join(folder, 'own'), OURS])[0]?.id, 'demo_fault')
      assert.throws(() => readKnownFailures([join(folder, 'missing')]), /there is no such folder/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('the catalogue that comes along', () => {
  const catalogue = readKnownFailures([OURS])

  it('knows many failures, each with a line that is one and a line that is none', () => {
    assert.ok(catalogue.length >= 60)
    for (const { id, others } of catalogue) assert.ok(others.length > 0, id)
  })

  it('names every word for choosing lines in its README, whose example is an entry', () => {
    const readme = readFileSync(join(OURS, 'README.md'), 'utf8')
    for (const word of KERNEL_LOG_WORDS) assert.ok(readme.includes(`\`${word}\``), word)
    const example = /^## An entry\n\n```yaml\n([^`]{1,4000})```/m.exec(readme)?.[1] ?? ''
    const sorts = '    sort: drive_gone\n    part_of: []\n'
    const other = example.replace(/^failures:\n/, '').replace('demo_controller_fault', 'demo_other')
    const both =
      example +
      other.replace('    sort: controller_fault\n', sorts).replace(/ {4}part_of: \[drive_gone\]\n/, '')
    assert.deepEqual(
      read(both).map(({ id }) => id),
      ['demo_controller_fault', 'demo_other'],
    )
  })

  it('has no word for choosing lines that no keyword needs', () => {
    const keywords = catalogue.flatMap((one) => (one.origin === 'kernel' ? one.keywords : []))
    for (const word of KERNEL_LOG_WORDS) {
      const needed = keywords.some((keyword) => {
        const held = KERNEL_LOG_WORDS.filter((one) => keyword.toLowerCase().includes(one))
        return held.length === 1 && held[0] === word
      })
      assert.ok(needed, word)
    }
  })
})
