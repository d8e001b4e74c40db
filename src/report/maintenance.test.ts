import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { text } from '../domain/text.ts'
import { summaryDocumentSchema } from './documents/summary-document.ts'
import { renderReportPage } from './render-report-page.ts'
import { fixtureContext, sickFleet, summaryOf, unreachableServer } from './testing/fleet-fixture.ts'
import { sickServer } from './testing/sick-server.ts'

const maintenance = {
  until: new Date('2026-11-02T04:00:00Z'),
  reason: text('周一 06:00–12:00(Asia/Shanghai)', 'Mon 06:00–12:00 (Asia/Shanghai)'),
}

const [sick] = sickFleet.abnormal
assert.ok(sick !== undefined)

/** The fleet of five whose sick server and whose silent one are both in a maintenance window. */
const maintainedFleet = {
  ...sickFleet,
  abnormal: [{ ...sick, maintenance }],
  stale: sickFleet.stale.map((one) => ({ ...one, maintenance })),
  inMaintenance: [
    { server: sick.server, maintenance, state: 'abnormal' as const },
    ...sickFleet.stale.map(({ server }) => ({ server, maintenance, state: 'stale' as const })),
  ],
}

const summary = (language: 'zh' | 'en') =>
  summaryOf({ fleet: maintainedFleet, assessments: [sickServer, unreachableServer], language })

describe('a report on servers in maintenance', () => {
  it('counts them apart and asks nobody’s attention for them', () => {
    const { totals, verdict, summary: sentence, areas } = summary('en')
    assert.deepEqual(
      [totals.servers, totals.healthy, totals.need_attention, totals.in_maintenance, verdict],
      [5, 3, 0, 2, 'healthy'],
    )
    assert.match(sentence.en, /None of 5 server\(s\) needs attention\. 2 in maintenance\./)
    assert.match(sentence.zh, /2 台维护中/)
    assert.ok(
      areas.every(({ state }) => state === 'healthy' || state === 'unknown'),
      JSON.stringify(areas),
    )
  })

  it('lists and marks them, with what was found', () => {
    const { servers, findings } = summary('zh')
    assert.deepEqual(
      servers.map(({ ip, state, in_maintenance }) => [ip, state, in_maintenance?.until]),
      [
        [sickServer.server.ip, 'critical', '2026-11-02 12:00:00'],
        [unreachableServer.server.ip, 'unknown', '2026-11-02 12:00:00'],
      ],
    )
    assert.ok(findings.some(({ ip }) => ip === sickServer.server.ip))
  })

  it('says so on the page, in both languages', () => {
    for (const [language, words] of [
      ['zh', ['维护中 2', '维护中,至 2026-11-02 12:00:00']],
      ['en', ['2 in maintenance', 'in maintenance until 2026-11-02 12:00:00']],
    ] as const) {
      const page = renderReportPage({
        summary: summary(language),
        run: null,
        context: fixtureContext(language),
        productVersion: '0.1.0',
      })
      for (const word of words) assert.ok(page.includes(word), word)
    }
  })

  it('keeps its schema, and one without the fields is still read', () => {
    const whole = summary('en')
    assert.deepEqual(summaryDocumentSchema.parse(JSON.parse(JSON.stringify(whole))), whole)
    const older: unknown = JSON.parse(JSON.stringify(whole), (key, value: unknown) =>
      /^(?:in_maintenance|threshold_source|threshold_percent)$/.test(key) ? undefined : value,
    )
    const read = summaryDocumentSchema.parse(older)
    assert.equal(read.totals.in_maintenance, 0)
    assert.deepEqual(read.facts.system.in_maintenance, [])
  })
})
