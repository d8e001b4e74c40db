import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { SectionReport, Unreachable } from '../../domain/inspection.ts'
import {
  absent,
  buildArray,
  buildDisk,
  buildDrive,
  buildFilesystem,
  buildInput,
  buildMeminfo,
  buildMemory,
  buildSensor,
  buildServer,
  buildSystem,
  ok,
} from '../testing/build-facts.ts'
import { assessServer } from './assess-server.ts'

const summary = (input: Parameters<typeof assessServer>[0]) =>
  assessServer(input).findings.map(({ rule, severity }) => `${rule} ${severity}`)

const section = (changes: Partial<SectionReport>): SectionReport => ({
  id: 'memory.inventory',
  status: 'denied',
  command: 'dmidecode -t 16,17',
  remedy: { zh: '授予 sudo 权限', en: 'permit it with sudo' },
  ...changes,
})

const sick = {
  memory: buildMemory({ meminfo: ok(buildMeminfo({ availableBytes: 0 })) }),
  disk: buildDisk({
    filesystems: ok([buildFilesystem({ usedPercent: 99 })]),
    mdArrays: ok([buildArray({ activeMemberCount: 1 })]),
    smart: ok([buildDrive({ healthPassed: null })]),
  }),
  sensors: { hwmon: ok([buildSensor({ reading: 90 })]), thermalZones: absent(), ipmi: absent() },
}

describe('assessServer', () => {
  it('composes what the facts give, most severe first', () => {
    assert.deepEqual(summary(buildInput(sick)), [
      'disk.space_high critical',
      'disk.raid_degraded urgent',
      'memory.usage_high urgent',
      'sensor.temperature_high warning',
      'disk.smart_unknown info',
    ])
    assert.deepEqual(summary(buildInput({})), [])
  })

  it('judges an inspection that holds nothing but sensors, without evidence', () => {
    const input = buildInput({ sensors: sick.sensors }, { evidence: [] })
    const [finding, ...others] = assessServer({
      ...input,
      inspection: { ...input.inspection, facts: { sensors: sick.sensors } },
    }).findings
    assert.deepEqual(others, [])
    assert.deepEqual([finding?.rule, finding?.evidenceIds], ['sensor.temperature_high', []])
  })

  it('says of an unreachable server only that', () => {
    const reasons: Unreachable['reason'][] = [
      'connect_failed',
      'login_refused',
      'host_key_changed',
      'timeout',
      'shell_failed',
    ]
    for (const reason of reasons) {
      const input = buildInput(sick, { unreachable: { reason, message: 'ECONNREFUSED' } })
      assert.deepEqual(summary(input), ['server.unreachable critical'])
    }
    const cancelled = buildInput({}, { unreachable: { reason: 'cancelled', message: '' } })
    assert.deepEqual(summary(cancelled), ['server.not_inspected info'])
    const busy = buildInput({}, { unreachable: { reason: 'busy', message: 'process 7 smartctl' } })
    assert.deepEqual(summary(busy), ['server.still_looked_at warning'])
  })

  it('names sections that matter and could not be read, with the remedy', () => {
    const [finding] = assessServer(buildInput({}, { sections: [section({})] })).findings
    assert.equal(finding?.id, 'data.section_missing:10.0.0.1:memory.inventory')
    assert.equal(finding?.severity, 'info')
    assert.deepEqual(finding?.nextStep, { zh: '授予 sudo 权限', en: 'permit it with sudo' })
    assert.deepEqual(finding?.evidenceIds, ['memory.inventory'])
    const given = (changes: Partial<SectionReport>) =>
      summary(buildInput({}, { sections: [section(changes)] })).length
    assert.equal(given({ status: 'timeout', remedy: null }), 1)
    assert.equal(given({ status: 'unparseable' }), 1)
    for (const status of ['ok', 'no_data', 'unsupported'] as const) assert.equal(given({ status }), 0)
    assert.equal(given({ id: 'memory.vmstat' }), 0)
  })

  it('does not miss hardware sections in a virtual machine', () => {
    const system = buildSystem({ virtualization: ok({ isVirtual: true, technology: 'kvm' }) })
    const sections = [section({}), section({ id: 'memory.meminfo' })]
    const found = assessServer(buildInput({ system }, { sections })).findings
    assert.deepEqual(
      found.map(({ subject }) => subject.component),
      ['memory.meminfo'],
    )
  })

  it('keeps two cloud areas apart by id', () => {
    const input = buildInput(sick)
    const other = { ...input, server: buildServer({ id: '101', bkCloudId: 3 }) }
    const ids = [...assessServer(input).findings, ...assessServer(other).findings].map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('gives every finding both languages, a unique id, existing evidence, and the same answer each time', () => {
    const readings = fc.array(
      fc.record({
        label: fc.constantFrom('a', 'b'),
        reading: fc.double({ min: -50, max: 200, noNaN: true }),
        plausible: fc.boolean(),
      }),
    )
    const mounts = fc.array(
      fc.record({
        source: fc.constantFrom('/dev/sda1', 'pool'),
        mount: fc.constantFrom('/', '/data'),
        usedPercent: fc.integer({ min: 0, max: 100 }),
        readOnly: fc.constantFrom(true, false, null),
      }),
    )
    const drives = fc.array(
      fc.record({
        device: fc.constantFrom('/dev/sda', '/dev/sdb'),
        healthPassed: fc.constantFrom(true, false, null),
        pendingSectors: fc.constantFrom(null, 0, 5),
        temperatureCelsius: fc.constantFrom(null, 20, 90, 900),
      }),
    )
    fc.assert(
      fc.property(
        readings,
        mounts,
        drives,
        fc.integer({ min: 0, max: 100 }),
        (sensors, filesystems, smart, share) => {
          const input = buildInput({
            memory: buildMemory({ meminfo: ok(buildMeminfo({ totalBytes: 100, availableBytes: share })) }),
            disk: buildDisk({
              filesystems: ok(filesystems.map(buildFilesystem)),
              smart: ok(smart.map(buildDrive)),
            }),
            sensors: { hwmon: ok(sensors.map(buildSensor)), thermalZones: absent(), ipmi: absent() },
          })
          const { findings } = assessServer(input)
          assert.deepEqual(assessServer(input).findings, findings)
          assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length)
          const known = new Set(input.inspection.evidence.map(({ id }) => id))
          for (const finding of findings) {
            assert.ok(finding.title.zh !== '' && finding.title.en !== '')
            assert.ok(finding.evidenceIds.length > 0)
            for (const id of finding.evidenceIds) assert.ok(known.has(id))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
