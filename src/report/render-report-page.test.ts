import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FleetAssessment, ServerAssessment } from '../domain/assessment.ts'
import { text } from '../domain/text.ts'
import { REPORT_PAGE_STYLE, renderReportPage } from './render-report-page.ts'
import {
  emptyFleet,
  fixtureContext,
  healthyFleet,
  sickFleet,
  summaryOf,
  unreachableServer,
} from './testing/fleet-fixture.ts'
import { healthyVm } from './testing/healthy-vm.ts'
import { finding } from './testing/make-finding.ts'
import { sickServer } from './testing/sick-server.ts'

const run = { id: '3000000000000000001', state: 'succeeded' }

function pageOf(
  fleet: FleetAssessment,
  assessments: readonly ServerAssessment[],
  language: 'zh' | 'en',
): string {
  const summary = summaryOf({ fleet, assessments, language })
  return renderReportPage({ summary, run, context: fixtureContext(language), productVersion: '0.1.0' })
}

const byteLength = (page: string): number => new TextEncoder().encode(page).byteLength

/** Returns what is in the page besides its style. */
const withoutStyle = (page: string): string => page.replace(`<style>${REPORT_PAGE_STYLE}</style>`, '')

/** Elements that a report page consists of: anything else came from outside. */
const OURS =
  /^(?:!doctype|html|head|meta|title|body|a|div|header|span|main|section|h1|h2|h3|p|b|strong|ul|li|svg|circle|rect|path|text|article|dl|dt|dd|table|thead|tbody|tr|th|td|br|code|details|summary|pre|footer)$/

