import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MetricSample } from '../../domain/metrics.ts'
import { serverKey } from '../../domain/server.ts'
import { buildSample, buildServer, LIMITS, minutesBefore, NOW } from '../testing/build-facts.ts'
import { assessFleet, hasMountLimits, lowestLimits, selectForHistory } from './assess-fleet.ts'
import type { FleetAssessmentInput } from './fleet-input.ts'

const SERVER = '10.0.0.1'

const inputOf = (changes: Partial<FleetAssessmentInput>): FleetAssessmentInput => ({
  servers: [buildServer()],
  latest: { samples: [], ahead: [] },
  histories: new Map(),
  exceededLately: [],
  policy: LIMITS,
  asked: {},
  filesystems: new Map(),
  maxAgeMs: 300_000,
  now: NOW,
  group: null,
  ...changes,
})

const fleet = (changes: Partial<FleetAssessmentInput>) => assessFleet(inputOf(changes))
const latest = (...samples: MetricSample[]) => ({ latest: { samples, ahead: [] } })
const addresses = (listed: readonly { readonly server: { readonly ip: string } }[]) =>
  listed.map(({ server }) => server.ip)

describe('limits of servers and groups', () => {
  const servers = [
    buildServer({ id: '1', ip: '10.0.0.1', thresholds: { memoryPercent: 90 } }),
    buildServer({ id: '2', ip: '10.0.0.2', group: 'db' }),
    buildServer({ id: '3', ip: '10.0.0.3' }),
  ]
  const policy = { ...LIMITS, groups: new Map([['db', { memoryPercent: 50 }]]) }
  const samples = (memoryPercent: number) =>
    servers.map(({ ip }, index) => buildSample({ id: `${index}`, ip, memoryPercent }))

  it('decide, each for its own server, what is above', () => {
    const at = (memoryPercent: number) =>
      addresses(fleet({ servers, policy, ...latest(...samples(memoryPercent)) }).abnormal)
    assert.deepEqual(at(50), [])
    assert.deepEqual(at(50.01), ['10.0.0.2'])
    assert.deepEqual(at(70.01), ['10.0.0.2', '10.0.0.3'])
    assert.deepEqual(at(90.01).sort(), ['10.0.0.1', '10.0.0.2', '10.0.0.3'])
  })

  it('stand with each exceedance, with where they come from', () => {
    const { abnormal } = fleet({ servers, policy, ...latest(...samples(95)) })
    const said = abnormal.flatMap(({ server, exceedances }) =>
      exceedances.map(({ thresholdPercent, thresholdSource }) => [
        server.ip,
        thresholdPercent,
        thresholdSource,
      ]),
    )
    assert.deepEqual(said.sort(), [
      ['10.0.0.1', 90, 'server'],
      ['10.0.0.2', 50, 'group'],
      ['10.0.0.3', 70, 'configuration'],
    ])
  })

  it('give way to the limit that the call asks for', () => {
    const judged = fleet({ servers, policy, asked: { memoryPercent: 80 }, ...latest(...samples(80.01)) })
    assert.deepEqual(addresses(judged.abnormal), ['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    assert.ok(judged.abnormal.every(({ exceedances }) => exceedances[0]?.thresholdSource === 'call'))
    assert.equal(judged.thresholds.memoryPercent, 80)
    assert.equal(
      fleet({ servers, policy, asked: { memoryPercent: 80 }, ...latest(...samples(80)) }).abnormal.length,
      0,
    )
  })

  it('are asked of the history by the lowest of them', () => {
    assert.deepEqual(lowestLimits(inputOf({ servers, policy })), { ...LIMITS, memoryPercent: 50 })
    assert.equal(lowestLimits(inputOf({ servers, policy, asked: { memoryPercent: 80 } })).memoryPercent, 80)
    const mounts = new Map([['/data', 40]])
    assert.equal(lowestLimits(inputOf({ servers, policy: { ...policy, mounts } })).diskPercent, 40)
  })
})

describe('servers that recovered by limits of their own', () => {
  const servers = [
    buildServer({ thresholds: { memoryPercent: 90 } }),
    buildServer({ id: '2', ip: '10.0.0.2' }),
  ]
  const lately = (ip: string, peakMemoryPercent: number) => ({
    bkCloudId: 0,
    ip,
    peakCpuPercent: null,
    peakMemoryPercent,
    peakDiskPercent: null,
    lastExceededAt: minutesBefore(10),
  })
  const now = latest(buildSample({ memoryPercent: 75 }), buildSample({ ip: '10.0.0.2', memoryPercent: 20 }))

  it('are not those that were above a lower limit of others', () => {
    const judged = fleet({ servers, ...now, exceededLately: [lately(SERVER, 85), lately('10.0.0.2', 85)] })
    assert.deepEqual(addresses(judged.recovered), ['10.0.0.2'])
    assert.equal(judged.healthyCount, 2)
  })

  it('recovered when they were last above their own limit, which their history says', () => {
    const exceededLately = [lately(SERVER, 95), lately('10.0.0.2', 85)]
    const input = inputOf({ servers, ...now, exceededLately })
    assert.deepEqual(selectForHistory(input), [{ bkCloudId: 0, ip: SERVER }])
    const history = [
      [95, 60],
      [92, 50],
      [89, 20],
    ].map(([memoryPercent = 0, minutes = 0]) =>
      buildSample({ memoryPercent, collectedAt: minutesBefore(minutes) }),
    )
    const { recovered } = assessFleet({ ...input, histories: new Map([[serverKey(0, SERVER), history]]) })
    assert.deepEqual(
      recovered.map(({ server, lastExceededAt }) => [server.ip, lastExceededAt]),
      [
        [SERVER, minutesBefore(50)],
        ['10.0.0.2', minutesBefore(10)],
      ],
    )
  })
})

describe('limits of mount points', () => {
  const policy = { ...LIMITS, mounts: new Map([['/data', 95]]) }
  const filesystems = (data: number, root: number) =>
    new Map([
      [
        serverKey(0, SERVER),
        [
          { mount: '/data', usedPercent: data },
          { mount: '/', usedPercent: root },
        ].sort((a, b) => b.usedPercent - a.usedPercent),
      ],
    ])
  const judge = (data: number, root: number) =>
    fleet({
      policy,
      filesystems: filesystems(data, root),
      ...latest(buildSample({ diskPercent: Math.max(data, root) })),
    }).abnormal.flatMap(({ exceedances }) =>
      exceedances.map(({ mount, percent, thresholdPercent, thresholdSource }) => [
        mount,
        percent,
        thresholdPercent,
        thresholdSource,
      ]),
    )

  it('hold for the filesystem there and no other', () => {
    assert.deepEqual(judge(95, 80), [])
    assert.deepEqual(judge(95.5, 80), [['/data', 95.5, 95, 'mount']])
    assert.deepEqual(judge(10, 80.5), [['/', 80.5, 80, 'configuration']])
  })

  it('do not hide a filesystem that is less full and above its own limit', () => {
    assert.deepEqual(judge(93, 85), [['/', 85, 80, 'configuration']])
  })

  it('say nothing of the past of a filesystem that is not the fullest', () => {
    const history = [1, 2, 3].map((minutes) =>
      buildSample({ diskPercent: 93, collectedAt: minutesBefore(minutes) }),
    )
    const [one] = fleet({
      policy,
      filesystems: filesystems(93, 85),
      ...latest(buildSample({ diskPercent: 93 })),
      histories: new Map([[serverKey(0, SERVER), history]]),
    }).abnormal
    const [exceedance] = one?.exceedances ?? []
    assert.deepEqual(
      [exceedance?.sinceAt, exceedance?.sinceIsEarliestSeen, exceedance?.trend],
      [NOW, true, 'unknown'],
    )
    assert.equal(exceedance?.peakPercent, 85)
  })

  it('leave the server’s limit where the filesystems are not known', () => {
    const [one] = fleet({ policy, ...latest(buildSample({ diskPercent: 93 })) }).abnormal
    assert.deepEqual(
      one?.exceedances.map(({ mount, thresholdPercent }) => [mount, thresholdPercent]),
      [[null, 80]],
    )
  })

  it('are looked for in configuration and servers, and not when the call asks for a disk limit', () => {
    assert.equal(hasMountLimits(inputOf({})), false)
    assert.equal(hasMountLimits(inputOf({ policy })), true)
    assert.equal(
      hasMountLimits(inputOf({ servers: [buildServer({ thresholds: { mounts: { '/x': 1 } } })] })),
      true,
    )
    assert.equal(hasMountLimits(inputOf({ policy, asked: { diskPercent: 90 } })), false)
  })
})

describe('servers in a maintenance window', () => {
  const window = { startAt: minutesBefore(60), endAt: minutesBefore(-60) }
  const maintained = (id: string, ip: string) => buildServer({ id, ip, maintenanceWindows: [window] })
  const servers = [
    maintained('1', '10.0.0.1'),
    maintained('2', '10.0.0.2'),
    maintained('3', '10.0.0.3'),
    buildServer({ id: '4', ip: '10.0.0.4' }),
  ]
  const judged = fleet({
    servers,
    ...latest(
      buildSample({ ip: '10.0.0.1' }),
      buildSample({ id: '2', ip: '10.0.0.2', memoryPercent: 99 }),
      buildSample({ id: '4', ip: '10.0.0.4', memoryPercent: 99 }),
    ),
  })

  it('are counted apart, and listed, marked, where they stand', () => {
    assert.deepEqual([judged.totalCount, judged.healthyCount], [4, 0])
    const marks = (
      listed: readonly { readonly server: { readonly ip: string }; readonly maintenance: unknown }[],
    ) => listed.map(({ server, maintenance }) => [server.ip, maintenance !== null])
    assert.deepEqual(marks(judged.abnormal), [
      ['10.0.0.2', true],
      ['10.0.0.4', false],
    ])
    assert.deepEqual(marks(judged.stale), [['10.0.0.3', true]])
    assert.deepEqual(
      judged.inMaintenance.map(({ server, state, maintenance }) => [server.ip, state, maintenance.until]),
      [
        ['10.0.0.1', 'healthy', window.endAt],
        ['10.0.0.2', 'abnormal', window.endAt],
        ['10.0.0.3', 'stale', window.endAt],
      ],
    )
  })
})
