import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assessHeadroom } from './assess-headroom.ts'

test('says how many of ten servers at 35 % may fail below 70 %', () => {
  const ten = Array.from({ length: 10 }, () => 35)
  assert.equal(assessHeadroom(ten, 70)?.mayFailCount, 5)
  assert.equal(assessHeadroom(ten, 69.9)?.mayFailCount, 4)
})

test('knows the edges: none measured, one alone, idle, over already', () => {
  assert.equal(assessHeadroom([], 70), null)
  assert.equal(assessHeadroom([10], 70)?.mayFailCount, 0)
  assert.equal(assessHeadroom([0, 0, 0], 70)?.mayFailCount, 2)
  assert.deepEqual(assessHeadroom([80, 90], 70), {
    serverCount: 2,
    meanPercent: 85,
    thresholdPercent: 70,
    mayFailCount: 0,
    isOverNow: true,
  })
  assert.equal(assessHeadroom([70, 70], 70)?.isOverNow, false)
})

/** Whole percents, so that the sums of both sides are exact. */
const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 })
const threshold = fc.integer({ min: 1, max: 100 })

test('with that many gone the rest is not above the threshold, with one more it is or nobody is left', () => {
  fc.assert(
    fc.property(percents, threshold, (shares, thresholdPercent) => {
      const headroom = assessHeadroom(shares, thresholdPercent)
      assert.ok(headroom !== null)
      const sum = shares.reduce((a, b) => a + b, 0)
      const { mayFailCount: k, isOverNow } = headroom
      const left = shares.length - k
      assert.ok(k >= 0 && left >= 1)
      assert.equal(isOverNow, sum > thresholdPercent * shares.length)
      assert.ok(isOverNow ? k === 0 : sum <= thresholdPercent * left)
      assert.ok(left === 1 || sum > thresholdPercent * (left - 1))
    }),
  )
})

test('a higher threshold never allows fewer to fail, and order plays no part', () => {
  fc.assert(
    fc.property(percents, threshold, threshold, (shares, a, b) => {
      const low = assessHeadroom(shares, Math.min(a, b))?.mayFailCount ?? 0
      const high = assessHeadroom(shares, Math.max(a, b))?.mayFailCount ?? 0
      assert.ok(low <= high)
      assert.deepEqual(assessHeadroom(shares.toReversed(), a), assessHeadroom(shares, a))
    }),
  )
})
