import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeContext, type TestContext } from '../../test/support/make-context.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { MetricsReading } from '../domain/metrics.ts'
import type { InventoryServer, ServerDraft } from '../domain/server.ts'
import { completeDraft } from '../domain/server.ts'
import { collectMetrics } from './collect-metrics.ts'
import type { PipelineContext } from './context.ts'
import { startFullInspection } from './full-inspection.ts'
import { serversAbove } from './servers-above.ts'
import { inspectSystem } from './system-inspection.ts'

const GIB = 1024 ** 3
const WINDOW = { startAt: new Date('2026-03-02T00:30:00Z'), endAt: new Date('2026-03-02T03:00:00Z') }

/** Memory 80 % used; / 85 % and /data 93 % full. */
const reading = (collectedAt: Date): MetricsReading => ({
  collectedAt,
  bootId: null,
  uptimeSeconds: null,
  cpu: null,
  memory: { totalBytes: 100 * GIB, availableBytes: 20 * GIB },
  swap: null,
  disk: {
    mount: '/data',
    usedPercent: 93,
    freeBytes: GIB,
    inodesUsedPercent: 1,
    filesystems: [
      { mount: '/data', usedPercent: 93 },
      { mount: '/', usedPercent: 85 },
    ],
  },
  interfaces: [],
  load: null,
  psi: null,
})

let world: TestContext
let context: PipelineContext
const looked: string[] = []

before(async () => {
  world = await makeContext((server): Promise<ServerInspection> => {
    looked.push(server.ip)
    const at = world.clock.now()
    return Promise.resolve({
      serverId: server.id,
      serverIp: server.ip,
      startedAt: at,
      finishedAt: at,
      unreachable: null,
      facts: { metrics: { status: 'ok', value: reading(at) } },
      sections: [],
      evidence: [],
    })
  })
  context = {
    ...world.context,
    thresholds: {
      ...world.context.thresholds,
      groups: new Map([['db', { memoryPercent: 85, diskPercent: 95 }]]),
      mounts: new Map([['/data', 94]]),
    },
  }
  const drafts: readonly ServerDraft[] = [
    { bkCloudId: 0, ip: '10.0.0.1' },
    { bkCloudId: 0, ip: '10.0.0.2', group: 'db' },
    { bkCloudId: 0, ip: '10.0.0.3', group: 'db', thresholds: { memoryPercent: 60, mounts: { '/data': 92 } } },
    { bkCloudId: 0, ip: '10.0.0.4', maintenanceWindows: [WINDOW] },
    { bkCloudId: 0, ip: '10.0.0.5', group: 'quiet', maintenanceWindows: [WINDOW] },
  ]
  await context.store.servers.insertMany(drafts.map((draft) => completeDraft(draft, world.clock.now())))
})

after(async () => {
  await world.close()
})

const sampled = async (): Promise<readonly InventoryServer[]> =>
  (await context.store.servers.list()).filter(({ group }) => group !== 'quiet')

const inspect = async (asked: { readonly memoryPercent?: number; readonly diskPercent?: number } = {}) =>
  await inspectSystem(context, { asked, group: null, maxAgeMs: null })

test('a collection judges each server by its own limits, in the stored words and in the findings', async () => {
  const collections = await collectMetrics(context, await sampled())
  assert.deepEqual(
    collections.map(({ server, findings }) => [server.ip, findings.map(({ rule }) => rule)]),
    [
      ['10.0.0.1', ['metrics.disk_high', 'metrics.memory_high']],
      ['10.0.0.2', []],
      ['10.0.0.3', ['metrics.disk_high', 'metrics.memory_high']],
      ['10.0.0.4', ['metrics.disk_high', 'metrics.memory_high']],
    ],
  )
  const { samples } = await context.store.samples.latestPerServer(world.clock.now())
  assert.deepEqual(
    samples.map(({ ip, memoryStatus, diskStatus }) => [ip, memoryStatus, diskStatus]),
    [
      ['10.0.0.1', 'warning', 'warning'],
      ['10.0.0.2', 'normal', 'normal'],
      ['10.0.0.3', 'critical', 'warning'],
      ['10.0.0.4', 'warning', 'warning'],
    ],
  )
})

