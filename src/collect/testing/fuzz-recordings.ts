import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDmidecodeRecording } from '../recordings/dmidecode.ts'
import { fuzzText } from './fuzz-parsers.ts'

const MEMORY_CASES = join(import.meta.dirname, '..', 'probes', 'memory', 'testdata')

const inventories = (): readonly string[] =>
  readdirSync(MEMORY_CASES).flatMap((name) =>
    readdirSync(join(MEMORY_CASES, name)).includes('inventory.stdout')
      ? [readFileSync(join(MEMORY_CASES, name, 'inventory.stdout'), 'utf8')]
      : [],
  )

/** Declares one test for each reader of recordings: whatever the text, counts agree with the lists and every value is JSON. */
export function fuzzRecordings(casesPerReader: number): void {
  test('dmidecode: no text makes the facts contradict each other', () => {
    fc.assert(
      fc.property(fuzzText(inventories()), (text) => {
        const facts = readDmidecodeRecording(text)
        assert.equal(facts.slots.length, facts.slots_total)
        assert.equal(facts.slots_populated + facts.slots_empty + facts.slots_unknown, facts.slots_total)
        assert.equal(facts.dimms.length, facts.slots_populated)
        for (const { size_mb: size } of facts.dimms) assert.ok(size !== null && size >= 0)
        assert.doesNotMatch(JSON.stringify(facts), /"(?:NaN|undefined)"/)
        assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts)
      }),
      { numRuns: casesPerReader },
    )
  })
}
