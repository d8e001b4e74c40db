import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureDiskGrowth } from './disk-growth.ts'

const START = Date.UTC(2026, 2, 1)

/** Samples an hour apart. */
const hourly = (percents: readonly (number | null)[]) =>
  percents.map((diskPercent, hour) => ({ collectedAt: new Date(START + hour * 3_600_000), diskPercent }))

const growing = (hours: number, from: number, perHour: number) =>
  hourly(Array.from({ length: hours + 1 }, (_, hour) => from + hour * perHour))

test('a filesystem that grows half a point an hour is full in a day and two thirds', () => {
  assert.deepEqual(measureDiskGrowth(growing(48, 56, 0.5), 80), {
    percentPerDay: 12,
    daysUntilFull: 1.7,
    sinceAt: new Date(START),
    sampleCount: 49,
  })
})

test('one that stays or empties has no date', () => {
  assert.equal(measureDiskGrowth(growing(48, 80, 0), 80)?.daysUntilFull, null)
  const emptying = measureDiskGrowth(growing(48, 90, -0.1), 85)
  assert.equal(emptying?.percentPerDay, -2.4)
  assert.equal(emptying?.daysUntilFull, null)
})

test('a clean-up in the middle does not turn growth into shrinking', () => {
  const percents = Array.from({ length: 73 }, (_, hour) => 60 + hour * 0.4 - (hour > 36 ? 8 : 0))
  assert.ok((measureDiskGrowth(hourly(percents), percents.at(-1) ?? 0)?.percentPerDay ?? 0) > 0)
})

test('six hours are needed, five are too short', () => {
  assert.notEqual(measureDiskGrowth(growing(6, 80, 0.1), 80.6), null)
  assert.equal(measureDiskGrowth(growing(5, 80, 0.1), 80.5), null)
})

test('samples of another filesystem, and none at all, say nothing', () => {
  assert.equal(measureDiskGrowth(growing(48, 50, 0), 90), null)
  assert.equal(measureDiskGrowth(hourly([null, null]), 90), null)
  assert.equal(measureDiskGrowth([], 90), null)
})
