import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { FleetAssessment, ServerAssessment } from '../../domain/assessment.ts'
import type { Run } from '../../domain/run.ts'
import { text } from '../../domain/text.ts'
import {
  emptyFleet,
  fixtureContext,
  healthyFleet,
  sickFleet,
  summaryOf,
  unreachableServer,
} from '../testing/fleet-fixture.ts'
import { healthyVm, READ_AT } from '../testing/healthy-vm.ts'
import { sickServer } from '../testing/sick-server.ts'
import { diskDocumentSchema } from './disk-document.ts'
import { buildFullInspectionDocument, fullInspectionDocumentSchema } from './full-inspection-document.ts'
import { buildMemoryDocument, memoryDocumentSchema } from './memory-document.ts'
import { buildMetricsDocument, metricsDocumentSchema } from './metrics-document.ts'
import { summaryDocumentSchema } from './summary-document.ts'
import { systemDocumentSchema } from './system-document.ts'

const FLEETS: Readonly<Record<string, { fleet: FleetAssessment; assessments: readonly ServerAssessment[] }>> =
  {
    'healthy-vm': { fleet: healthyFleet, assessments: [healthyVm] },
    'sick-fleet': { fleet: sickFleet, assessments: [sickServer, unreachableServer] },
    'empty-fleet': { fleet: emptyFleet, assessments: [] },
  }

const matchesFile = (t: TestContext, written: string, name: string): void =>
  t.assert.fileSnapshot(written, join(import.meta.dirname, '..', 'testdata', name), {
    serializers: [(value) => String(value)],
  })

for (const [name, fixture] of Object.entries(FLEETS))
  for (const language of ['zh', 'en'] as const)
    test(`the documents of ${name} (${language}) read as they should and keep their schemas`, (t) => {
      const summary = summaryOf({ ...fixture, language })
      const { system, memory, disk } = summary.facts
      for (const [document, report] of Object.entries({ system, memory, disk, summary }))
        matchesFile(t, report.report_markdown, `${name}.${document}.${language}.md`)
      assert.deepEqual(summaryDocumentSchema.parse(JSON.parse(JSON.stringify(summary))), summary)
      assert.deepEqual(systemDocumentSchema.parse(system), system)
      assert.deepEqual(memoryDocumentSchema.parse(memory), memory)
      assert.deepEqual(diskDocumentSchema.parse(disk), disk)
    })

test('a report stored before modules, arrays and clean-up were told in full is still read', () => {
  const { memory, disk } = summaryOf({ fleet: sickFleet, assessments: [sickServer], language: 'en' }).facts
  const without = (names: readonly string[], value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (name, inner: unknown) => (names.includes(name) ? undefined : inner)))
  const added = [
    ...['oom', 'numa', 'huge_pages', 'proportional_bytes', 'swapped_bytes', 'started_at', 'numa_nodes'],
    ...['disabled_slots', 'hardware_raid', 'hardware_raid_evidence', 'md_details', 'md_details_evidence'],
    ...['zfs_pools', 'zfs_pools_evidence', 'multipath', 'multipath_evidence', 'swaps', 'growth', 'clean_up'],
    ...['deleted_open_files', 'biggest_entries', 'biggest_entries_evidence', 'access'],
    ...['remaining_life_hours', 'replacement_risk'],
  ]
  const [oldMemory] = memoryDocumentSchema.parse(without(added, memory)).servers
  assert.equal(oldMemory?.oom, null)
  assert.deepEqual(oldMemory.inventory?.disabled_slots, [])
  const [oldDisk] = diskDocumentSchema.parse(without(added, disk)).servers
  assert.equal(oldDisk?.hardware_raid, null)
  assert.deepEqual(oldDisk.clean_up, [])
})

test('facts stored before a section was read give nulls, not zeros', () => {
  const { memory, disk } = sickServer.inspection.facts
  if (memory === undefined || disk === undefined) throw new Error('the fixture lacks facts')
  const { numa: _numa, hugePages: _pages, oomKills: _kills, processShares: _shares, ...oldMemory } = memory
  const { filesystems, blockDevices, mdArrays, smart } = disk
  const facts = { ...sickServer.inspection.facts, disk: { filesystems, blockDevices, mdArrays, smart } }
  const old = {
    ...sickServer,
    // Stored JSON has the shape of its version, whatever the types of this one say.
    inspection: { ...sickServer.inspection, facts: { ...facts, memory: oldMemory as typeof memory } },
  }
  const { facts: read } = summaryOf({ fleet: sickFleet, assessments: [old], language: 'en' })
  const [memoryServer] = read.memory.servers
  assert.equal(memoryServer?.oom, null)
  assert.equal(memoryServer.numa, null)
  const [diskServer] = read.disk.servers
  assert.equal(diskServer?.deleted_open_files, null)
  assert.equal(diskServer.hardware_raid, null)
})

