import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildAtaReplay } from '../../testing/ata-replay.ts'
import { findTool } from '../../testing/find-tool.ts'
import { readSmartDrive } from './parse-smartctl-json.ts'

const smartctl = findTool('smartctl')
const count = fc.nat(100_000)

const drives = fc.record({
  hours: fc.integer({ min: 1, max: 90_000 }),
  celsius: fc.integer({ min: 1, max: 70 }),
  reallocated: count,
  reported: count,
  pending: count,
  uncorrectable: count,
  normalised: fc.integer({ min: 1, max: 200 }),
  threshold: fc.integer({ min: 1, max: 200 }),
  failing: fc.boolean(),
})

test('what real smartctl prints of a made-up drive is read back as that drive', {
  skip: smartctl === null ? 'smartctl is not installed' : false,
}, () => {
  fc.assert(
    fc.property(drives, (made) => {
      const age = { normalised: 100, threshold: 0, prefailure: false }
      const input = buildAtaReplay({
        model: 'EXAMPLE HDD 4000',
        serialNumber: 'EX4A0001',
        firmware: 'FW01',
        capacityBytes: 4_000_787_030_016,
        rotationRate: 7_200,
        failing: made.failing,
        attributes: [
          {
            id: 5,
            normalised: made.normalised,
            threshold: made.threshold,
            raw: made.reallocated,
            prefailure: true,
          },
          { id: 9, raw: made.hours, ...age },
          { id: 187, raw: made.reported, ...age },
          { id: 194, raw: made.celsius, ...age },
          { id: 197, raw: made.pending, ...age },
          { id: 198, raw: made.uncorrectable, ...age },
        ],
      })
      const { stdout } = spawnSync(smartctl ?? '', ['-j', '-i', '-H', '-A', '-'], { input, encoding: 'utf8' })
      const drive = readSmartDrive('/dev/sda', JSON.parse(stdout))
      assert.deepEqual(
        [drive.protocol, drive.model, drive.serialNumber, drive.firmware, drive.capacityBytes],
        ['ATA', 'EXAMPLE HDD 4000', 'EX4A0001', 'FW01', 4_000_787_030_016],
      )
      assert.deepEqual(
        [
          drive.reallocatedSectors,
          drive.reportedUncorrectable,
          drive.pendingSectors,
          drive.offlineUncorrectable,
        ],
        [made.reallocated, made.reported, made.pending, made.uncorrectable],
      )
      assert.deepEqual([drive.powerOnHours, drive.temperatureCelsius], [made.hours, made.celsius])
      const failsNow = made.normalised <= made.threshold
      assert.deepEqual(drive.failingAttributes, failsNow ? ['Reallocated_Sector_Ct'] : [])
      // smartctl calls a drive failed also when a pre-failure attribute is at its threshold.
      if (made.failing) assert.equal(drive.healthPassed, false)
    }),
    { numRuns: 200 },
  )
})
