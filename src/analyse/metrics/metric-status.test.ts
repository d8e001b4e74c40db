import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { criticalFromPercent, metricStatus } from './metric-status.ts'

describe('metricStatus', () => {
  it('warns above the threshold and not at it', () => {
    assert.equal(metricStatus(70, 70), 'normal')
    assert.equal(metricStatus(70.01, 70), 'warning')
    assert.equal(metricStatus(null, 70), null)
  })

  it('is critical from halfway to 100, at latest from 95', () => {
    assert.deepEqual([70, 80, 92, 95, 100].map(criticalFromPercent), [85, 90, 95, 97.5, 100])
    assert.equal(metricStatus(84.99, 70), 'warning')
    assert.equal(metricStatus(85, 70), 'critical')
    assert.equal(metricStatus(94.99, 92), 'warning')
    assert.equal(metricStatus(95, 92), 'critical')
    assert.equal(metricStatus(95.01, 95), 'warning')
    assert.equal(metricStatus(97.5, 95), 'critical')
  })

  it('always leaves room between warning and critical below 100', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 99.9, noNaN: true }), (threshold) => {
        assert.ok(criticalFromPercent(threshold) > threshold && criticalFromPercent(threshold) <= 100)
      }),
    )
  })
})
