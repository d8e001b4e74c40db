import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import { PROBES } from '../probes/index.ts'
import { assertInProportion, assertMemoryBounded, assertQuick } from './assert-quick.ts'
import { CASE_TIME } from './probe-cases.ts'

/** What every case folder recorded of one section. */
function recordings(probe: string, section: string): readonly string[] {
  const testdata = join(import.meta.dirname, '..', 'probes', probe, 'testdata')
  return readdirSync(testdata).flatMap((name) => {
    const folder = join(testdata, name)
    return readdirSync(folder).includes(`${section}.stdout`)
      ? [readFileSync(join(folder, `${section}.stdout`), 'utf8')]
      : []
  })
}

const NASTY = [
  '\0',
  '\n',
  '\r\n',
  ' '.repeat(5_000),
  '\t',
  '|',
  ':',
  '=',
  '"',
  '\\x',
  '9'.repeat(400),
  '-1',
  '1e309',
  '%',
  '/',
  '@@ df',
  '@@ device /dev/x sat',
  '(F)',
  '\uFFFD',
  'é',
  '{"a":',
  ']',
  '0x',
]

/** Recorded text with pieces cut out, doubled and replaced by nasty ones: much closer to the paths of a parser than noise. */
const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat(80), fc.constantFrom('', ...NASTY)), { maxLength: 12 }),
    )
    .map(([text, edits]) =>
      edits.reduce((current, [seed, length, piece]) => {
        const at = seed % (current.length + 1)
        return current.slice(0, at) + piece + current.slice(at + length)
      }, text),
    )

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...NASTY), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.json(),
)

/** Returns texts for a parser: three in four are recorded ones that were mutated, the rest is noise. Throws when nothing was recorded. */
export function fuzzText(recorded: readonly string[]): fc.Arbitrary<string> {
  assert.ok(recorded.length > 0, 'nothing recorded to mutate')
  return fc.oneof({ weight: 3, arbitrary: mutated(recorded) }, { weight: 1, arbitrary: noise })
}

/** Declares one test for each section of each probe: whatever it printed, its parser neither throws, lingers, nor multiplies it. */
export function fuzzParsers(casesPerParser: number): void {
  for (const name of PROBE_NAMES)
    for (const { name: section } of PROBES[name].sections)
      test(`${name}.${section}: no text makes the parser throw or linger`, () => {
        fc.assert(
          fc.property(fuzzText(recordings(name, section)), (stdout) => {
            const raw = { [section]: { status: 'ok', value: { stdout, stderr: '', exitCode: 0 } } } as const
            let facts: unknown = null
            assertQuick(() => {
              facts = PROBES[name].parse(raw, CASE_TIME)
            })
            const json = JSON.stringify(facts)
            assert.doesNotMatch(json, /parser failed/)
            assertInProportion(json, stdout.length)
          }),
          { numRuns: casesPerParser },
        )
      })

  test('memory stays bounded', assertMemoryBounded)
}
