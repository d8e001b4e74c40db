import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MaintenanceWindow, WeeklyWindow } from '../../domain/inventory-fields.ts'
import { maintenanceAt } from './maintenance-at.ts'

const SHANGHAI = 'Asia/Shanghai'
const BERLIN = 'Europe/Berlin'
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7]

const weekly = (weekdays: readonly number[], from: string, to: string, timeZone: string): WeeklyWindow => ({
  weekdays,
  from,
  to,
  timeZone,
})

const untilAt = (windows: readonly MaintenanceWindow[], at: string): string | null =>
  maintenanceAt(windows, new Date(at))?.until.toISOString() ?? null

/** Minutes of the span, from the first instant on, that lie inside the window; looked at every 15 minutes. */
function minutesInside(window: MaintenanceWindow, from: string, hours: number): number {
  const start = new Date(from).getTime()
  const inside = Array.from({ length: hours * 4 }, (_, quarter) =>
    maintenanceAt([window], new Date(start + quarter * 900_000)),
  ).filter((one) => one !== null)
  return inside.length * 15
}

describe('maintenanceAt', () => {
  it('holds from the first instant of a one-time window to the one before its end', () => {
    const window = { startAt: new Date('2026-03-02T01:00:00Z'), endAt: new Date('2026-03-02T02:00:00Z') }
    assert.equal(untilAt([window], '2026-03-02T00:59:59.999Z'), null)
    assert.equal(untilAt([window], '2026-03-02T01:00:00Z'), '2026-03-02T02:00:00.000Z')
    assert.equal(untilAt([window], '2026-03-02T01:59:59.999Z'), '2026-03-02T02:00:00.000Z')
    assert.equal(untilAt([window], '2026-03-02T02:00:00Z'), null)
    assert.equal(maintenanceAt([window], new Date('2026-03-02T01:30:00Z'))?.reason.en, 'one-time window')
  })

  it('takes weekday and time of day from the clock of the window’s own zone', () => {
    // Monday 02:00–04:00 in Shanghai is Sunday 18:00–20:00 UTC.
    const window = weekly([1], '02:00', '04:00', SHANGHAI)
    assert.equal(untilAt([window], '2026-03-01T17:59:59Z'), null)
    assert.equal(untilAt([window], '2026-03-01T18:00:00Z'), '2026-03-01T20:00:00.000Z')
    assert.equal(untilAt([window], '2026-03-01T20:00:00Z'), null)
    assert.equal(untilAt([window], '2026-03-02T18:30:00Z'), null, 'on Tuesday there is none')
    assert.deepEqual(maintenanceAt([window], new Date('2026-03-01T19:00:00Z'))?.reason, {
      zh: '周一 02:00–04:00(Asia/Shanghai)',
      en: 'Mon 02:00–04:00 (Asia/Shanghai)',
    })
  })

  it('goes over midnight, also from Sunday to Monday', () => {
    const window = weekly([7], '22:00', '02:00', SHANGHAI)
    assert.equal(untilAt([window], '2026-03-01T13:59:59Z'), null)
    assert.equal(untilAt([window], '2026-03-01T14:00:00Z'), '2026-03-01T18:00:00.000Z')
    assert.equal(untilAt([window], '2026-03-01T17:59:59Z'), '2026-03-01T18:00:00.000Z')
    assert.equal(untilAt([window], '2026-03-01T18:00:00Z'), null)
    assert.equal(untilAt([window], '2026-03-02T15:00:00Z'), null, 'Monday evening is not in it')
  })

  it('lasts a day when it ends at the time at which it begins', () => {
    const window = weekly([3], '00:00', '00:00', SHANGHAI)
    assert.equal(minutesInside(window, '2026-03-02T16:00:00Z', 72), 24 * 60)
    assert.equal(
      minutesInside(weekly(ALL_DAYS, '09:00', '09:00', SHANGHAI), '2026-03-02T16:00:00Z', 72),
      72 * 60,
    )
  })

  it('names the latest end of several windows that are open', () => {
    const short = weekly(ALL_DAYS, '10:00', '11:00', SHANGHAI)
    const long = { startAt: new Date('2026-03-02T00:00:00Z'), endAt: new Date('2026-03-04T00:00:00Z') }
    assert.equal(untilAt([short, long, short], '2026-03-02T02:30:00Z'), '2026-03-04T00:00:00.000Z')
    assert.equal(untilAt([short, long], '2026-03-05T02:30:00Z'), '2026-03-05T03:00:00.000Z')
    assert.equal(untilAt([], '2026-03-05T02:30:00Z'), null)
  })
})

describe('maintenanceAt when the clock is changed', () => {
  // Berlin: 2026-03-29 02:00 → 03:00 (01:00Z); 2026-10-25 03:00 → 02:00 (01:00Z).
  it('is not shortened by an hour that is jumped over', () => {
    const night = '2026-03-28T22:00:00Z'
    assert.equal(minutesInside(weekly([7], '02:30', '03:30', BERLIN), night, 8), 30)
    assert.equal(
      untilAt([weekly([7], '02:30', '03:30', BERLIN)], '2026-03-29T01:00:00Z'),
      '2026-03-29T01:30:00.000Z',
    )
    assert.equal(
      untilAt([weekly([7], '02:15', '02:45', BERLIN)], '2026-03-29T01:00:00Z'),
      '2026-03-29T01:45:00.000Z',
    )
    assert.equal(untilAt([weekly([7], '02:15', '02:45', BERLIN)], '2026-03-29T00:59:59Z'), null)
    assert.equal(minutesInside(weekly([6], '22:00', '06:00', BERLIN), '2026-03-28T18:00:00Z', 14), 7 * 60)
    assert.equal(minutesInside(weekly([7], '00:30', '02:30', BERLIN), night, 8), 120)
  })

  it('covers both passes of a repeated hour without a hole', () => {
    const night = '2026-10-24T20:00:00Z'
    const window = weekly([7], '02:30', '03:30', BERLIN)
    assert.equal(minutesInside(window, night, 10), 120)
    assert.equal(untilAt([window], '2026-10-25T00:29:59Z'), null)
    for (const at of ['00:30', '01:10', '01:40', '02:29'])
      assert.equal(untilAt([window], `2026-10-25T${at}:00Z`), '2026-10-25T02:30:00.000Z', at)
    assert.equal(untilAt([window], '2026-10-25T02:30:00Z'), null)
    assert.equal(minutesInside(weekly([6], '22:00', '06:00', BERLIN), '2026-10-24T18:00:00Z', 14), 9 * 60)
  })

  it('covers both passes of half an hour', () => {
    // Lord Howe: 2026-04-05 02:00 → 01:30 (2026-04-04T15:00Z).
    const window = weekly([7], '01:45', '02:15', 'Australia/Lord_Howe')
    assert.equal(minutesInside(window, '2026-04-04T12:00:00Z', 6), 60)
  })
})
