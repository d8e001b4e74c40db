import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SMART_SIGNS } from '../domain/facts/disk.ts'
import { readKnowledge } from './knowledge.ts'

const OURS = join(import.meta.dirname, '..', '..', 'knowledge')

test('the knowledge that comes with the product is well formed and knows every sign', () => {
  const { smartThresholds } = readKnowledge(OURS)
  assert.deepEqual(Object.keys(smartThresholds).sort(), [...SMART_SIGNS].sort())
})

test('a missing sign, a step that does not rise and an unknown field are named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-knowledge-'))
  const { smartThresholds } = readKnowledge(OURS)
  const write = (signs: unknown): void =>
    writeFileSync(join(folder, 'smart-thresholds.json'), JSON.stringify({ about: '', signs }))
  try {
    const { wearPercent, ...others } = smartThresholds
    write(others)
    assert.throws(() => readKnowledge(folder), /wearPercent/)
    write({ ...others, wearPercent: { ...wearPercent, steps: [...wearPercent.steps].reverse() } })
    assert.throws(() => readKnowledge(folder), /must rise/)
    write({ ...smartThresholds, raedErrors: wearPercent })
    assert.throws(() => readKnowledge(folder), /raedErrors/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('known failures are read when asked for, once, with those of a folder of one’s own first', () => {
  const { knownFailures } = readKnowledge(OURS)
  assert.equal(knownFailures(), knownFailures())
  const { knownFailures: withMissing } = readKnowledge(OURS, join(OURS, 'no-such-folder'))
  assert.throws(withMissing, /no-such-folder/)
})
