import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { RECORDING_KINDS, readRecordingOf, sniffRecording } from '../recordings/recording-kinds.ts'
import { assertInProportion, assertMemoryBounded, assertQuick } from './assert-quick.ts'
import { fuzzText } from './fuzz-parsers.ts'

/** Every text of every tool that any test of the collector holds: a reader is handed all of them. */
function allTexts(): readonly string[] {
  const collect = join(import.meta.dirname, '..')
  return globSync(['probes/*/testdata/*/*.stdout', 'recordings/testdata/*/*.txt'], { cwd: collect })
    .sort()
    .map((path) => readFileSync(join(collect, path), 'utf8'))
    .filter((text) => text.trim() !== '')
}

const asJson = (facts: object | null): string =>
  JSON.stringify(facts, (_key, value: unknown) =>
    value instanceof Map
      ? Object.fromEntries(value)
      : typeof value === 'number' && !Number.isFinite(value)
        ? 'not a number'
        : value,
  )

/** Declares one test for each kind of recording: whatever the text, its reader neither throws nor lingers nor multiplies it. */
export function fuzzRecordingKinds(casesPerKind: number): void {
  const texts = fuzzText(allTexts())
  for (const kind of RECORDING_KINDS)
    test(`${kind}: no text makes the reader throw or linger`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          let facts: object | null = null
          assertQuick(() => {
            facts = readRecordingOf(kind, text)
          })
          const json = asJson(facts)
          assert.doesNotMatch(json, /:"not a number"/)
          assertInProportion(json, text.length)
        }),
        { numRuns: casesPerKind },
      )
    })

  test('each text of a tool is found to be of some kind, and most kinds are met', () => {
    const kinds = new Set(allTexts().map((text) => sniffRecording(text)?.kind))
    assert.ok(kinds.size >= 8, `only ${[...kinds].join(', ')}`)
  })

  test('memory stays bounded', assertMemoryBounded)
}
