import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLocalTimeZone } from './local-time.ts'

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Europe/London',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Antarctica/Troll',
].map(createLocalTimeZone)

const SECOND_MS = 1000
const anyZone = fc.constantFrom(...ZONES)
const anySecond = fc
  .integer({
    min: Date.parse('1995-01-01T00:00:00Z') / SECOND_MS,
    max: Date.parse('2037-12-31T00:00:00Z') / SECOND_MS,
  })
  .map((second) => new Date(second * SECOND_MS))

test('shows what the local clock shows', () => {
  const at = new Date('2026-03-01T16:00:59.999Z')
  assert.equal(createLocalTimeZone('Asia/Shanghai').toLocal(at), '2026-03-02 00:00:59')
  assert.equal(createLocalTimeZone('America/New_York').toLocal(at), '2026-03-01 11:00:59')
  assert.equal(createLocalTimeZone('Asia/Kathmandu').toLocal(at), '2026-03-01 21:45:59')
})

test('reads local time back, with or without a fraction', () => {
  const shanghai = createLocalTimeZone('Asia/Shanghai')
  assert.deepEqual(shanghai.toInstant('2026-03-02 00:00:59'), new Date('2026-03-01T16:00:59Z'))
  assert.deepEqual(shanghai.toInstant('2026-03-02 00:00:59.123456'), new Date('2026-03-01T16:00:59Z'))
})

test('a repeated hour is the later one', () => {
  const newYork = createLocalTimeZone('America/New_York')
  assert.deepEqual(newYork.toInstant('2026-11-01 00:59:59'), new Date('2026-11-01T04:59:59Z'))
  assert.deepEqual(newYork.toInstant('2026-11-01 01:00:00'), new Date('2026-11-01T06:00:00Z'))
  assert.deepEqual(newYork.toInstant('2026-11-01 01:59:59'), new Date('2026-11-01T06:59:59Z'))
  assert.deepEqual(newYork.toInstant('2026-11-01 02:00:00'), new Date('2026-11-01T07:00:00Z'))
  const lordHowe = createLocalTimeZone('Australia/Lord_Howe')
  assert.deepEqual(lordHowe.toInstant('2026-04-05 01:45:00'), new Date('2026-04-04T15:15:00Z'))
})

test('a time that never was moves forward', () => {
  const newYork = createLocalTimeZone('America/New_York')
  assert.deepEqual(newYork.toInstant('2026-03-08 02:30:00'), new Date('2026-03-08T07:30:00Z'))
  assert.equal(newYork.toLocal(new Date('2026-03-08T07:30:00Z')), '2026-03-08 03:30:00')
  // Samoa left out a whole day.
  const apia = createLocalTimeZone('Pacific/Apia')
  assert.equal(apia.toLocal(apia.toInstant('2011-12-30 12:00:00') ?? new Date(0)), '2011-12-31 12:00:00')
})

test('what is no time is null', () => {
  const utc = createLocalTimeZone('UTC')
  for (const text of [
    '0000-00-00 00:00:00',
    '2026-02-29 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-01 24:00:00',
    '2026-01-01',
    '',
    'now',
  ])
    assert.equal(utc.toInstant(text), null, text)
  assert.throws(() => createLocalTimeZone('Mars/Olympus'), RangeError)
})

test('in every zone an instant comes back, or its second pass where the hour is repeated', () => {
  fc.assert(
    fc.property(anyZone, anySecond, (zone, at) => {
      const local = zone.toLocal(at)
      const read = zone.toInstant(local) ?? assert.fail(`${local} is not read`)
      assert.equal(zone.toLocal(read), local)
      assert.ok(read >= at, `${zone.timeZone} ${at.toISOString()} came back as ${read.toISOString()}`)
      assert.ok(read.getTime() - at.getTime() <= 3 * 3600 * SECOND_MS)
    }),
    { numRuns: 3000 },
  )
})

/** Seconds around every change of offset of a zone from 2000 to 2030. */
function* findTransitions(zone: (typeof ZONES)[number]): Generator<number> {
  const naive = (ms: number): number => Date.parse(`${zone.toLocal(new Date(ms)).replace(' ', 'T')}Z`) - ms
  const hour = 3600 * SECOND_MS
  for (
    let ms = Date.parse('2000-01-01T00:00:00Z');
    ms < Date.parse('2030-01-01T00:00:00Z');
    ms += 24 * hour
  ) {
    if (naive(ms) === naive(ms + 24 * hour)) continue
    let [before, after] = [ms, ms + 24 * hour]
    while (after - before > SECOND_MS) {
      const middle = Math.floor((before + after) / 2 / SECOND_MS) * SECOND_MS
      if (naive(middle) === naive(before)) before = middle
      else after = middle
    }
    yield after
  }
}

test('bounds of a search agree with how rows are read, around every change of offset', () => {
  let transitionCount = 0
  for (const zone of ZONES)
    for (const transition of findTransitions(zone)) {
      transitionCount += 1
      const steps = [-7200, -3601, -3600, -1800, -1, 0, 1, 1799, 1800, 3599, 3600, 5400, 7200]
      const instants = steps.map((step) => new Date(transition + step * SECOND_MS))
      const existing = instants.map((at) => zone.toLocal(at))
      for (const at of instants) {
        const last = zone.lastNotAfter(at)
        const first = zone.firstNotBefore(at)
        for (const local of existing) {
          const read = zone.toInstant(local) ?? assert.fail(`${local} is not read`)
          const about = `${zone.timeZone} ${at.toISOString()} ${local}`
          assert.equal(local <= last, read <= at, `last ${last} ${about}`)
          assert.equal(local >= first, read >= at, `first ${first} ${about}`)
        }
      }
    }
  assert.ok(transitionCount > 300, `only ${transitionCount} changes of offset were found`)
})

test('fractions of a second are inside the bounds that hold them', () => {
  const utc = createLocalTimeZone('UTC')
  assert.equal(utc.lastNotAfter(new Date('2026-01-01T00:00:00.999Z')), '2026-01-01 00:00:00')
  assert.equal(utc.firstNotBefore(new Date('2026-01-01T00:00:00.001Z')), '2026-01-01 00:00:01')
})
