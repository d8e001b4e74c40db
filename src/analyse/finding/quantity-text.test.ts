import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesText, durationText, listText, percentText } from './quantity-text.ts'

describe('quantities as text', () => {
  it('writes sizes in the unit that fits', () => {
    assert.deepEqual([0, 1023, 1024, 1536, 1024 ** 3 - 1, 3 * 1024 ** 4].map(bytesText), [
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 KiB',
      '1024 MiB',
      '3 TiB',
    ])
  })

  it('writes shares without trailing zeros', () => {
    assert.deepEqual([70, 70.1, 99.999].map(percentText), ['70%', '70.1%', '100%'])
  })

  it('writes spans in the largest unit that fits', () => {
    const spans = [59_000, 60_000, 3_599_000, 3_600_000, 47.5 * 3_600_000, 48 * 3_600_000]
    assert.deepEqual(
      spans.map((span) => durationText(span).en),
      ['59 s', '1 min', '60 min', '1 h', '47.5 h', '2 days'],
    )
    assert.equal(durationText(5_400_000).zh, '1.5 小时')
  })

  it('says how many items it left out', () => {
    assert.deepEqual(listText(['a', 'b'], 2), { zh: 'a、b', en: 'a, b' })
    assert.deepEqual(listText(['a', 'b', 'c'], 2), { zh: 'a、b 等 3 项', en: 'a, b and 1 more' })
  })
})