test('the same input gives the same documents', () => {
  const fixture = {
    fleet: sickFleet,
    assessments: [sickServer, unreachableServer, healthyVm],
    language: 'zh' as const,
  }
  assert.deepEqual(summaryOf(fixture), summaryOf(structuredClone(fixture)))
})

test('a requested address without an inspection is named, not left out', () => {
  const document = buildMemoryDocument({
    assessments: [healthyVm],
    requestedIps: ['10.0.0.11', '10.0.0.99'],
    context: fixtureContext('en'),
  })
  assert.deepEqual(document.not_inspected, ['10.0.0.99'])
  assert.match(document.summary.en, /10\.0\.0\.99/)
})

test('the metrics document has one entry per server, failed ones with their reason', (t) => {
  const document = buildMetricsDocument({
    maintenance: new Map(),
    collections: [
      {
        server: healthyVm.server,
        values: {
          collectedAt: READ_AT,
          cpuPercent: null,
          memoryPercent: 37.5,
          diskPercent: 27,
          networkPercent: null,
          gaps: ['cpu: first_reading'],
        },
        failure: null,
        findings: [],
      },
      {
        server: unreachableServer.server,
        values: null,
        failure: text('10.0.0.13 无法访问', '10.0.0.13 unreachable'),
        findings: unreachableServer.findings,
      },
    ],
    context: fixtureContext('en'),
  })
  assert.deepEqual(metricsDocumentSchema.parse(document), document)
  assert.deepEqual(document.totals, { servers: 2, collected: 1, failed: 1 })
  assert.equal(document.servers[0]?.cpu_usage, null)
  matchesFile(t, document.report_markdown, 'metrics.en.md')
})

const run: Run = {
  id: '3000000000000000001',
  flow: 'full_inspection',
  state: 'succeeded',
  input: {},
  startedBy: { kind: 'local_administrator', name: 'local', surface: 'cli' },
  startedAt: READ_AT,
  finishedAt: new Date(READ_AT.getTime() + 61_000),
  cancelRequested: false,
  steps: [
    {
      position: 0,
      name: 'service_001_system_inspection',
      state: 'done',
      startedAt: READ_AT,
      finishedAt: READ_AT,
      attempts: 2,
      output: {},
      choice: {
        action: 'inspect_memory',
        reason: text('1 台内存超过阈值', '1 server above its memory threshold'),
        chosenBy: 'rules',
        ips: ['10.0.0.12'],
      },
      error: null,
    },
  ],
  result: {},
  error: null,
}

test('the full inspection document tells steps, choices and the servers that were not inspected', (t) => {
  const summary = summaryOf({
    fleet: sickFleet,
    assessments: [sickServer, unreachableServer],
    language: 'zh',
  })
  const document = buildFullInspectionDocument({
    run,
    summary,
    servers: [
      { ip: '10.0.0.12', state: 'inspected', reason: null },
      { ip: '10.0.0.13', state: 'unreachable', reason: text('连接超时', 'connection timed out') },
    ],
    context: fixtureContext('zh'),
  })
  assert.deepEqual(fullInspectionDocumentSchema.parse(document), document)
  assert.equal(document.verdict, 'critical')
  assert.equal(document.steps[0]?.choice, 'inspect_memory')
  matchesFile(t, document.report_markdown, 'full-inspection.zh.md')
})

test('a run without a summary has no verdict and says why it failed', () => {
  const document = buildFullInspectionDocument({
    run: {
      ...run,
      state: 'failed',
      steps: [],
      error: { code: 'DATABASE_UNAVAILABLE', message: 'the database is gone' },
    },
    summary: null,
    servers: [],
    context: fixtureContext('en'),
  })
  assert.equal(document.verdict, null)
  assert.match(document.summary.en, /the database is gone/)
  assert.deepEqual(fullInspectionDocumentSchema.parse(document), document)
})
