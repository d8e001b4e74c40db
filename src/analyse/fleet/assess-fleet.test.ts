import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { MetricSample } from '../../domain/metrics.ts'
import { serverKey } from '../../domain/server.ts'
import { buildSample, buildServer, LIMITS, minutesBefore, NOW } from '../testing/build-facts.ts'
import { assessFleet, selectForHistory } from './assess-fleet.ts'
import type { FleetAssessmentInput } from './fleet-input.ts'

const MINUTE_MS = 60_000

function fleet(changes: Partial<FleetAssessmentInput> = {}) {
  return assessFleet({
    servers: [buildServer()],
    latest: { samples: [], ahead: [] },
    histories: new Map(),
    exceededLately: [],
    policy: LIMITS,
    asked: {},
    filesystems: new Map(),
    maxAgeMs: 5 * MINUTE_MS,
    now: NOW,
    group: null,
    ...changes,
  })
}

const latest = (...samples: MetricSample[]) => ({ latest: { samples, ahead: [] } })

/** One assessment of a server whose memory went through these shares, one a minute, the last one now. */
function memoryWent(...percents: number[]) {
  const samples = percents.map((memoryPercent, index) =>
    buildSample({ id: `${index}`, memoryPercent, collectedAt: minutesBefore(percents.length - 1 - index) }),
  )
  const last = samples.at(-1)
  assert.ok(last !== undefined)
  return fleet({ ...latest(last), histories: new Map([[serverKey(0, '10.0.0.1'), samples.toReversed()]]) })
}

describe('assessFleet, where a server stands', () => {
  it('is healthy at the thresholds and abnormal above one', () => {
    const at = fleet(latest(buildSample({ cpuPercent: 70, memoryPercent: 70, diskPercent: 80 })))
    assert.deepEqual([at.healthyCount, at.abnormal.length, at.stale.length], [1, 0, 0])
    const above = fleet(latest(buildSample({ cpuPercent: 70.01, memoryPercent: 90, diskPercent: 80.01 })))
    assert.deepEqual([above.healthyCount, above.abnormal.length], [0, 1])
    const statuses = above.abnormal[0]?.exceedances.map(({ metric, status }) => `${metric} ${status}`)
    assert.deepEqual(statuses, ['cpu warning', 'memory critical', 'disk warning'])
  })

  it('is stale without samples, and with one older than the maximum age', () => {
    assert.deepEqual(
      fleet().stale.map(({ reason, lastCollectedAt }) => [reason, lastCollectedAt]),
      [['never_collected', null]],
    )
    assert.equal(fleet(latest(buildSample({ collectedAt: minutesBefore(5) }))).healthyCount, 1)
    const old = new Date(minutesBefore(5).getTime() - 1)
    assert.deepEqual(
      fleet(latest(buildSample({ memoryPercent: 99, collectedAt: old }))).stale.map(
        ({ reason, lastCollectedAt }) => [reason, lastCollectedAt],
      ),
      [['too_old', old]],
    )
  })

  it('ignores samples more than 5 minutes ahead, with a finding', () => {
    const fiveAhead = fleet(latest(buildSample({ collectedAt: minutesBefore(-5) })))
    assert.deepEqual([fiveAhead.healthyCount, fiveAhead.findings.length], [1, 0])
    const further = new Date(minutesBefore(-5).getTime() + 1)
    const ignored = fleet(latest(buildSample({ memoryPercent: 99, collectedAt: further })))
    assert.deepEqual(
      ignored.stale.map(({ reason }) => reason),
      ['clock_ahead'],
    )
    assert.deepEqual(
      ignored.findings.map(({ id, severity }) => [id, severity]),
      [['data.clock_ahead:10.0.0.1:', 'warning']],
    )
  })

  it('judges by the usable sample where a later one was ignored', () => {
    const ahead = [{ bkCloudId: 0, ip: '10.0.0.1', collectedAt: minutesBefore(-60) }]
    const judged = fleet({ latest: { samples: [buildSample({ memoryPercent: 80 })], ahead } })
    assert.deepEqual([judged.abnormal.length, judged.stale.length, judged.findings.length], [1, 0, 1])
  })

  it('leaves disabled servers out, and lists those known only from their samples', () => {
    const disabled = buildServer({ enabled: false })
    const stranger = buildSample({ ip: '10.0.0.9', memoryPercent: 99 })
    const judged = fleet({ servers: [disabled], ...latest(buildSample({ memoryPercent: 99 }), stranger) })
    assert.equal(judged.totalCount, 1)
    assert.deepEqual(judged.abnormal[0]?.server, {
      serverId: null,
      bkCloudId: 0,
      ip: '10.0.0.9',
      name: null,
      group: null,
    })
  })

  it('takes the same address in two cloud areas for two machines', () => {
    const servers = [buildServer(), buildServer({ id: '101', bkCloudId: 3 })]
    const judged = fleet({
      servers,
      ...latest(buildSample({ memoryPercent: 99 }), buildSample({ bkCloudId: 3 })),
    })
    assert.deepEqual([judged.abnormal.length, judged.healthyCount], [1, 1])
  })

  it('judges one group only when asked', () => {
    const servers = [buildServer({ group: 'a' }), buildServer({ id: '101', ip: '10.0.0.2', group: 'b' })]
    const judged = fleet({ servers, group: 'a', ...latest(buildSample({ ip: '10.0.0.9' })) })
    assert.deepEqual(
      judged.stale.map(({ server }) => server.ip),
      ['10.0.0.1'],
    )
    assert.equal(judged.totalCount, 1)
  })

  it('breaks ties of time by the highest id, as a number', () => {
    const samples = [
      buildSample({ id: '10', memoryPercent: 90 }),
      buildSample({ id: '9', memoryPercent: 10 }),
    ]
    assert.equal(fleet(latest(...samples)).abnormal.length, 1)
    assert.equal(fleet(latest(...samples.toReversed())).abnormal.length, 1)
  })

  it('does not call a server healthy whose sample holds no value', () => {
    const nothing = { cpuPercent: null, memoryPercent: null, diskPercent: null }
    const judged = fleet(latest(buildSample(nothing)))
    assert.deepEqual([judged.healthyCount, judged.stale.length], [0, 1])
    assert.deepEqual(
      judged.findings.map(({ rule }) => rule),
      ['data.nothing_measured'],
    )
  })

  it('puts the worst first', () => {
    const sample = (ip: string, memoryPercent: number) => buildSample({ ip, memoryPercent })
    const judged = fleet({
      servers: [],
      ...latest(sample('10.0.0.3', 75), sample('10.0.0.2', 95), sample('10.0.0.1', 72)),
    })
    assert.deepEqual(
      judged.abnormal.map(({ server }) => server.ip),
      ['10.0.0.2', '10.0.0.3', '10.0.0.1'],
    )
  })
})

