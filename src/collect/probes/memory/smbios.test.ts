import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MemoryInventory, MemoryModule, MemorySlot } from '../../../domain/facts/memory.ts'
import type { FirmwareFacts } from '../../../domain/facts/system.ts'
import { ROOT_COMMANDS } from '../../server-check/sections.ts'
import { findTool } from '../../testing/find-tool.ts'
import type { SmbiosBoard, SmbiosMachine, SmbiosModule } from '../../testing/smbios-table.ts'
import { buildSmbiosDump } from '../../testing/smbios-table.ts'
import { parseInventory } from './parse-inventory.ts'
import { MEMORY_SECTIONS } from './sections.ts'

const dmidecode = findTool('dmidecode')
const word = fc.stringMatching(/^[A-Z][A-Z0-9-]{4,17}$/)

const DMIDECODE = ROOT_COMMANDS.find(([tool]) => tool === 'dmidecode')

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
  millivolts: fc.constantFrom(1_100, 1_200, 1_350, 1_500),
  persistent: fc.boolean(),
})

const boards: fc.Arbitrary<SmbiosBoard> = fc.record({
  bios: fc.record({ vendor: word, version: word, date: fc.constant('05/20/2025') }),
  system: fc.record({ manufacturer: word, product: word, serialNumber: word }),
  boards: fc.array(fc.record({ manufacturer: word, product: word }), { maxLength: 4 }),
  processors: fc.array(
    fc.record({
      socket: word,
      installed: fc.option(
        fc.record({
          version: word,
          model: fc.integer({ min: 1, max: 255 }),
          stepping: fc.nat(15),
          coreCount: fc.integer({ min: 1, max: 512 }),
          threadCount: fc.integer({ min: 1, max: 1024 }),
          maximumMegahertz: fc.integer({ min: 800, max: 6000 }),
        }),
        { nil: null },
      ),
    }),
    { maxLength: 8 },
  ),
})

const machines: fc.Arbitrary<SmbiosMachine & { readonly board: SmbiosBoard }> = fc.record({
  board: boards,
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

const DETAIL_WORDS = {
  RDIMM: 'Synchronous Registered (Buffered)',
  LRDIMM: 'Synchronous LRDIMM',
  UDIMM: 'Synchronous Unbuffered (Unregistered)',
} as const

function expectedModule(module: SmbiosModule): MemoryModule {
  const volts = (module.millivolts ?? 0) / 1000
  return {
    sizeBytes: module.sizeMegabytes * 1024 ** 2,
    generation: module.type,
    kind: module.kind,
    detail: DETAIL_WORDS[module.kind],
    formFactor: 'DIMM',
    technology: module.persistent ? 'Intel Optane DC persistent memory' : 'DRAM',
    isPersistent: module.persistent ?? false,
    totalWidthBits: module.totalWidthBits,
    dataWidthBits: 64,
    rank: module.rank,
    ratedMegatransfersPerSecond: module.ratedSpeed,
    configuredMegatransfersPerSecond: module.configuredSpeed,
    minimumVolts: volts,
    maximumVolts: volts,
    configuredVolts: volts,
    manufacturer: module.manufacturer,
    manufacturerId: null,
    partNumber: module.partNumber,
    serialNumber: module.serialNumber,
    assetTag: null,
    firmwareVersion: null,
  }
}

const expectedSlot = (device: SmbiosMachine['devices'][number], position: number): MemorySlot => ({
  handle: `0x${(0x1100 + position).toString(16).toUpperCase()}`,
  arrayHandle: `0x100${device.array}`,
  locator: device.locator,
  bankLocator: device.bank ?? null,
  set: null,
  state: device.module === null ? 'empty' : 'populated',
  module: device.module && expectedModule(device.module),
  errorInformation: null,
})

const expectedFirmware = ({ bios, system, boards, processors }: SmbiosBoard): FirmwareFacts => ({
  smbiosVersion: '3.2.0',
  bios: { ...bios },
  system: { ...system, version: null, assetTag: null, sku: null, family: null },
  boards: boards.map((board) => ({ ...board, version: null, serialNumber: null, assetTag: null })),
  chassisType: null,
  processors: processors.map(({ socket, installed }) => ({
    socket,
    populated: installed !== null,
    status: installed === null ? 'Unpopulated' : 'Populated, Enabled',
    manufacturer: installed && 'Intel(R) Corporation',
    version: installed?.version ?? null,
    signature: installed && `Type 0, Family 6, Model ${installed.model}, Stepping ${installed.stepping}`,
    coreCount: installed?.coreCount ?? null,
    enabledCoreCount: installed?.coreCount ?? null,
    threadCount: installed?.threadCount ?? null,
    maximumMegahertz: installed?.maximumMegahertz ?? null,
    currentMegahertz: installed?.maximumMegahertz ?? null,
  })),
})

/** What the parser must say of the machine that the table was made from. */
function expected(machine: SmbiosMachine & { readonly board: SmbiosBoard }): MemoryInventory {
  const isSystem = ({ array }: { readonly array: number }): boolean =>
    machine.arrays[array]?.use === 'System Memory'
  const slots = machine.devices.map((device, position) => ({ device, slot: expectedSlot(device, position) }))
  return {
    arrays: machine.arrays.map((array, index) => ({
      handle: `0x100${index}`,
      use: array.use,
      location: 'System Board Or Motherboard',
      errorCorrection: array.errorCorrection,
      maximumBytes: array.maximumGigabytes * 1024 ** 3,
      slotCount: machine.devices.filter((device) => device.array === index).length,
    })),
    slots: slots.filter(({ device }) => isSystem(device)).map(({ slot }) => slot),
    otherDevices: slots.filter(({ device }) => !isSystem(device)).map(({ slot }) => slot),
    firmware: expectedFirmware(machine.board),
  }
}

test('the rights that the server check asks for are those of the call', () => {
  assert.equal(DMIDECODE?.join(' '), MEMORY_SECTIONS.inventory.command)
  assert.equal(MEMORY_SECTIONS.inventory.body, `as_root ${MEMORY_SECTIONS.inventory.command}`)
  for (const remedy of Object.values(MEMORY_SECTIONS.inventory.remedy))
    assert.ok(remedy.includes(`NOPASSWD: /usr/sbin/${MEMORY_SECTIONS.inventory.command}\``))
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
        const stdout = execFileSync(dmidecode ?? '', ['--from-dump', dump, ...(DMIDECODE?.slice(1) ?? [])], {
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