function assertHarmless(page: string): void {
  const body = withoutStyle(page)
  for (const [, name = ''] of body.matchAll(/<\/?([!a-z0-9-]+)/gi)) assert.match(name, OURS)
  for (const [tag] of body.matchAll(/<[a-z][^>]*>/gi)) {
    assert.doesNotMatch(tag, /\s(?:on\w+|style|src|srcdoc|action)\s*=/i, tag)
    for (const [, href = ''] of tag.matchAll(/\shref="([^"]*)"/g))
      assert.match(href, /^(?:#|\?lang=(?:zh|en)$|\/api\/ai-report$)/)
  }
  assert.doesNotMatch(body, /[\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
}

for (const [name, page] of Object.entries({
  'healthy-vm': (language: 'zh' | 'en') => pageOf(healthyFleet, [healthyVm], language),
  'sick-fleet': (language: 'zh' | 'en') => pageOf(sickFleet, [sickServer, unreachableServer], language),
  'empty-fleet': (language: 'zh' | 'en') => pageOf(emptyFleet, [], language),
}))
  for (const language of ['zh', 'en'] as const)
    test(`the page of ${name} (${language}) reads as it should`, (t) => {
      const written = page(language)
      const readable = withoutStyle(written).replaceAll('><', '>\n<')
      t.assert.fileSnapshot(
        readable,
        join(import.meta.dirname, 'testdata', `${name}.page.${language}.html`),
        {
          serializers: [(value) => String(value)],
        },
      )
      assertHarmless(written)
      assert.ok(byteLength(written) < 60_000)
    })

test('the page loads nothing, runs nothing, and its style stands in one element to the letter', () => {
  const page = pageOf(sickFleet, [sickServer, unreachableServer], 'zh')
  assert.equal(page.split('<style>').length, 2)
  assert.ok(page.includes(`<style>${REPORT_PAGE_STYLE}</style>`))
  assert.doesNotMatch(page, /<script|<link|<img|<iframe|@import|url\(/)
  assert.doesNotMatch(REPORT_PAGE_STYLE, /</)
})

test('the first lines say how many of how many, what is worst and what next', () => {
  const page = pageOf(sickFleet, [sickServer, unreachableServer], 'en')
  const top = page.slice(page.indexOf('<section class="hero'), page.indexOf('<ul class="areas"'))
  assert.match(top, /2 of 5 servers need attention/)
  assert.match(top, /10\.0\.0\.12<\/strong> Drive sdb fails SMART/)
  assert.match(top, /<code>smartctl -x \/dev\/sdb<\/code>/)
})

test('every evidence link of the page leads to a block with its command', () => {
  const page = pageOf(sickFleet, [sickServer, unreachableServer], 'en')
  const links = new Set([...page.matchAll(/href="#(e\d+)"/g)].map(([, target]) => target))
  assert.ok(links.size >= 7)
  for (const target of links) assert.equal(page.split(`id="${target}"`).length, 2, target)
})

test('the page leads to the other language', () => {
  assert.match(pageOf(healthyFleet, [healthyVm], 'zh'), /<html lang="zh-CN">.*href="\?lang=en"/s)
  assert.match(pageOf(healthyFleet, [healthyVm], 'en'), /<html lang="en">.*href="\?lang=zh"/s)
})

test('without a report the page says what is going on and reloads only while a run is going on', () => {
  const base = { summary: null, context: fixtureContext('en'), productVersion: '0.1.0' }
  const running = renderReportPage({ ...base, run: { id: '5', state: 'running' } })
  assert.match(running, /The first inspection is running/)
  assert.match(running, /http-equiv="refresh"/)
  const none = renderReportPage({ ...base, run: null })
  assert.match(none, /There is no report yet/)
  assert.doesNotMatch(none, /http-equiv="refresh"/)
  assert.match(renderReportPage({ ...base, run: { id: '5', state: 'failed' } }), /smart-ops runs show 5/)
  for (const page of [running, none]) assertHarmless(page)
})

/** Returns a finding that consists of foreign words. */
const poisonedFinding = (words: string) =>
  finding(sickServer.server, {
    rule: 'x',
    severity: 'critical',
    kind: 'drive',
    component: words,
    title: text(words, words),
    cause: text(words, words),
    nextStep: text(words, words),
  })

/** Returns arrays and big files with foreign words wherever a server fills them in. */
const poisonedStorage = (words: string) => ({
  zfsPools: {
    status: 'ok' as const,
    value: [
      {
        name: words,
        state: words,
        status: words,
        scan: words,
        errors: words,
        devices: [{ name: words, state: words, readErrors: 0, writeErrors: 0, checksumErrors: 0 }],
      },
    ],
  },
  multipath: {
    status: 'ok' as const,
    value: [{ name: words, wwid: words, paths: [{ device: words, up: false, stateText: words }] }],
  },
  deletedOpenFiles: {
    status: 'ok' as const,
    value: {
      allProcesses: true,
      files: [{ pid: 1, command: words, path: words, allocatedBytes: 1024 ** 3 }],
    },
  },
  biggestEntries: {
    status: 'ok' as const,
    value: [
      {
        mount: words,
        complete: false,
        directories: [{ path: `/${words}`, sizeBytes: 1024 ** 3 }],
        files: [{ path: `/${words}`, sizeBytes: 1024 ** 3 }],
      },
    ],
  },
})

/** Returns the sick server with foreign words in every place that a server fills. */
function poisoned(words: string): ServerAssessment {
  const { server, inspection, findings, thresholds } = sickServer
  const { memory, disk, system, sensors } = inspection.facts
  if (memory === undefined || disk === undefined || system === undefined || sensors === undefined)
    throw new Error('the fixture lacks facts')
  return {
    server: { ...server, name: words, group: words },
    thresholds,
    driveOutlooks: sickServer.driveOutlooks,
    memoryAreas: [],
    changes: null,
    findings: [...findings, poisonedFinding(words)],
    inspection: {
      ...inspection,
      facts: {
        system,
        memory: {
          ...memory,
          oomKills: {
            status: 'ok',
            value: {
              kills: [
                {
                  at: null,
                  victim: words,
                  pid: 1,
                  uid: null,
                  residentBytes: null,
                  virtualBytes: null,
                  scope: 'cgroup',
                  cgroup: words,
                  invokedBy: words,
                },
              ],
              logSince: null,
            },
          },
          processes: {
            status: 'ok',
            value: [
              {
                pid: 1,
                user: words,
                residentBytes: 1,
                proportionalBytes: null,
                swappedBytes: null,
                startedAt: null,
                elapsedSeconds: null,
                command: words,
              },
            ],
          },
        },
        disk: {
          ...disk,
          ...poisonedStorage(words),
          mdArrays: {
            status: 'ok',
            value: [
              {
                name: words,
                level: words,
                state: words,
                memberCount: null,
                activeMemberCount: null,
                failedMembers: [words],
                operation: words,
                operationPercent: null,
              },
            ],
          },
        },
        sensors: {
          ...sensors,
          hwmon:
            sensors.hwmon.status === 'ok'
              ? {
                  status: 'ok',
                  value: sensors.hwmon.value.map((reading) => ({ ...reading, chip: words, label: words })),
                }
              : sensors.hwmon,
        },
      },
      sections: [
        ...inspection.sections,
        { id: 'disk.smart', status: 'denied', command: words, remedy: { zh: words, en: words } },
      ],
      evidence: inspection.evidence.map((entry) => ({ ...entry, command: words, excerpt: words })),
    },
  }
}

test('nothing that a server prints becomes part of the page', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          '</script>',
          '<script>',
          '"',
          "'",
          '>',
          '<',
          '&',
          '`',
          '\u202e',
          '\u0000',
          '\u001b',
          '</pre>',
          '</style>',
          'onload=',
          ' ',
          '\n',
          '中',
          '\ud800',
        ),
      )
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(hostile, fc.constantFrom('zh' as const, 'en' as const), (words, language) => {
      assertHarmless(pageOf(sickFleet, [poisoned(words)], language))
    }),
    { numRuns: 2000 },
  )
})

test('hidden characters of an excerpt are shown', () => {
  const page = pageOf(sickFleet, [poisoned('a\u0000b\u202ec\u001b[2J</script>"\'')], 'en')
  assert.ok(page.includes('<pre>a␀b⟨U+202E⟩c␛[2J&lt;/script&gt;&quot;&#39;</pre>'))
})

test('the page stays small for a large fleet and for the most swollen text', () => {
  const many = Array.from({ length: 300 }, (_, position): ServerAssessment => {
    const base = poisoned('\u202e<"'.repeat(position % 2 === 0 ? 1300 : 3))
    const server = { ...base.server, id: `s${position}`, ip: `10.1.${position >> 8}.${position & 255}` }
    return {
      ...base,
      server,
      inspection: { ...base.inspection, serverId: server.id, serverIp: server.ip },
      findings: base.findings.map((entry) => ({
        ...entry,
        subject: { ...entry.subject, serverId: server.id, serverIp: server.ip },
      })),
    }
  })
  const page = pageOf({ ...sickFleet, totalCount: 300 }, many, 'zh')
  assert.ok(byteLength(page) < 60_000, String(byteLength(page)))
  assertHarmless(page)
  assert.match(page, /台服务器中 \d+ 台需要关注/)
})

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(full.slice(start, start + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

test('text meets the AA contrast of 4.5 : 1 in both schemes', () => {
  const schemes = [...REPORT_PAGE_STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, rules = '']) =>
    Object.fromEntries(
      [...rules.matchAll(/--([a-z-]+):(#[0-9a-f]+)/gi)].map(([, name = '', colour = '']) => [name, colour]),
    ),
  )
  assert.equal(schemes.length, 2)
  const states = ['critical', 'urgent', 'attention', 'healthy', 'unknown']
  const pairs = [
    ...['text', 'muted', 'accent'].flatMap((ink) => ['bg', 'card', 'soft'].map((paper) => [ink, paper])),
    ...states.map((state) => [state, `${state}-soft`]),
  ]
  for (const scheme of schemes)
    for (const [ink = '', paper = ''] of pairs) {
      const [one, other] = [luminance(scheme[ink] ?? ''), luminance(scheme[paper] ?? '')]
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
      assert.ok(ratio >= 4.5, `${ink} on ${paper}: ${ratio.toFixed(2)}`)
    }
})
