import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TimeSyncFacts } from '../../domain/facts/system.ts'
import { absent, buildInput, buildSystem, NOW, ok } from '../testing/build-facts.ts'
import { assessClock } from './assess-clock.ts'
import { assessTimeSync } from './time-sync-rules.ts'

const SYNCHRONISED: TimeSyncFacts = {
  daemon: 'chronyd',
  isSynchronized: true,
  followsOnlyItself: false,
  offsetSeconds: 0.0001,
  stratum: 3,
  lastUpdateAgeSeconds: 400,
  timeZone: 'Asia/Shanghai',
  utcOffsetMinutes: 480,
  hardwareClockIsLocal: false,
}

const inputWith = (changes: Partial<TimeSyncFacts>, technology: string | null = null) =>
  buildInput({
    system: buildSystem({
      timeSync: ok({ ...SYNCHRONISED, ...changes }),
      virtualization: ok({ isVirtual: technology !== null, technology }),
    }),
  })

const judged = (changes: Partial<TimeSyncFacts>, technology: string | null = null) =>
  assessTimeSync(inputWith(changes, technology)).map(({ rule, severity }) => `${rule} ${severity}`)

describe('assessTimeSync', () => {
  it('says nothing of a clock that is kept right, nor where nothing was read or told', () => {
    assert.deepEqual(judged({}), [])
    assert.deepEqual(judged({ isSynchronized: null, offsetSeconds: null, lastUpdateAgeSeconds: null }), [])
    for (const system of [buildSystem(), buildSystem({ timeSync: absent('timeout') })])
      assert.deepEqual(assessTimeSync(buildInput({ system })), [])
  })

  it('warns of a clock that nothing keeps right, but not in a container', () => {
    assert.deepEqual(judged({ isSynchronized: false, offsetSeconds: null }), [
      'server.clock_unsynchronised warning',
    ])
    assert.deepEqual(judged({ isSynchronized: false }, 'kvm'), ['server.clock_unsynchronised warning'])
    assert.deepEqual(judged({ isSynchronized: false, offsetSeconds: 90 }, 'lxc'), [])
    const [without] = assessTimeSync(inputWith({ isSynchronized: false, daemon: null }))
    assert.equal(without?.title.en, 'The clock is not synchronised')
    assert.match(without?.nextStep?.en ?? '', /Install and start chrony/)
  })

  it('judges the distance from the source on both sides of each limit', () => {
    assert.deepEqual(judged({ offsetSeconds: -1 }), [])
    assert.deepEqual(judged({ offsetSeconds: -1.01 }), ['server.clock_sync_offset warning'])
    assert.deepEqual(judged({ offsetSeconds: 60 }), ['server.clock_sync_offset warning'])
    assert.deepEqual(judged({ offsetSeconds: 60.1 }), ['server.clock_sync_offset urgent'])
    const [behind] = assessTimeSync(inputWith({ offsetSeconds: -2.5 }))
    assert.equal(behind?.title.en, 'The clock is 2.5 s behind its source')
    assert.match(behind?.title.zh ?? '', /慢 2.5 秒/)
  })

  it('warns of a source that has been silent for more than a day', () => {
    assert.deepEqual(judged({ lastUpdateAgeSeconds: 86_400 }), [])
    assert.deepEqual(judged({ lastUpdateAgeSeconds: 86_401 }), ['server.clock_source_silent warning'])
  })

  it('mentions a clock that follows only itself', () => {
    assert.deepEqual(judged({ followsOnlyItself: true }), ['server.clock_own_reference info'])
  })

  it('is left out where the distance from our own clock is told already', () => {
    const input = inputWith({ offsetSeconds: 500 })
    const system = buildSystem({
      ...input.inspection.facts.system,
      uptime: ok({ uptimeSeconds: 60, bootId: null, serverClockAt: new Date(NOW.getTime() + 500_000) }),
    })
    const rules = assessClock(buildInput({ system })).map(({ rule }) => rule)
    assert.deepEqual(rules, ['server.clock_offset'])
    assert.deepEqual(
      assessClock(input).map(({ rule }) => rule),
      ['server.clock_sync_offset'],
    )
  })
})
