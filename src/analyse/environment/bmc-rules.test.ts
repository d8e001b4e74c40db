import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BmcStateSensor, SelEvent, SensorFacts, SensorReading } from '../../domain/facts/sensors.ts'
import { absent, buildInput, buildSensor, minutesBefore, ok } from '../testing/build-facts.ts'
import { assessSensors } from './assess-sensors.ts'

const assess = (changes: Partial<SensorFacts>) =>
  assessSensors(
    buildInput({ sensors: { hwmon: absent(), thermalZones: absent(), ipmi: absent(), ...changes } }),
  )
const summary = (changes: Partial<SensorFacts>) =>
  assess(changes).map(({ rule, severity, subject }) => `${rule} ${severity} ${subject.component}`)

const sensor = (label: string, states: readonly string[], entity: string | null = null): BmcStateSensor => ({
  label,
  entity,
  states,
})
const states = (...sensors: BmcStateSensor[]) => summary({ ipmiStates: ok(sensors) })

describe('what a BMC says by states', () => {
  it('finds supplies that failed, predict it, or have no input', () => {
    const supply = (...said: string[]) => states(sensor('PS2 Status', ['Presence detected', ...said], '10.2'))
    assert.deepEqual(supply(), [])
    assert.deepEqual(supply('Power Supply AC lost'), ['sensor.power_supply_no_input urgent PS2 Status'])
    assert.deepEqual(supply('Failure detected'), ['sensor.power_supply_failed urgent PS2 Status'])
    assert.deepEqual(supply('Predictive failure'), ['sensor.power_supply_failing warning PS2 Status'])
    assert.deepEqual(states(sensor('Drive 2', ['Drive Present', 'Predictive Failure'], '26.1')), [
      'sensor.drive_failing warning Drive 2',
    ])
    assert.deepEqual(states(sensor('PS3 Status', ['Failure detected'])), [
      'sensor.power_supply_failed urgent PS3 Status',
    ])
  })

  it('names an empty bay only beside a supply of the same kind', () => {
    const one = sensor('PS1 Status', ['Presence detected'], '10.1')
    assert.deepEqual(states(one, sensor('PS2 Status', [], '10.2')), [
      'sensor.power_supply_absent info PS2 Status',
    ])
    assert.deepEqual(states(one, sensor('PS2 Fan Fail', [], '10.2')), [])
    assert.deepEqual(states(sensor('PS1 Status', [], '10.1'), sensor('PS2 Status', [], '10.2')), [])
  })

  it('minds lost redundancy, drives, batteries and processors', () => {
    assert.deepEqual(states(sensor('PS Redundancy', ['Fully Redundant'])), [])
    assert.deepEqual(states(sensor('PS Redundancy', ['Redundancy Lost'])), [
      'sensor.redundancy_lost warning PS Redundancy',
    ])
    assert.deepEqual(states(sensor('Fan Redundancy', ['Non-Redundant: Insufficient Resources'])), [
      'sensor.redundancy_lost urgent Fan Redundancy',
    ])
    assert.deepEqual(states(sensor('Drive 3', ['Drive Present', 'Drive Fault', 'In Critical Array'])), [
      'sensor.drive_fault urgent Drive 3',
    ])
    assert.deepEqual(states(sensor('CMOS Battery', ['Low'])), ['sensor.battery_low warning CMOS Battery'])
    assert.deepEqual(states(sensor('Fan Level', ['Low'])), [])
    assert.deepEqual(states(sensor('CPU1 Status', ['IERR'])), ['sensor.hardware_fault critical CPU1 Status'])
  })
})

describe('what a BMC says of its readings', () => {
  const reading = (changes: Partial<SensorReading>) =>
    summary({
      ipmi: ok([
        buildSensor({
          source: 'ipmi',
          chip: 'bmc',
          label: 'Fan2',
          kind: 'fan',
          unit: 'rpm',
          reading: 480,
          warnAbove: null,
          criticalAbove: null,
          ...changes,
        }),
      ]),
    })

  it('takes over its verdict, but never on an implausible reading', () => {
    assert.deepEqual(reading({ state: 'ok' }), [])
    assert.deepEqual(reading({}), [])
    assert.deepEqual(reading({ state: 'non_critical' }), ['sensor.bmc_alarm warning bmc/Fan2'])
    assert.deepEqual(reading({ state: 'critical' }), ['sensor.bmc_alarm urgent bmc/Fan2'])
    assert.deepEqual(reading({ state: 'non_recoverable' }), ['sensor.bmc_alarm critical bmc/Fan2'])
    assert.deepEqual(reading({ state: 'critical', plausible: false }), ['sensor.implausible info bmc/Fan2'])
  })
})

describe('the event log of a BMC', () => {
  const event = (changes: Partial<SelEvent>): SelEvent => ({
    id: '1',
    at: minutesBefore(60),
    sensor: 'Power Supply PS2 Status',
    event: 'Power Supply AC lost',
    direction: 'asserted',
    ...changes,
  })
  const log = (...events: SelEvent[]) => summary({ ipmiSel: ok({ events }) })
  const lost = (severity: string) => [
    `sensor.event_logged ${severity} Power Supply PS2 Status: Power Supply AC lost`,
  ]

  it('tells of faults of the last week, and whether they are over', () => {
    const week = 7 * 24 * 60
    assert.deepEqual(log(event({})), lost('warning'))
    assert.deepEqual(log(event({}), event({ direction: 'deasserted' })), lost('info'))
    assert.deepEqual(log(event({}), event({ direction: 'deasserted' }), event({})), lost('warning'))
    assert.deepEqual(log(event({ at: minutesBefore(week) })), lost('warning'))
    assert.deepEqual(log(event({ at: minutesBefore(week + 1) })), [])
    assert.deepEqual(log(event({ at: null })), [])
  })

  it('weighs memory errors, and resets only when the watchdog made them', () => {
    const one = (sensor: string, what: string) =>
      log(event({ sensor, event: what })).map((line) => line.split(' ')[1])
    assert.deepEqual(one('Memory', 'Uncorrectable ECC'), ['urgent'])
    assert.deepEqual(one('Memory', 'Correctable ECC'), ['info'])
    assert.deepEqual(one('Memory', 'Correctable ECC logging limit reached'), ['warning'])
    assert.deepEqual(one('Temperature Inlet', 'Upper Critical going high'), ['warning'])
    assert.deepEqual(one('Watchdog2 OS Watchdog', 'Hard reset'), ['warning'])
    assert.deepEqual(one('System ACPI', 'Hard reset'), [])
    assert.deepEqual(one('Event Logging Disabled SEL', 'Log area reset/cleared'), [])
  })
})
