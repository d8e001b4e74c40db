import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SensorReading } from '../../domain/facts/sensors.ts'
import { absent, buildInput, buildSensor, ok } from '../testing/build-facts.ts'
import { assessSensors } from './assess-sensors.ts'

const assess = (...changes: Partial<SensorReading>[]) =>
  assessSensors(
    buildInput({ sensors: { hwmon: ok(changes.map(buildSensor)), thermalZones: absent(), ipmi: absent() } }),
  )

const summary = (...changes: Partial<SensorReading>[]) =>
  assess(...changes).map(({ rule, severity, subject }) => `${rule} ${severity} ${subject.component}`)

const fan = (label: string, reading: number): Partial<SensorReading> => ({
  chip: 'nct6775',
  label,
  kind: 'fan',
  unit: 'rpm',
  reading,
  warnAbove: null,
  criticalAbove: null,
})

describe('assessSensors', () => {
  it('judges temperatures against the device’s own limits', () => {
    assert.deepEqual(summary({ reading: 80 }), [])
    assert.deepEqual(summary({ reading: 80.1 }), ['sensor.temperature_high warning coretemp/Core 0'])
    assert.deepEqual(summary({ reading: 100 }), ['sensor.temperature_high warning coretemp/Core 0'])
    assert.deepEqual(summary({ reading: 100.1 }), ['sensor.temperature_high critical coretemp/Core 0'])
    assert.deepEqual(summary({ reading: 100, warnAbove: null, criticalAbove: null }), [])
  })

  it('believes no limit that no device has', () => {
    assert.deepEqual(summary({ reading: 40, warnAbove: 0, criticalAbove: 65_261 }), [])
    assert.deepEqual(summary({ reading: 40, warnAbove: -5, criticalAbove: null }), [])
    assert.deepEqual(summary({ reading: 151, warnAbove: 150, criticalAbove: 151 }), [
      'sensor.temperature_high warning coretemp/Core 0',
    ])
  })

  it('names an implausible reading and does not alarm on it', () => {
    assert.deepEqual(summary({ reading: 65_261, plausible: false }), [
      'sensor.implausible info coretemp/Core 0',
    ])
    assert.deepEqual(
      summary({
        kind: 'power',
        unit: 'watt',
        reading: 4_290_000,
        plausible: false,
        chip: 'power',
        label: 'p1',
      }),
      ['sensor.implausible info power/p1'],
    )
  })

  it('minds a standing fan only while others of its chip turn', () => {
    assert.deepEqual(summary(fan('fan1', 0), fan('fan2', 1200)), ['sensor.fan_stopped warning nct6775/fan1'])
    assert.deepEqual(summary(fan('fan1', 1), fan('fan2', 1200)), [])
    assert.deepEqual(summary(fan('fan1', 0), fan('fan2', 0)), [])
    assert.deepEqual(summary(fan('fan1', 0), { ...fan('fan2', 1200), chip: 'other' }), [])
    assert.deepEqual(summary(fan('fan1', 0), { ...fan('fan2', 9e9), plausible: false }), [
      'sensor.implausible info nct6775/fan2',
    ])
  })

  it('tells sensors of one name apart, and leaves out what was not inspected', () => {
    assert.deepEqual(summary({ reading: 90 }, { reading: 90 }), [
      'sensor.temperature_high warning coretemp/Core 0',
      'sensor.temperature_high warning coretemp/Core 0 #2',
    ])
    assert.deepEqual(assessSensors(buildInput({})), [])
  })
})
