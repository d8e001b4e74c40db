import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { findTool } from '../../testing/find-tool.ts'
import type { SmbiosMachine, SmbiosModule } from '../../testing/smbios-table.ts'
import { buildSmbiosDump } from '../../testing/smbios-table.ts'
import { parseInventory } from './parse-inventory.ts'

const dmidecode = findTool('dmidecode')
const word = fc.stringMatching(/^[A-Z][A-Z0-9-]{4,17}$/)

const installed: fc.Arbitrary<SmbiosModule> = fc.record({
  sizeMegabytes: fc.constantFrom(512, 4096, 16_384, 32_768, 65_536, 262_144),
  type: fc.constantFrom('DDR3', 'DDR4', 'DDR5'),
  kind: fc.constantFrom('RDIMM', 'LRDIMM', 'UDIMM'),
  rank: fc.integer({ min: 1, max: 8 }),
  ratedSpeed: fc.integer({ min: 800, max: 6400 }),
  configuredSpeed: fc.integer({ min: 800, max: 6400 }),
  manufacturer: word,
  serialNumber: word,
  partNumber: word,
  totalWidthBits: fc.constantFrom(64, 72, 80),
})

const machines: fc.Arbitrary<SmbiosMachine> = fc.record({
  arrays: fc.tuple(
    fc.record({
      use: fc.constant('System Memory' as const),
      errorCorrection: fc.constantFrom('None' as const, 'Multi-bit ECC' as const),
      maximumGigabytes: fc.integer({ min: 1, max: 12_288 }),
    }),
    fc.record({
      use: fc.constantFrom('System Memory' as const, 'Flash Memory' as const),
      errorCorrection: fc.constant('None' as const),
      maximumGigabytes: fc.integer({ min: 1, max: 64 }),
    }),
  ),
  devices: fc.array(
    fc.record({ locator: word, bank: word, array: fc.nat(1), module: fc.option(installed, { nil: null }) }),
    { maxLength: 48 },
  ),
})

/** What the parser must say of the machine that the table was made from. */
const expected = (machine: SmbiosMachine) => ({
  arrays: machine.arrays.map((array, index) => ({
    handle: `0x100${index}`,
    use: array.use,
    errorCorrection: array.errorCorrection,
    maximumBytes: array.maximumGigabytes * 1024 ** 3,
    slotCount: machine.devices.filter((device) => device.array === index).length,
  })),
  slots: machine.devices
    .filter((device) => machine.arrays[device.array]?.use === 'System Memory')
    .map(({ locator, bank, array, module }) => ({
      arrayHandle: `0x100${array}`,
      locator,
      bankLocator: bank,
      module: module && {
        sizeBytes: module.sizeMegabytes * 1024 ** 2,
        generation: module.type,
        kind: module.kind,
        formFactor: 'DIMM',
        totalWidthBits: module.totalWidthBits,
        dataWidthBits: 64,
        rank: module.rank,
        ratedMegatransfersPerSecond: module.ratedSpeed,
        configuredMegatransfersPerSecond: module.configuredSpeed,
        manufacturer: module.manufacturer,
        partNumber: module.partNumber,
        serialNumber: module.serialNumber,
      },
    })),
})

test('what real dmidecode prints of a made-up machine is read back as that machine', {
  skip: dmidecode === null ? 'dmidecode is not installed' : false,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-smbios-'))
  const dump = join(folder, 'table.bin')
  try {
    fc.assert(
      fc.property(machines, (machine) => {
        writeFileSync(dump, buildSmbiosDump(machine))
        const stdout = execFileSync(dmidecode ?? '', ['--from-dump', dump, '-t', '16', '-t', '17'], {
          encoding: 'utf8',
        })
        const parsed = parseInventory({ stdout, stderr: '', exitCode: 0 })
        assert.deepEqual('value' in parsed ? parsed.value : parsed, expected(machine))
      }),
      { numRuns: 200 },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