describe('assessFleet, what it says of an exceedance', () => {
  it('counts since the first sample of the unbroken stretch', () => {
    const [exceedance] = memoryWent(90, 60, 71, 88, 75).abnormal[0]?.exceedances ?? []
    assert.deepEqual(exceedance?.sinceAt, minutesBefore(2))
    assert.equal(exceedance?.sinceIsEarliestSeen, false)
    assert.deepEqual([exceedance?.peakPercent, exceedance?.peakAt], [90, minutesBefore(4)])
  })

  it('takes a sample at the threshold for the end of a stretch', () => {
    const [exceedance] = memoryWent(90, 70, 75).abnormal[0]?.exceedances ?? []
    assert.deepEqual(exceedance?.sinceAt, minutesBefore(0))
  })

  it('says when the stretch reaches the oldest sample it saw', () => {
    const [exceedance] = memoryWent(71, 72, 73).abnormal[0]?.exceedances ?? []
    assert.deepEqual([exceedance?.sinceAt, exceedance?.sinceIsEarliestSeen], [minutesBefore(2), true])
    const [alone] = fleet(latest(buildSample({ memoryPercent: 71 }))).abnormal[0]?.exceedances ?? []
    assert.deepEqual([alone?.sinceAt, alone?.sinceIsEarliestSeen], [NOW, true])
  })

  it('claims a trend from 5 samples on', () => {
    const four = memoryWent(71, 75, 79, 83).abnormal[0]?.exceedances[0]
    assert.deepEqual([four?.trend, four?.percentPerHour], ['unknown', null])
    const five = memoryWent(71, 73, 75, 77, 79).abnormal[0]?.exceedances[0]
    assert.deepEqual([five?.trend, five?.percentPerHour], ['rising', 120])
  })

  it('calls less than two points over the span steady, and is not moved by an outlier', () => {
    assert.equal(memoryWent(75, 75.4, 75.9, 76.3, 76.9).abnormal[0]?.exceedances[0]?.trend, 'steady')
    assert.equal(memoryWent(75, 75.5, 76, 76.5, 77).abnormal[0]?.exceedances[0]?.trend, 'rising')
    assert.equal(memoryWent(77, 76.5, 76, 75.5, 75).abnormal[0]?.exceedances[0]?.trend, 'falling')
    assert.equal(memoryWent(75, 75, 99, 75, 75, 75, 75).abnormal[0]?.exceedances[0]?.trend, 'steady')
  })
})

describe('assessFleet, recovered servers', () => {
  const lately = {
    bkCloudId: 0,
    ip: '10.0.0.1',
    peakCpuPercent: 50,
    peakMemoryPercent: 91,
    peakDiskPercent: null,
    lastExceededAt: minutesBefore(30),
  }

  it('names what was above and is not now', () => {
    const judged = fleet({ ...latest(buildSample({ memoryPercent: 60 })), exceededLately: [lately] })
    assert.deepEqual(
      judged.recovered.map(({ server, ...rest }) => rest),
      [{ metric: 'memory', nowPercent: 60, peakPercent: 91, lastExceededAt: minutesBefore(30) }],
    )
    assert.equal(judged.healthyCount, 1)
  })

  it('does not list one that is above still, stale, or was not measured now', () => {
    const recovered = (sample: Partial<MetricSample>) =>
      fleet({ ...latest(buildSample(sample)), exceededLately: [lately] }).recovered.length
    assert.equal(recovered({ memoryPercent: 71 }), 0)
    assert.equal(recovered({ memoryPercent: 60, collectedAt: minutesBefore(10) }), 0)
    assert.equal(recovered({ memoryPercent: null }), 0)
    const atThreshold = { ...lately, peakMemoryPercent: 70 }
    assert.deepEqual(fleet({ ...latest(buildSample()), exceededLately: [atThreshold] }).recovered, [])
  })
})

