import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readKnownFailures } from '../../config/knowledge-failures.ts'
import { findIncidents } from '../known-failures/find-incidents.ts'

const FAILURES = join(import.meta.dirname, '..', '..', '..', 'knowledge', 'failures')
const MAX_MS = 100
const HEADERS = [
  '',
  '[   12.5] ',
  '[   12.5][ T12] ',
  '<4>[    1.000000] ',
  '[   12.5] node-1 kernel: ',
  'Mar  2 09:00:00 node-1 kernel: ',
  '2026-03-02T09:00:00+08:00 node-1 kernel: ',
  '[99999999999.999999999] ',
  '2026-99-99T99:99:99Z h kernel: ',
]
const NASTY = [
  '',
  '\0',
  ' '.repeat(800),
  '('.repeat(300),
  '9'.repeat(900),
  '[sda]',
  ': ',
  '%',
  '\u{1F600}',
  '\uD800',
  '{',
  '\\',
]

/** Lines that the catalogue knows, with pieces cut out and replaced: much closer to its patterns than noise. */
const lineOf = (known: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...HEADERS),
      fc.constantFrom(...known),
      fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.constantFrom(...NASTY)), { maxLength: 4 }),
    )
    .map(([header, line, edits]) =>
      edits.reduce((current, [seed, length, piece]) => {
        const at = seed % (current.length + 1)
        return current.slice(0, at) + piece + current.slice(at + length)
      }, header + line),
    )

/** Declares a test: whatever a log holds, finding its incidents neither throws nor lingers, and what is found is bounded. */
export function fuzzIncidents(cases: number): void {
  test(`no log makes the search for incidents throw, linger or grow (${cases} logs)`, () => {
    const catalogue = readKnownFailures([FAILURES])
    const known = catalogue.flatMap(({ matches, others }) => [...matches, ...others])
    const noise = fc.string({ unit: 'binary', maxLength: 200 })
    const line = fc.oneof({ weight: 9, arbitrary: lineOf(known) }, { weight: 1, arbitrary: noise })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const timeOnce = (): number => {
          const started = performance.now()
          for (const incident of findIncidents(lines, catalogue, new Date(0))) {
            assert.ok(incident.count > 0 && incident.count <= lines.length)
            assert.ok(incident.lines.length > 0 && incident.lines.length <= 12)
            assert.ok(incident.lines.every(({ message }) => message.length <= 400))
          }
          return performance.now() - started
        }
        const first = timeOnce()
        const took = first < MAX_MS ? first : Math.min(first, timeOnce(), timeOnce())
        assert.ok(took < MAX_MS, `took ${took.toFixed(1)} ms`)
      }),
      { numRuns: cases },
    )
  })
}
