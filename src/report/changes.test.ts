import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerAssessment } from '../domain/assessment.ts'
import type { InspectionChange, InspectionDiff } from '../domain/changes.ts'
import { text } from '../domain/text.ts'
import { buildDiskDocument } from './documents/disk-document.ts'
import { diskDocumentSchema } from './documents/disk-schema.ts'
import { buildMemoryDocument } from './documents/memory-document.ts'
import { memoryDocumentSchema } from './documents/memory-schema.ts'
import { summaryDocumentSchema } from './documents/summary-schema.ts'
import { renderReportPage } from './render-report-page.ts'
import { fixtureContext, healthyFleet, summaryOf } from './testing/fleet-fixture.ts'
import { sickServer } from './testing/sick-server.ts'

const LAST = new Date('2026-03-01T00:00:00Z')
const EARLIER = new Date('2026-02-01T00:00:00Z')

const change = (
  changes: Partial<InspectionChange> & Pick<InspectionChange, 'id' | 'title'>,
): InspectionChange => ({
  area: 'memory',
  kind: 'removed',
  from: null,
  to: null,
  probe: 'memory',
  sinceAt: LAST,
  evidenceIds: [],
  ...changes,
})

const module = change({
  id: 'm',
  title: text('内存条 A1 已不在', 'Module A1 is gone'),
  evidenceIds: ['memory.inventory'],
})
const drive = change({
  id: 'd',
  area: 'drive',
  probe: 'disk',
  title: text('新增硬盘 <b>sda</b>', 'Drive <b>sda</b> [x](http://evil) is new'),
  sinceAt: EARLIER,
})
const kernel = change({
  id: 'k',
  area: 'system',
  kind: 'changed',
  probe: 'system',
  title: text('内核:6.1 → 6.12', 'Kernel: 6.1 → 6.12'),
  from: text('6.1', '6.1'),
  to: text('6.12', '6.12'),
})
const fan = change({ id: 'f', area: 'health', probe: 'sensors', title: text('风扇', 'New: fan stopped') })

const withDiff = (diff: Partial<InspectionDiff> | null): ServerAssessment => ({
  ...sickServer,
  changes:
    diff === null
      ? null
      : {
          readAt: { memory: LAST, system: LAST, disk: EARLIER, sensors: LAST },
          changes: [module, drive, kernel, fan],
          notCompared: [{ area: 'drive', sectionId: 'disk.smart', unread: 'now' }],
          ...diff,
        },
})

const context = fixtureContext('en')
const memoryOf = (assessment: ServerAssessment) =>
  buildMemoryDocument({ assessments: [assessment], requestedIps: null, context })
const diskOf = (assessment: ServerAssessment) =>
  buildDiskDocument({ assessments: [assessment], growth: new Map(), requestedIps: null, context })
const summaryFor = (assessments: readonly ServerAssessment[]) =>
  summaryOf({ fleet: healthyFleet, assessments, language: 'en' })

test('each document tells the changes that its probes show, dated by its own last look', () => {
  const memory = memoryDocumentSchema.parse(memoryOf(withDiff({}))).servers[0]?.since_last_inspection
  assert.equal(memory?.previous_at, '2026-03-01 08:00:00')
  assert.deepEqual(
    memory?.changes.map(({ id, evidence }) => [id, evidence]),
    [
      ['m', ['10.0.0.12#memory.inventory']],
      ['k', []],
    ],
  )
  assert.deepEqual(memory?.not_compared, [])
  const disk = diskDocumentSchema.parse(diskOf(withDiff({}))).servers[0]?.since_last_inspection
  assert.deepEqual(
    disk?.changes.map(({ id, since }) => [id, since]),
    [
      ['d', '2026-02-01 08:00:00'],
      ['k', '2026-03-01 08:00:00'],
    ],
  )
  assert.deepEqual(disk?.not_compared, [{ section: 'disk.smart', unread: 'now' }])
})

test('the summary tells all changes, and a server without an earlier look is not in its list', () => {
  const summary = summaryDocumentSchema.parse(summaryFor([withDiff({})]))
  assert.deepEqual(
    summary.changes.flatMap(({ ip, since_last_inspection: since }) =>
      (since?.changes ?? []).map(({ id }) => `${ip} ${id}`),
    ),
    ['10.0.0.12 m', '10.0.0.12 d', '10.0.0.12 k', '10.0.0.12 f'],
  )
  const first = summaryFor([withDiff(null)])
  assert.deepEqual(first.changes, [])
  assert.doesNotMatch(first.report_markdown, /last inspection/)
  assert.equal(memoryOf(withDiff(null)).servers[0]?.since_last_inspection, null)
})

test('the texts name the time, what changed and what could not be compared', () => {
  const memory = memoryOf(withDiff({})).report_markdown
  assert.match(memory, /### Since the last inspection \(2026-03-01 08:00:00\)\n\n- Module A1 is gone/)
  const disk = diskOf(withDiff({})).report_markdown
  assert.match(disk, /Not compared, so changes are unknown: disk\\?\.smart \(not read now\)/)
  const quiet = memoryOf(withDiff({ changes: [], notCompared: [] })).report_markdown
  assert.match(quiet, /- Nothing changed/)
  const summary = summaryFor([withDiff({})]).report_markdown
  assert.match(summary, /## Since the last inspection\n\n\*\*10\.0\.0\.12\*\* \(last 2026-03-01 08:00:00\)/)
  const same = summaryFor([withDiff({ changes: [], notCompared: [] })]).report_markdown
  assert.match(same, /1 server is as at the last inspection\./)
})

test('foreign words in a change stay words', () => {
  const markdown = diskOf(withDiff({})).report_markdown
  assert.doesNotMatch(markdown, /<b>|\[x\]\(http/)
  const page = renderReportPage({
    summary: summaryFor([withDiff({})]),
    run: null,
    context,
    productVersion: '0.1.0',
  })
  assert.doesNotMatch(page, /<b>sda/)
  assert.match(page, /Since the last inspection/)
  assert.match(page, /Drive &lt;b&gt;sda/)
  assert.match(page, /disk\.smart\(not read now\)/)
})

test('a summary stored before changes were told is still read', () => {
  const { changes, ...older } = summaryFor([withDiff(null)])
  assert.deepEqual(changes, [])
  assert.deepEqual(summaryDocumentSchema.parse(older).changes, [])
})

test('the memory document says how each area stands, and what could not be judged', () => {
  const memoryAreas = [
    { area: 'usage', state: 'healthy', reason: text('已读取用量', 'usage was read') },
    { area: 'errors', state: 'unknown', reason: text('权限不足', 'permission denied') },
  ] as const
  const document = memoryDocumentSchema.parse(memoryOf({ ...sickServer, memoryAreas }))
  assert.deepEqual(document.servers[0]?.areas, memoryAreas)
  assert.match(document.report_markdown, /\| Memory errors \| unknown \| permission denied \|/)
})

test('a page with thousands of changes stays small and says how many it left out', () => {
  const changes = Array.from({ length: 3000 }, (_, index) =>
    change({
      id: `c${index}`,
      title: text(`变化 ${index} ${'<'.repeat(300)}`, `Change ${index} ${'<'.repeat(300)}`),
    }),
  )
  const summary = summaryFor([withDiff({ changes })])
  const page = renderReportPage({ summary, run: null, context, productVersion: '0.1.0' })
  assert.ok(new TextEncoder().encode(page).byteLength < 60_000)
  assert.match(page, /29\d\d more are not shown here/)
  assert.match(summary.report_markdown, /- 2980 more/)
})