describe('assessFleet, as a whole', () => {
  const ips = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] as const
  const percent = fc.option(fc.integer({ min: 0, max: 100 }), { nil: null })
  const servers = fc.uniqueArray(
    fc.record({
      ip: fc.constantFrom(...ips),
      bkCloudId: fc.constantFrom(0, 1),
      enabled: fc.boolean(),
      group: fc.constantFrom(null, 'a'),
    }),
    { selector: ({ ip, bkCloudId }) => serverKey(bkCloudId, ip) },
  )
  const sample = fc.record({
    id: fc.nat(1000).map(String),
    ip: fc.constantFrom(...ips),
    bkCloudId: fc.constantFrom(0, 1),
    collectedAt: fc.integer({ min: -20, max: 20 }).map(minutesBefore),
    cpuPercent: percent,
    memoryPercent: percent,
    diskPercent: percent,
  })

  it('puts every server into exactly one of abnormal, stale and healthy', () => {
    fc.assert(
      fc.property(
        servers,
        fc.array(sample),
        fc.array(sample),
        fc.constantFrom(null, 'a'),
        (inventory, samples, ahead, group) => {
          const input = {
            servers: inventory.map((one, index) => buildServer({ ...one, id: `${index}` })),
            latest: { samples: samples.map(buildSample), ahead },
            group,
          }
          const judged = fleet(input)
          const listed = [...judged.abnormal, ...judged.stale].map(({ server }) =>
            serverKey(server.bkCloudId, server.ip),
          )
          assert.equal(new Set(listed).size, listed.length)
          assert.equal(judged.healthyCount + listed.length, judged.totalCount)
          const known = new Set(inventory.map((one) => serverKey(one.bkCloudId, one.ip)))
          const expected = new Set(
            inventory
              .filter((one) => one.enabled && (group === null || one.group === group))
              .map((one) => serverKey(one.bkCloudId, one.ip)),
          )
          const isAhead = (at: Date) => at.getTime() - NOW.getTime() > 5 * MINUTE_MS
          const seen = [...samples, ...ahead.filter((one) => isAhead(one.collectedAt))]
          if (group === null)
            for (const one of seen)
              if (!known.has(serverKey(one.bkCloudId, one.ip))) expected.add(serverKey(one.bkCloudId, one.ip))
          assert.equal(judged.totalCount, expected.size)
          for (const key of listed) assert.ok(expected.has(key))
          for (const { exceedances } of judged.abnormal) assert.ok(exceedances.length > 0)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('asks for the history of those that exceed now and of no other', () => {
    const judgeable = {
      servers: [buildServer(), buildServer({ id: '101', ip: '10.0.0.2' })],
      ...latest(buildSample({ memoryPercent: 71 }), buildSample({ ip: '10.0.0.2', memoryPercent: 70 })),
      policy: LIMITS,
      asked: {},
      filesystems: new Map(),
      exceededLately: [],
      maxAgeMs: 5 * MINUTE_MS,
      now: NOW,
      group: null,
    }
    assert.deepEqual(selectForHistory(judgeable), [{ bkCloudId: 0, ip: '10.0.0.1' }])
  })

  it('judges 5,000 servers with 60 samples each, all above every threshold, in less than a second', () => {
    const addresses = Array.from({ length: 5000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`)
    const histories = new Map(
      addresses.map((ip, at) => [
        serverKey(0, ip),
        Array.from({ length: 60 }, (_, index) => {
          const noise = ((index * 7919 + at * 104_729) % 1000) / 100
          return buildSample({
            id: `${index}`,
            ip,
            cpuPercent: 75 + noise,
            memoryPercent: 80 + noise,
            diskPercent: 85 + noise,
            collectedAt: minutesBefore(59 - index),
          })
        }),
      ]),
    )
    const samples = [...histories.values()].flatMap((history) => history.at(-1) ?? [])
    const servers = addresses.map((ip, index) => buildServer({ id: `${index}`, ip }))
    // CPU time of the best of three, so that a busy machine does not decide.
    const elapsedMs = [1, 2, 3].map(() => {
      const before = process.threadCpuUsage()
      const judged = fleet({ servers, histories, latest: { samples, ahead: [] } })
      assert.equal(judged.abnormal.length, 5000)
      const { user, system } = process.threadCpuUsage(before)
      return (user + system) / 1000
    })
    assert.ok(Math.min(...elapsedMs) < 1000, `took ${elapsedMs.join(', ')} ms`)
  })
})
