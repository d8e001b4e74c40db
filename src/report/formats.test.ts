import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatLocalTime, localTimeFormatter } from '../lib/format-local-time.ts'
import { formatBytes } from './format-bytes.ts'
import { formatDuration } from './format-duration.ts'
import { formatPercent } from './format-percent.ts'
import { shorten } from './shorten.ts'

test('formatBytes writes binary units and never 1024 of one', () => {
  const cases: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [16 * 1024 ** 3, '16 GiB'],
    [1024 ** 4 * 3.25, '3.3 TiB'],
    [-2048, '-2 KiB'],
  ]
  for (const [sizeBytes, expected] of cases) assert.equal(formatBytes(sizeBytes), expected)
})

test('formatPercent keeps one decimal and no trailing zero', () => {
  assert.deepEqual([0, 70, 71.25, 99.96].map(formatPercent), ['0%', '70%', '71.3%', '100%'])
})

test('formatLocalTime writes local time, midnight as 00', () => {
  assert.equal(formatLocalTime(new Date('2026-11-01T16:00:00Z'), 'Asia/Shanghai'), '2026-11-02 00:00:00')
  assert.equal(formatLocalTime(new Date('2026-07-01T12:34:56Z'), 'America/New_York'), '2026-07-01 08:34:56')
  assert.throws(() => formatLocalTime(new Date(0), 'Mars/Olympus'), RangeError)
})

test('formatLocalTime agrees with ISO 8601 in UTC on any instant', () => {
  const utc = localTimeFormatter('UTC')
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
      (at) => assert.equal(utc(at), at.toISOString().slice(0, 19).replace('T', ' ')),
    ),
    { numRuns: 2000 },
  )
})

test('formatDuration names its two largest units', () => {
  assert.equal(formatDuration(850, 'en'), '850 ms')
  assert.equal(formatDuration(90_061_000, 'zh'), '1 天 1 小时')
  assert.equal(formatDuration(3_600_000, 'en'), '1 h')
  assert.equal(formatDuration(86_400_000 + 59_000, 'en'), '1 d')
  assert.equal(formatDuration(-5, 'en'), '0 s')
})

test('shorten never exceeds its length and never cuts a character in two', () => {
  assert.equal(shorten('内存使用率', 3), '内存…')
  assert.equal(shorten('😀😀😀', 2), '😀…')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (long, most) => {
      const short = shorten(long, most)
      assert.ok(Array.from(short).length <= Math.max(most, 1))
      assert.ok(!long.isWellFormed() || short.isWellFormed())
    }),
    { numRuns: 2000 },
  )
})
