import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerAssessment } from '../../domain/assessment.ts'
import { text } from '../../domain/text.ts'
import {
  emptyFleet,
  healthyFleet,
  sickFleet,
  summaryOf,
  unreachableServer,
} from '../testing/fleet-fixture.ts'
import { absent, GIB, healthyVm } from '../testing/healthy-vm.ts'
import { finding } from '../testing/make-finding.ts'
import { sickServer } from '../testing/sick-server.ts'

const summarise = (assessments: readonly ServerAssessment[], fleet = healthyFleet) =>
  summaryOf({ fleet, assessments, language: 'en' })

const withMemory = (
  base: ServerAssessment,
  change: Partial<NonNullable<ServerAssessment['inspection']['facts']['memory']>>,
): ServerAssessment => {
  const { memory } = base.inspection.facts
  if (memory === undefined) throw new Error('the fixture has no memory facts')
  return {
    ...base,
    inspection: { ...base.inspection, facts: { ...base.inspection.facts, memory: { ...memory, ...change } } },
  }
}

const areaOf = (summary: ReturnType<typeof summarise>, area: string) =>
  summary.areas.find((entry) => entry.area === area)?.state

test('an inventory without servers is unknown, not healthy', () => {
  const summary = summarise([], emptyFleet)
  assert.equal(summary.verdict, 'unknown')
  assert.deepEqual(new Set(summary.areas.map(({ state }) => state)), new Set(['unknown']))
})

test('a server on which nothing is wrong is healthy, and what was not read stays unknown', () => {
  const summary = summarise([healthyVm])
  assert.equal(summary.verdict, 'healthy')
  assert.equal(areaOf(summary, 'memory'), 'healthy')
  for (const area of ['modules', 'drives', 'environment'])
    assert.equal(areaOf(summary, area), 'unknown', area)
})

test('a server whose memory could not be read is unknown although nothing wrong was found', () => {
  const summary = summarise([withMemory(healthyVm, { meminfo: absent('timeout', 'cat /proc/meminfo') })])
  assert.equal(summary.verdict, 'unknown')
  assert.equal(summary.servers[0]?.state, 'unknown')
  assert.equal(summary.upgrade_advice[0]?.decision, 'cannot_say')
})

test('a fleet of which every server is unreachable has findings but no healthy server', () => {
  const summary = summarise([unreachableServer], { ...healthyFleet, healthyCount: 0 })
  assert.equal(summary.totals.healthy, 0)
  assert.equal(summary.verdict, 'unknown')
  assert.equal(summary.totals.need_attention, 1)
})

test('every server is counted once, the worst stands first', () => {
  const { totals, servers } = summarise([sickServer, unreachableServer], sickFleet)
  assert.equal(totals.healthy + totals.attention + totals.critical + totals.unknown, totals.servers)
  assert.equal(totals.need_attention, 2)
  assert.deepEqual(
    servers.map(({ ip, state }) => [ip, state]),
    [
      ['10.0.0.12', 'critical'],
      ['10.0.0.13', 'unknown'],
    ],
  )
})

test('the same address in two cloud areas is two servers with evidence of their own', () => {
  const twin: ServerAssessment = { ...healthyVm, server: { ...healthyVm.server, id: '7', bkCloudId: 3 } }
  const summary = summarise([healthyVm, twin], { ...healthyFleet, totalCount: 2, healthyCount: 2 })
  assert.equal(summary.servers.length, 2)
  const references = summary.upgrade_advice.flatMap(({ evidence }) => evidence)
  assert.deepEqual(references, ['10.0.0.11#memory.meminfo', '10.0.0.11@3#memory.meminfo'])
})

test('every evidence reference of a claim leads to evidence in the facts', () => {
  const summary = summarise([sickServer, unreachableServer, healthyVm], sickFleet)
  const { memory, disk, environment_evidence: environment } = summary.facts
  const known = new Set(
    [...environment, ...[...memory.servers, ...disk.servers].flatMap(({ evidence }) => evidence)].map(
      ({ ref }) => ref,
    ),
  )
  const claims = [
    ...summary.analysis.flatMap((part) => part.claims),
    ...summary.purchase_advice,
    ...summary.optimisation,
    ...summary.risk,
  ]
  const references = claims.flatMap(({ evidence }) => evidence)
  assert.ok(references.length > 10)
  for (const ref of references) assert.ok(known.has(ref), ref)
})

