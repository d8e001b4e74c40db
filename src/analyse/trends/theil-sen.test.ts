import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { median } from './median.ts'
import { theilSenPercentPerHour } from './theil-sen.ts'

const points = (percents: readonly number[], stepMs = 3_600_000) =>
  percents.map((percent, index) => ({ at: new Date(index * stepMs), percent }))

describe('median', () => {
  it('equals the middle of the sorted numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
        (numbers) => {
          const sorted = numbers.toSorted((a, b) => a - b)
          const upper = sorted[sorted.length >> 1] ?? Number.NaN
          const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
          assert.equal(
            (median(numbers) ?? Number.NaN) + 0,
            (sorted.length % 2 === 1 ? upper : (lower + upper) / 2) + 0,
          )
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is null of nothing', () => assert.equal(median([]), null))
})

describe('theilSenPercentPerHour', () => {
  it('finds the slope of a line exactly', () => {
    assert.equal(theilSenPercentPerHour(points([1, 3, 5, 7, 9])), 2)
  })

  it('bears 29 % of outliers', () => {
    const bent = [0, 1, 2, 3, 95, 5, 6, 90, 8, 9]
    const slope = theilSenPercentPerHour(points(bent)) ?? 0
    assert.ok(Math.abs(slope - 1) < 0.35, `slope ${slope}`)
  })

  it('claims nothing of 4 points or of one instant', () => {
    assert.equal(theilSenPercentPerHour(points([1, 2, 3, 4])), null)
    assert.equal(theilSenPercentPerHour(points([1, 2, 3, 4, 5], 0)), null)
  })

  it('stays exact on long series, which it thins', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => index * 0.5)
    assert.ok(Math.abs((theilSenPercentPerHour(points(long)) ?? 0) - 0.5) < 1e-9)
  })
})
