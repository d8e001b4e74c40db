import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildInput, buildSystem, minutesBefore, NOW, ok } from '../testing/build-facts.ts'
import { assessClock, clockOffsetMs } from './assess-clock.ts'

/** A look of 20 s, during which the server's clock said so many seconds more than ours at its end. */
const look = (secondsAhead: number, bootId = 'a') => {
  const serverClockAt = new Date(NOW.getTime() + secondsAhead * 1000)
  const system = buildSystem({ uptime: ok({ uptimeSeconds: 3600, bootId, serverClockAt }) })
  return buildInput({ system }, { startedAt: new Date(NOW.getTime() - 20_000), finishedAt: NOW })
}

const summary = (secondsAhead: number) =>
  assessClock(look(secondsAhead)).map(({ rule, severity }) => `${rule} ${severity}`)

describe('assessClock', () => {
  it('takes a clock within the look for right', () => {
    assert.deepEqual(
      [0, -10, -20, -21].map((seconds) => clockOffsetMs(look(seconds))),
      [0, 0, 0, 0],
    )
    assert.equal(clockOffsetMs(look(5)), 5000)
    assert.equal(clockOffsetMs(look(-26)), -5000)
    assert.equal(clockOffsetMs(buildInput({ system: buildSystem({ uptime: { ...ABSENT } }) })), null)
  })

  it('judges the distance', () => {
    assert.deepEqual(summary(30), [])
    assert.deepEqual(summary(31), ['server.clock_offset warning'])
    assert.deepEqual(summary(-51), [])
    assert.deepEqual(summary(-52), ['server.clock_offset warning'])
    assert.deepEqual(summary(300), ['server.clock_offset warning'])
    assert.deepEqual(summary(301), ['server.clock_offset urgent'])
  })

  it('says which way, and knows a wrong time zone', () => {
    const [ahead] = assessClock(look(8 * 3600 + 60))
    assert.equal(ahead?.title.en, 'The server’s clock is 8 h ahead of ours')
    assert.match(ahead?.cause?.en ?? '', /whole half hours/)
    const [behind] = assessClock(look(-20 - 1000))
    assert.match(behind?.title.zh ?? '', /比巡检机慢 17 分钟/)
    assert.match(behind?.cause?.en ?? '', /synchronisation/)
    assert.doesNotMatch(assessClock(look(100 * 24 * 3600))[0]?.cause?.en ?? '', /half hours/)
    assert.doesNotMatch(assessClock(look(1800 + 91))[0]?.cause?.en ?? '', /half hours/)
  })

  it('names a boot since the last look, dated by the uptime', () => {
    const at = minutesBefore(24 * 60)
    const before = look(0, 'b').inspection
    const earlier = {
      inspection: { ...before, startedAt: at, finishedAt: at },
      readAt: { system: at },
    }
    const [finding] = assessClock({ ...look(0), earlier })
    assert.equal(finding?.id, 'server.rebooted:10.0.0.1:boot')
    assert.deepEqual(finding?.since, minutesBefore(60))
    const same = { ...earlier, inspection: { ...look(0).inspection, finishedAt: at } }
    assert.deepEqual(assessClock({ ...look(0), earlier: same }), [])
  })
})

const ABSENT = { status: 'timeout', command: 'date', exitCode: null, stderr: '' } as const
