import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SmartDrive } from '../../domain/facts/disk.ts'
import { text } from '../../domain/text.ts'
import { finding } from '../testing/make-finding.ts'
import { sickServer } from '../testing/sick-server.ts'
import { driveVerdict } from './drive-verdict.ts'

const silent: SmartDrive = {
  device: '/dev/sda',
  protocol: null,
  model: null,
  serialNumber: null,
  firmware: null,
  capacityBytes: null,
  healthPassed: null,
  temperatureCelsius: null,
  powerOnHours: null,
  reallocatedSectors: null,
  pendingSectors: null,
  offlineUncorrectable: null,
  reportedUncorrectable: null,
  mediaErrors: null,
  nvmeCriticalWarning: null,
  wearPercent: null,
  failingAttributes: [],
  pastFailedAttributes: [],
  grownDefects: null,
  scsiUncorrectedErrors: null,
}

const cases: [string, Partial<SmartDrive>, string, string[]][] = [
  ['says nothing', {}, 'unknown', []],
  ['says only how warm it is', { temperatureCelsius: 40 }, 'unknown', []],
  ['passes', { healthPassed: true, reallocatedSectors: 0 }, 'no_warning_signs', []],
  ['fails its own test', { healthPassed: false }, 'critical', ['health_passed']],
  [
    'has an attribute below its threshold',
    { healthPassed: true, failingAttributes: ['Spin_Retry'] },
    'critical',
    ['Spin_Retry'],
  ],
  ['sets an NVMe warning bit', { nvmeCriticalWarning: 4 }, 'critical', ['nvme_critical_warning']],
  [
    'has pending sectors although it passes',
    { healthPassed: true, pendingSectors: 1 },
    'warning',
    ['pending_sectors'],
  ],
  ['failed an attribute in the past', { pastFailedAttributes: ['Temp'] }, 'warning', ['Temp']],
  ['has used its endurance up', { wearPercent: 100 }, 'warning', ['wear_percent']],
  ['has endurance left', { wearPercent: 99 }, 'no_warning_signs', []],
]

for (const [name, facts, verdict, attributes] of cases)
  test(`a drive that ${name} is ${verdict}`, () => {
    const decided = driveVerdict({ ...silent, ...facts }, [])
    assert.equal(decided.verdict, verdict)
    assert.deepEqual(
      decided.decided_by.map(({ attribute }) => attribute),
      attributes,
    )
  })

test('a finding on the drive decides where the counters alone would not', () => {
  const worn = finding(sickServer.server, {
    rule: 'disk.smart_warning',
    severity: 'warning',
    kind: 'drive',
    component: 'sda',
    title: text('磨损 90%', 'wear 90%'),
  })
  const decided = driveVerdict({ ...silent, healthPassed: true, wearPercent: 90 }, [worn])
  assert.deepEqual(decided, { verdict: 'warning', decided_by: [{ attribute: 'wear_percent', reading: 90 }] })
  const other = { ...worn, subject: { ...worn.subject, component: 'sdb' } }
  assert.equal(
    driveVerdict({ ...silent, healthPassed: true, wearPercent: 90 }, [other]).verdict,
    'no_warning_signs',
  )
})
