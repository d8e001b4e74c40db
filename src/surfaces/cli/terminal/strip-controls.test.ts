import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { printableJson, stripControls } from './strip-controls.ts'

const CONTROL = /[\p{Cc}\p{Bidi_Control}]/u

describe('stripControls', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['plain text', '内存 91%\n\tok', '内存 91%\n\tok'],
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['cursor movement and erasing', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['a terminal title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a hyperlink ended by ST', '\u001b]8;;http://x\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['a device control string', 'a\u001bP1$r\u001b\\b', 'ab'],
    ['the eight-bit forms', 'a\u009b31mb\u009d0;t\u009cc', 'abc'],
    ['a reset and a charset switch', '\u001bca\u001b(0b', 'ab'],
    ['an unterminated title without eating the rest', '\u001b]0;still\nhere', '0;still\nhere'],
    ['an unterminated colour without eating the rest', 'a\u001b[31', 'a31'],
    ['carriage returns, backspaces and bells', 'ok\rno\b\u0007', 'okno'],
    ['characters that turn the writing direction', 'a\u202eexe.txt\u2066b', 'aexe.txtb'],
    ['a lone escape at the end', 'a\u001b', 'a'],
  ]
  for (const [what, given, expected] of cases) {
    it(`handles ${what}`, () => assert.equal(stripControls(given), expected))
  }

  it('leaves nothing that a terminal acts upon, whatever comes', () => {
    const alphabet = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      'P',
      '0',
      ';',
      'm',
      '\\',
      '\u0007',
      '\u009b',
      '\u009d',
      '\n',
      '\u202e',
      'a',
      '中',
    )
    fc.assert(
      fc.property(fc.string({ unit: alphabet }), (given) => {
        assert.doesNotMatch(stripControls(given).replaceAll('\n', ''), CONTROL)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes time in proportion to the text', () => {
    const startedAt = performance.now()
    for (const unit of ['\u001b]', '\u009d', '\u001b[0', '\u001bP;']) stripControls(unit.repeat(500_000))
    assert.ok(performance.now() - startedAt < 5_000)
  })
})

describe('printableJson', () => {
  it('escapes what a terminal would act upon and stays the same value', () => {
    const value = { name: 'a\u001b[31m\u009b1m\u202e\u007f', lines: 'x\ny' }
    const json = printableJson(value)
    assert.doesNotMatch(json.replaceAll('\n', ''), CONTROL)
    assert.deepEqual(JSON.parse(json), value)
  })
})
