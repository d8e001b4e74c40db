import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readDmidecodeRecording } from './dmidecode.ts'

const recordingOf = (name: string) =>
  readDmidecodeRecording(
    readFileSync(
      join(import.meta.dirname, '..', 'probes', 'memory', 'testdata', name, 'inventory.stdout'),
      'utf8',
    ),
  )

test('slots, modules and sums agree; what the firmware prints is left as it is', () => {
  const facts = recordingOf('rack-server-ddr5-disabled-module')
  assert.deepEqual(
    [facts.dmidecode, facts.smbios, facts.system.sku, facts.baseboard.product],
    ['3.5', '3.5.0', 'Default string', 'BM-C741-D'],
  )
  assert.deepEqual(
    [facts.slots_total, facts.slots_populated, facts.slots_empty, facts.slots_unknown],
    [5, 2, 2, 1],
  )
  // Persistent memory is installed memory; flash is not a slot.
  assert.equal(facts.installed_mb, 65_536 + 129_408)
  assert.deepEqual(
    facts.dimms.map(({ locator, size_mb, type, speed_mts }) => [locator, size_mb, type, speed_mts]),
    [
      ['DIMM A1', 65_536, 'DDR5', 4800],
      ['DIMM B2', 129_408, 'Logical non-volatile device', 2666],
    ],
  )
  assert.deepEqual([facts.max_capacity_mb_sum, facts.slots_declared], [8 * 1024 * 1024, 5])
  assert.deepEqual(
    facts.other_devices.map(({ locator, type, size_mb }) => [locator, type, size_mb]),
    [['BIOS', 'Flash', 64]],
  )
  assert.equal(facts.slots[2]?.part, 'NO DIMM')
})

test('a socket without a known type is not counted as a processor', () => {
  const facts = recordingOf('rack-server-ddr5-disabled-module')
  assert.deepEqual([facts.cpu_sockets, facts.cpu_populated, facts.cpus[0]?.cores], [1, 1, 32])
})

test('several arrays are summed and also told apart; nothing stated is null', () => {
  const array = (handle: string, maximum: string) =>
    `Handle ${handle}, DMI type 16, 23 bytes\nPhysical Memory Array\n\tUse: System Memory\n\tMaximum Capacity: ${maximum}\n\tNumber Of Devices: 8\n\n`
  const facts = readDmidecodeRecording(
    array('0x0001', '768 GB') + array('0x0002', 'Unknown') + array('0x0003', '1 TB'),
  )
  assert.deepEqual(
    [facts.max_capacity_mb_sum, facts.max_capacity_mb_each],
    [786_432 + 1_048_576, [786_432, 1_048_576]],
  )
  assert.equal(facts.slots_declared, 24)
  const nothing = readDmidecodeRecording('command not found')
  assert.deepEqual([nothing.max_capacity_mb_sum, nothing.slots_total, nothing.dimms], [null, 0, []])
})

test('tables from before SMBIOS are read from their memory modules', () => {
  const facts = recordingOf('dmi-2-0-memory-modules')
  assert.deepEqual([facts.smbios, facts.legacy_type6, facts.installed_mb], [null, true, 64 + 256])
  assert.deepEqual(
    facts.slots.map(({ state }) => state),
    ['populated', 'populated', 'empty'],
  )
})

test('CRLF, a cut end and garbage between records lose only what they cover', () => {
  const facts = recordingOf('cut-short-crlf')
  assert.deepEqual([facts.slots_total, facts.slots_populated, facts.slots_unknown], [3, 1, 2])
  assert.equal(facts.dimms[0]?.size_mb, 512)
})