test('service 001 lists each server by its own limits, with where they come from', async () => {
  const { documents } = await inspect()
  assert.deepEqual(
    documents.en.abnormal
      .flatMap(({ ip, exceedances }) =>
        exceedances.map(({ metric, mount, value, threshold, threshold_source }) =>
          [ip, metric, mount ?? '-', value, threshold, threshold_source].join(' '),
        ),
      )
      .sort(),
    [
      '10.0.0.1 disk / 85 80 configuration',
      '10.0.0.1 memory - 80 70 configuration',
      '10.0.0.3 disk /data 93 92 mount',
      '10.0.0.3 memory - 80 60 server',
      '10.0.0.4 disk / 85 80 configuration',
      '10.0.0.4 memory - 80 70 configuration',
    ],
  )
  assert.match(documents.en.report_markdown, /60% \(this server\)/)
  assert.match(documents.zh.report_markdown, /92%\(该挂载点\)/)
})

test('a limit that the call asks for holds for every server and mount point', async () => {
  const { assessment } = await inspect({ memoryPercent: 79, diskPercent: 92.5 })
  assert.deepEqual(
    assessment.abnormal
      .map(({ server, exceedances }) => [
        server.ip,
        exceedances.map(({ thresholdSource }) => thresholdSource),
      ])
      .sort(),
    ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((ip) => [ip, ['call', 'call']]),
  )
  assert.deepEqual((await inspect({ memoryPercent: 80, diskPercent: 93 })).assessment.abnormal, [])
})

test('servers in maintenance are listed and marked, and counted apart', async () => {
  const { documents } = await inspect()
  const { totals, summary } = documents.en
  assert.deepEqual(totals, { servers: 5, healthy: 1, abnormal: 2, stale: 0, in_maintenance: 2, recovered: 0 })
  assert.match(
    summary.en,
    /2 above a threshold \(memory 2, disk 2, CPU 0\), 0 without fresh data, 1 normal, 2 in maintenance/,
  )
  assert.match(summary.zh, /2 台超过阈值\(内存 2,磁盘 2,CPU 0\),0 台没有新数据,1 台正常,2 台维护中/)
  assert.deepEqual(
    documents.en.in_maintenance.map(({ ip, state, until }) => [ip, state, until]),
    [
      ['10.0.0.4', 'abnormal', '2026-03-02 11:00:00'],
      ['10.0.0.5', 'stale', '2026-03-02 11:00:00'],
    ],
  )
  assert.match(documents.zh.report_markdown, /## 维护中/)
  assert.match(documents.en.report_markdown, /in maintenance until 2026-03-02 11:00:00/)
})

test('services 002 and 003 and a full inspection look at what is above its own limit, also in maintenance', async () => {
  const addresses = async (metric: 'memory' | 'disk') =>
    (await serversAbove(context, metric, null)).map(({ ip }) => ip)
  assert.deepEqual(await addresses('memory'), ['10.0.0.1', '10.0.0.3', '10.0.0.4'])
  assert.deepEqual(await addresses('disk'), ['10.0.0.1', '10.0.0.3', '10.0.0.4'])
  looked.length = 0
  const input = { thresholds: {}, ips: null, group: null, scope: 'abnormal' } as const
  const run = await startFullInspection(context, input, { kind: 'system', name: 'test', surface: 'startup' })
  assert.equal(run.state, 'succeeded')
  assert.deepEqual([...new Set(looked)].sort(), ['10.0.0.1', '10.0.0.3', '10.0.0.4', '10.0.0.5'])
})

test('who recovered is told by the limit of each server', async () => {
  world.clock.advance(60_000)
  const at = world.clock.now()
  const fine = { cpuPercent: 10, memoryPercent: 10, diskPercent: 10 }
  const words = { cpuStatus: null, memoryStatus: null, diskStatus: null, networkStatus: null }
  const servers = await sampled()
  await context.store.samples.insert(
    servers.map(({ bkCloudId, ip }) => ({
      bkCloudId,
      ip,
      collectedAt: at,
      insertedAt: at,
      ...fine,
      ...words,
    })),
  )
  const { assessment } = await inspect()
  assert.deepEqual(
    assessment.recovered.filter(({ metric }) => metric === 'memory').map(({ server }) => server.ip),
    ['10.0.0.1', '10.0.0.3', '10.0.0.4'],
  )
  assert.ok(
    assessment.recovered.every(({ lastExceededAt }) => lastExceededAt.getTime() === at.getTime() - 60_000),
  )
})
