import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readKnowledge } from '../../config/knowledge.ts'
import type { SmartDetails, SmartDrive } from '../../domain/facts/disk.ts'
import { buildDisk, buildDrive, buildInput, ok } from '../testing/build-facts.ts'
import { assessDisk } from './assess-disk.ts'
import { remainingLifeHours } from './drive-life.ts'
import { assessReplacementRisk, describeRisk } from './replacement-risk.ts'

const { smartThresholds } = readKnowledge(join(import.meta.dirname, '..', '..', '..', 'knowledge'))

const DETAILS: SmartDetails = {
  access: 'answered',
  message: null,
  wwn: null,
  rotationRpm: null,
  formFactor: null,
  interfaceMaxGigabits: null,
  interfaceGigabits: null,
  smartEnabled: null,
  temperatureWarnCelsius: null,
  temperatureCriticalCelsius: null,
  powerCycles: null,
  startStopCycles: null,
  crcErrors: null,
  commandTimeouts: null,
  availableSparePercent: null,
  availableSpareThresholdPercent: null,
  unsafeShutdowns: null,
  bytesWritten: null,
  nonMediumErrors: null,
  errorLogCount: null,
  selfTests: null,
  attributes: [],
  exitStatus: null,
}
const withDetails = (details: Partial<SmartDetails>, drive: Partial<SmartDrive> = {}): SmartDrive =>
  buildDrive({ ...drive, details: { ...DETAILS, ...details } })

const risk = (change: Partial<SmartDrive>) => assessReplacementRisk(buildDrive(change), smartThresholds)
const score = (change: Partial<SmartDrive>) => risk(change)?.scorePercent

describe('assessReplacementRisk', () => {
  it('is 0 for a drive without signs and unknown for one that said nothing', () => {
    assert.deepEqual(risk({}), { scorePercent: 0, contributions: [] })
    const silent = { healthPassed: null, reallocatedSectors: null, powerOnHours: null }
    assert.equal(risk({ ...silent, pendingSectors: null, offlineUncorrectable: null }), null)
  })

  it('counts the highest step reached, from its boundary on', () => {
    assert.equal(score({ reallocatedSectors: 3 }), 3)
    assert.equal(score({ reallocatedSectors: 4 }), 8)
    assert.equal(score({ reallocatedSectors: 259 }), 36)
    assert.equal(score({ reallocatedSectors: 260 }), 57)
    assert.equal(score({ powerOnHours: 43_799 }), 0)
    assert.equal(score({ powerOnHours: 43_800 }), 5)
  })

  it('adds signs up, largest first, never above 100', () => {
    const both = risk({ reallocatedSectors: 5, pendingSectors: 8 })
    assert.deepEqual(
      both?.contributions.map(({ sign, riskPercent }) => [sign, riskPercent]),
      [
        ['pendingSectors', 68],
        ['reallocatedSectors', 8],
      ],
    )
    assert.equal(both?.scorePercent, 71)
    assert.equal(
      both === null || both === undefined ? '' : describeRisk(both).en,
      'Replacement risk 71/100: pending sectors 8 (+68), reallocated sectors 5 (+8)',
    )
    const worst = {
      healthPassed: false,
      failingAttributes: ['x'],
      offlineUncorrectable: 9,
      pendingSectors: 9,
    }
    assert.ok((score(worst) ?? 101) <= 100)
  })

  it('stands in the cause of the verdict when the knowledge is given', () => {
    const input = buildInput({ disk: buildDisk({ smart: ok([buildDrive({ pendingSectors: 8 })]) }) })
    const [finding] = assessDisk({ ...input, smartThresholds })
    assert.match(
      finding?.cause?.en ?? '',
      /^Replacement risk 68\/100: pending sectors 8 \(\+68\)\. An old count/,
    )
    assert.doesNotMatch(assessDisk(input)[0]?.cause?.en ?? '', /Replacement risk/)
  })
})

describe('remainingLifeHours', () => {
  const life = (wearPercent: number | null, powerOnHours: number | null) =>
    remainingLifeHours(buildDrive({ wearPercent, powerOnHours }))

  it('goes on at the pace so far, and does not guess', () => {
    assert.equal(life(50, 10_000), 10_000)
    assert.equal(life(100, 10_000), 0)
    assert.equal(life(103, 10), 0)
    assert.equal(life(0, 10_000), null)
    assert.equal(life(50, 999), null)
    assert.equal(life(null, 10_000), null)
    assert.equal(life(50, null), null)
  })

  it('is a finding within a year of running', () => {
    const rules = (wearPercent: number, powerOnHours: number) =>
      assessDisk(
        buildInput({ disk: buildDisk({ smart: ok([buildDrive({ wearPercent, powerOnHours })]) }) }),
      ).map(({ rule }) => rule)
    assert.deepEqual(rules(50, 8_760), ['disk.wear_ending'])
    assert.deepEqual(rules(50, 8_761), [])
    assert.deepEqual(rules(100, 5_000), ['disk.smart_warning', 'disk.wear_ending'])
  })
})

describe('assessDisk, signs beside the verdict', () => {
  const findings = (drive: SmartDrive) => assessDisk(buildInput({ disk: buildDisk({ smart: ok([drive]) }) }))
  const summary = (drive: SmartDrive) => findings(drive).map(({ rule, severity }) => `${rule} ${severity}`)

  it('says why a drive said nothing', () => {
    const silent = (access: SmartDetails['access']) =>
      withDetails({ access, message: 'why' }, { healthPassed: null })
    assert.deepEqual(summary(silent('asleep')), ['disk.smart_unknown info'])
    assert.match(findings(silent('asleep'))[0]?.title.en ?? '', /asleep and was not woken/)
    assert.deepEqual(summary(silent('timeout')), ['disk.smart_timeout warning'])
    assert.match(findings(silent('not_opened'))[0]?.cause?.en ?? '', /^smartctl: why$/)
    assert.match(findings(silent('no_answer'))[0]?.title.en ?? '', /unknown \(not: healthy\)/)
  })

  it('minds a failed self-test, but not an aborted one', () => {
    const tested = (lastOutcome: 'failed' | 'aborted') =>
      withDetails({ selfTests: { lastOutcome, lastKind: null, lastAtPowerOnHours: 9, failedCount: 1 } })
    assert.deepEqual(summary(tested('failed')), ['disk.self_test_failed urgent'])
    assert.deepEqual(summary(tested('aborted')), [])
  })

  it('takes CRC errors for the link, from 100, and warns when it fell back', () => {
    assert.deepEqual(summary(withDetails({ crcErrors: 99 })), [])
    assert.deepEqual(summary(withDetails({ crcErrors: 100 })), ['disk.link_errors info'])
    const slow = { crcErrors: 100, interfaceGigabits: 1.5, interfaceMaxGigabits: 6 }
    assert.deepEqual(summary(withDetails(slow)), ['disk.link_errors warning'])
  })

  it('goes by the rotation that the drive states', () => {
    assert.deepEqual(summary(withDetails({ rotationRpm: 7200 }, { temperatureCelsius: 61 })), [
      'disk.temperature_high urgent',
    ])
    assert.deepEqual(summary(withDetails({ rotationRpm: 0 }, { temperatureCelsius: 61 })), [])
  })
})
