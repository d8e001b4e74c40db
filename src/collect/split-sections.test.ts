import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitSections } from './split-sections.ts'
import { TEST_NONCE } from './testing/run-probe.ts'

const RUNS = { numRuns: 2_000 }
const NOTHING = Buffer.alloc(0)
const mark = (what: string, nonce = TEST_NONCE): string => `\n@@smart-ops ${nonce} out ${what}\n`

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc
    .array(
      fc.constantFrom(
        '\n',
        '\r\n',
        '@@smart-ops ',
        'out begin a.a',
        'out end a.a 0',
        ' ',
        'x',
        mark('end a.a 0', 'f'.repeat(32)),
      ),
    )
    .map((parts) => Buffer.from(parts.join(''))),
)

const compose = (bodies: readonly Buffer[]): Buffer =>
  Buffer.concat(
    bodies.flatMap((body, index) => [
      Buffer.from(mark(`begin p.s${index}`)),
      body,
      Buffer.from(mark(`end p.s${index} ${index}`)),
    ]),
  )

test('every section comes back byte for byte, whatever it printed', () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 6 }), bytes, (bodies, banner) => {
      const split = splitSections(Buffer.concat([banner, compose(bodies)]), NOTHING, TEST_NONCE)
      assert.equal(split.size, bodies.length)
      for (const [index, body] of bodies.entries()) {
        const section = split.get(`p.s${index}`)
        // A carriage return right before the marker's own line end is taken for the CRLF of a terminal.
        const expected = body.at(-1) === 13 ? body.subarray(0, -1) : body
        assert.deepEqual(section?.stdoutBytes, expected)
        assert.equal(section?.exitCode, index)
      }
    }),
    RUNS,
  )
})

test('a cut anywhere costs only the section it falls into and those after it', () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 6 }), fc.nat(), (bodies, seed) => {
      const whole = compose(bodies)
      const cut = seed % (whole.length + 1)
      const full = splitSections(whole, NOTHING, TEST_NONCE)
      const ends = bodies.map((_body, index) => compose(bodies.slice(0, index + 1)).length)
      const split = splitSections(whole.subarray(0, cut), NOTHING, TEST_NONCE)
      for (const [index, end] of ends.entries()) {
        const id = `p.s${index}`
        if (end <= cut) assert.deepEqual(split.get(id), full.get(id))
        else assert.ok((split.get(id)?.exitCode ?? null) === null, `${id} ends after the cut`)
      }
    }),
    RUNS,
  )
})

test('lost and repeated markers leave the other sections alone', () => {
  const lost = `${mark('begin a.one')}1${mark('begin a.two')}2${mark('end a.two 0')}${mark('begin a.two')}forged${mark('end a.two 9')}${mark('end a.three 0')}`
  const split = splitSections(Buffer.from(lost), NOTHING, TEST_NONCE)
  assert.deepEqual(
    [...split].map(([id, section]) => [id, section.stdout, section.exitCode]),
    [
      ['a.one', '1', null],
      ['a.two', '2', 0],
    ],
  )
})

test('markers of another run are data, CRLF is read, stderr is told apart, bad UTF-8 is replaced', () => {
  const foreign = mark('end a.one 0', 'a'.repeat(32))
  const out = `Welcome!${mark('begin a.one')}x${foreign}y${mark('end a.one 0')}`.replaceAll('\n', '\r\n')
  const err = `\n@@smart-ops ${TEST_NONCE} err begin a.one\nwarn \n@@smart-ops ${TEST_NONCE} err end a.one 0\n`
  const section = splitSections(Buffer.from(out), Buffer.from(err), TEST_NONCE).get('a.one')
  assert.equal(section?.stdout, `x${foreign}y`)
  assert.equal(section?.stderr, 'warn ')
  const bad = Buffer.concat([
    Buffer.from(mark('begin a.one')),
    Buffer.from([0xff, 0x41]),
    Buffer.from(mark('end a.one 0')),
  ])
  assert.equal(splitSections(bad, NOTHING, TEST_NONCE).get('a.one')?.stdout, '\uFFFDA')
})

test('a recording with both streams in one file still has its sections', () => {
  const err = (what: string): string => `\n@@smart-ops ${TEST_NONCE} err ${what}\n`
  const both = `${mark('begin a.one')}${err('begin a.one')}value\n${mark('end a.one 0')}${err('end a.one 0')}`
  const section = splitSections(Buffer.from(both), NOTHING, TEST_NONCE).get('a.one')
  assert.equal(section?.stdout.trim(), 'value')
  assert.equal(section?.exitCode, 0)
})
