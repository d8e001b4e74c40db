import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { displayWidth, truncateToWidth, wrapToWidth } from './display-width.ts'

describe('displayWidth', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['内存', 4],
    ['，。', 4],
    ['a│─b', 4],
    ['한글', 4],
    ['カタカナ', 8],
    ['e\u0301', 1],
    ['😀', 2],
    ['👨‍👩‍👧', 2],
    ['𠀀', 2],
    ['\u001b[1m内\u001b[22m', 2],
  ]
  for (const [given, cells] of cases) {
    it(`measures ${JSON.stringify(given)} as ${cells}`, () => assert.equal(displayWidth(given), cells))
  }
})

describe('truncateToWidth', () => {
  it('cuts between characters and says so', () => {
    assert.equal(truncateToWidth('内存使用率', 10), '内存使用率')
    assert.equal(truncateToWidth('内存使用率', 9), '内存使用…')
    assert.equal(truncateToWidth('内存使用率', 8), '内存使…')
  })
})

describe('wrapToWidth', () => {
  it('breaks Latin at spaces, Chinese anywhere, and keeps closing marks with their word', () => {
    assert.deepEqual(wrapToWidth('one two three', 7), ['one two', 'three'])
    assert.deepEqual(wrapToWidth('查看哪些服务器,再看', 8), ['查看哪些', '服务器,', '再看'])
    assert.deepEqual(wrapToWidth('abcdefghij', 4), ['abcd', 'efgh', 'ij'])
    assert.deepEqual(wrapToWidth('a\n\nb', 4), ['a', '', 'b'])
  })

  it('never makes a line too wide and loses nothing but spaces', () => {
    const alphabet = fc.constantFrom('a', 'bc', ' ', '内', '存', '，', '.', ')', '😀', '\n')
    fc.assert(
      fc.property(fc.string({ unit: alphabet }), fc.integer({ min: 2, max: 20 }), (given, width) => {
        const lines = wrapToWidth(given, width)
        for (const line of lines) assert.ok(displayWidth(line) <= width, JSON.stringify(lines))
        assert.equal(lines.join('').replaceAll(' ', ''), given.replaceAll(/[ \n]/g, ''))
      }),
      { numRuns: 2000 },
    )
  })
})