test('upgrade advice: no need below the threshold', () => {
  assert.equal(summarise([healthyVm]).upgrade_advice[0]?.decision, 'no_need')
})

test('upgrade advice: shortage on a physical server counts its free slots and names no part', () => {
  const [advice] = summarise([sickServer], sickFleet).upgrade_advice
  assert.equal(advice?.decision, 'plan_needed')
  assert.deepEqual([advice?.slots_free, advice?.slots_total], [4, 8])
  assert.match(advice?.reason.en ?? '', /4 free slot\(s\) of 8; the slot plan needs the planner/)
})

test('upgrade advice: a virtual machine gets another allocation, not modules', () => {
  const { memory } = healthyVm.inspection.facts
  if (memory?.meminfo.status !== 'ok') throw new Error('the fixture has no meminfo')
  const full = withMemory(healthyVm, {
    meminfo: { status: 'ok', value: { ...memory.meminfo.value, availableBytes: GIB } },
  })
  assert.equal(summarise([full]).upgrade_advice[0]?.decision, 'change_allocation')
})

test('upgrade advice: one process with most of the memory, or unused huge pages, come before buying', () => {
  const { memory } = sickServer.inspection.facts
  if (memory?.meminfo.status !== 'ok') throw new Error('the fixture has no meminfo')
  const hog = {
    pid: 7,
    user: 'u',
    residentBytes: 60 * GIB,
    proportionalBytes: null,
    swappedBytes: null,
    startedAt: null,
    elapsedSeconds: 1,
    command: 'hog',
  }
  const hogged = withMemory(sickServer, { processes: { status: 'ok', value: [hog] } })
  assert.equal(summarise([hogged], sickFleet).upgrade_advice[0]?.decision, 'use_less_first')
  const reserved = withMemory(sickServer, {
    meminfo: {
      status: 'ok',
      value: { ...memory.meminfo.value, hugePagesTotal: 20_000, hugePagesFree: 20_000 },
    },
  })
  const [advice] = summarise([reserved], sickFleet).upgrade_advice
  assert.equal(advice?.decision, 'use_less_first')
  assert.match(advice?.reason.en ?? '', /39\.1 GiB of reserved huge pages/)
})

test('upgrade advice: OOM kills without a shortage ask for the victim first', () => {
  const killed = withMemory(healthyVm, {
    vmstat: {
      status: 'ok',
      value: {
        oomKillCount: 2,
        swappedInPages: null,
        swappedOutPages: null,
        majorFaultCount: null,
        allocationStallCount: null,
      },
    },
  })
  assert.equal(summarise([killed]).upgrade_advice[0]?.decision, 'use_less_first')
})

test('sensor readings of the inspections stand over older ones of service 001', () => {
  const summary = summarise([sickServer], sickFleet)
  assert.equal(summary.facts.environment.out_of_range.length, 1)
  assert.equal(areaOf(summary, 'environment'), 'attention')
})

test('a finding of an inspection is listed once although three documents hold it', () => {
  const lost = finding(unreachableServer.server, {
    rule: 'server.unreachable',
    severity: 'urgent',
    kind: 'server',
    component: null,
    title: text('无法访问', 'Unreachable'),
  })
  const summary = summarise([{ ...unreachableServer, findings: [lost] }], { ...sickFleet, findings: [lost] })
  assert.equal(summary.findings.filter(({ rule }) => rule === 'server.unreachable').length, 1)
})

test('every decimal number of the texts stands in the facts', () => {
  const { facts, report_markdown: markdown } = summarise(
    [sickServer, unreachableServer, healthyVm],
    sickFleet,
  )
  const source = `${facts.system.report_markdown}${facts.memory.report_markdown}${facts.disk.report_markdown}${JSON.stringify(facts)}`
  const numbers = markdown.match(/\d+\.\d+(?=%| [KMGT]iB)/g) ?? []
  assert.ok(numbers.length > 5)
  for (const number of numbers) assert.ok(source.includes(number), number)
})
