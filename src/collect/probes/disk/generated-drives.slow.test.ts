import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeSmart } from '../../../analyse/disk/smart-verdict.ts'
import type { SmartDrive } from '../../../domain/facts/disk.ts'
import { buildAtaReplay } from '../../testing/ata-replay.ts'
import { findTool } from '../../testing/find-tool.ts'
import { readSmartctl } from './parse-smartctl.ts'

const smartctl = findTool('smartctl')

/** smartctl prints attribute 5 as words of 16 bits in its text. */
const count = fc.oneof(fc.constant(0), fc.nat(65_535))
const AGE = { normalised: 100, threshold: 0, prefailure: false }

const madeDrive = fc.record({
  isSolidState: fc.boolean(),
  failing: fc.boolean(),
  hours: fc.integer({ min: 1, max: 90_000 }),
  celsius: fc.integer({ min: 1, max: 70 }),
  cycles: count,
  reallocated: count,
  pending: count,
  uncorrectable: count,
  crc: count,
  normalised: fc.integer({ min: 1, max: 100 }),
  worst: fc.integer({ min: 1, max: 100 }),
  threshold: fc.integer({ min: 1, max: 60 }),
})
type MadeDrive = typeof madeDrive extends fc.Arbitrary<infer Made> ? Made : never

function replayOf(made: MadeDrive, number: number): string {
  return buildAtaReplay({
    model: made.isSolidState ? 'EXAMPLE SSD 960' : 'EXAMPLE HDD 4000',
    serialNumber: `EX${String(number).padStart(6, '0')}`,
    firmware: 'FW01',
    capacityBytes: 960_197_124_096,
    rotationRate: made.isSolidState ? 1 : 7_200,
    failing: made.failing,
    attributes: [
      {
        id: 5,
        normalised: made.normalised,
        worst: Math.min(made.normalised, made.worst),
        threshold: made.threshold,
        raw: made.reallocated,
        prefailure: true,
      },
      { id: 9, raw: made.hours, ...AGE },
      { id: 12, raw: made.cycles, ...AGE },
      { id: 194, raw: made.celsius, ...AGE },
      { id: 197, raw: made.pending, ...AGE },
      { id: 198, raw: made.uncorrectable, ...AGE },
      { id: 199, raw: made.crc, ...AGE },
    ],
  })
}

/** What JSON and text both say. */
const shared = ({ details, ...drive }: SmartDrive) => ({
  ...drive,
  rotationRpm: details?.rotationRpm,
  powerCycles: details?.powerCycles,
  crcErrors: details?.crcErrors,
  gigabits: details?.interfaceMaxGigabits,
  attributes: details?.attributes,
})

test('of 50 made-up drives the JSON and the text of real smartctl read the same, and no failing one reads well', {
  skip: smartctl === null ? 'smartctl is not installed' : false,
}, () => {
  const drives = fc.sample(madeDrive, { numRuns: 50, seed: 4 })
  let failing = 0
  for (const [number, made] of drives.entries()) {
    const input = replayOf(made, number)
    const read = (...options: readonly string[]): SmartDrive =>
      readSmartctl(
        '/dev/sda',
        spawnSync(smartctl ?? '', [...options, '-'], { input, encoding: 'utf8' }).stdout,
      )
    const [fromJson, fromText] = [read('-j', '-a'), read('-a')]
    assert.deepEqual(shared(fromText), shared(fromJson))
    assert.deepEqual(shared(read('-a', '-f', 'brief')), shared(fromJson))
    assert.deepEqual(
      [
        fromText.reallocatedSectors,
        fromText.pendingSectors,
        fromText.powerOnHours,
        fromText.temperatureCelsius,
      ],
      [made.reallocated, made.pending, made.hours, made.celsius],
    )
    const fails = made.failing || made.normalised <= made.threshold
    if (!fails) continue
    failing += 1
    assert.deepEqual([judgeSmart(fromText).verdict, judgeSmart(fromJson).verdict], ['critical', 'critical'])
    // The same table, cut at the width of a terminal.
    const cut = spawnSync(smartctl ?? '', ['-a', '-'], { input, encoding: 'utf8' })
      .stdout.split('\n')
      .map((line) => line.slice(0, 80))
    const fromCut = readSmartctl('/dev/sda', cut.join('\r\n'))
    assert.deepEqual(
      [fromCut.healthPassed, fromCut.failingAttributes, fromCut.pastFailedAttributes],
      [fromText.healthPassed, fromText.failingAttributes, fromText.pastFailedAttributes],
    )
  }
  assert.ok(failing > 10 && failing < 45, `${failing} of 50 fail`)
})
