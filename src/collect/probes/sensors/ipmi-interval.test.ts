import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SensorFacts } from '../../../domain/facts/sensors.ts'
import type { SystemFacts } from '../../../domain/facts/system.ts'
import type { SectionReport } from '../../../domain/inspection.ts'
import {
  IPMI_SECTION_IDS,
  ipmiAskedAt,
  sectionsToLeaveOut,
  withEarlierBmcLan,
  withEarlierSensors,
} from './ipmi-interval.ts'

const NOW = new Date('2026-01-02T03:04:05Z')
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000)
const absence = { status: 'no_data', command: 'x', exitCode: null, stderr: '' } as const

test('each question is put to the BMC at most once in ten minutes', () => {
  const leftOut = (seconds: number) => sectionsToLeaveOut(new Map([['sensors.ipmi', before(seconds)]]), NOW)
  assert.deepEqual(sectionsToLeaveOut(new Map(), NOW), [])
  assert.deepEqual(leftOut(599), ['sensors.ipmi'])
  assert.deepEqual(leftOut(0), ['sensors.ipmi'])
  assert.deepEqual(leftOut(600), [])
  assert.deepEqual(leftOut(-5), [], 'a clock that went back')
  const all = new Map(IPMI_SECTION_IDS.map((id) => [id, before(1)]))
  assert.deepEqual(sectionsToLeaveOut(all, NOW), IPMI_SECTION_IDS)
})

test('a BMC that hung was asked; one without tool or permission was not', () => {
  const looked = (status: SectionReport['status']) =>
    ipmiAskedAt({
      sections: ['sensors.hwmon', 'sensors.ipmi'].map((id) => ({ id, status, command: 'x', remedy: null })),
      evidence: ['sensors.hwmon', 'sensors.ipmi', 'sensors.bmc'].map((id) => ({
        id,
        server: '10.0.0.1',
        command: 'x',
        at: before(60),
        excerpt: '',
        rawSha256: '',
      })),
    })
  for (const status of ['ok', 'timeout', 'no_data', 'unparseable'] as const)
    assert.deepEqual([...looked(status)], [['sensors.ipmi', before(60)]], status)
  for (const status of ['unsupported', 'denied'] as const) assert.deepEqual([...looked(status)], [], status)
})

test('what the BMC said last stays for the sections left out, the rest is fresh', () => {
  const events = { status: 'ok', value: { events: [] } } as const
  const fresh: SensorFacts = {
    hwmon: { status: 'ok', value: [] },
    thermalZones: absence,
    ipmi: absence,
    ipmiStates: absence,
    ipmiSel: absence,
  }
  const earlier: SensorFacts = {
    hwmon: absence,
    thermalZones: absence,
    ipmi: { status: 'ok', value: [] },
    ipmiSel: events,
  }
  const merged = withEarlierSensors(fresh, earlier, ['sensors.ipmi', 'sensors.bmc'])
  assert.deepEqual(merged, { ...fresh, ipmi: earlier.ipmi })
  assert.deepEqual(withEarlierSensors(fresh, earlier, ['sensors.ipmi_sel']), { ...fresh, ipmiSel: events })
  assert.deepEqual(withEarlierSensors(fresh, earlier, []), fresh)
})

test('the address that the BMC gave last stays', () => {
  const lan: NonNullable<SystemFacts['bmcLan']> = { ...absence, command: 'earlier' }
  const fresh: SystemFacts = {
    os: absence,
    cpu: absence,
    board: absence,
    uptime: absence,
    virtualization: absence,
    bmcLan: absence,
  }
  const earlier = { ...fresh, bmcLan: lan }
  assert.equal(withEarlierBmcLan(fresh, earlier, ['system.bmc_lan']).bmcLan, lan)
  assert.equal(withEarlierBmcLan(fresh, earlier, ['sensors.ipmi']).bmcLan, absence)
})
