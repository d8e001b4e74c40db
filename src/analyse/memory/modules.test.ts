import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import {
  absent,
  buildInput,
  buildMeminfo,
  buildMemory,
  buildModule,
  buildSlot,
  GIB,
  ok,
  SILENT_FIRMWARE,
} from '../testing/build-facts.ts'
import { assessMemory } from './assess-memory.ts'

const assessSlots = (slots: readonly MemorySlot[], totalBytes: number | null = null) =>
  assessMemory(
    buildInput({
      memory: buildMemory({
        inventory: ok({ arrays: [], slots, otherDevices: [], firmware: SILENT_FIRMWARE }),
        meminfo:
          totalBytes === null ? absent() : ok(buildMeminfo({ totalBytes, availableBytes: totalBytes })),
      }),
    }),
  )

const summary = (slots: readonly MemorySlot[], totalBytes: number | null = null) =>
  assessSlots(slots, totalBytes).map(({ rule, severity }) => `${rule} ${severity}`)

/** One slot per name; names after `full` are empty. */
const layout = (full: readonly string[], empty: readonly string[] = []): readonly MemorySlot[] => [
  ...full.map((name, index) => buildSlot(name, buildModule({ serialNumber: `S${index}` }))),
  ...empty.map((name) => buildSlot(name, null)),
]

const numbered = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`)

describe('silent slots', () => {
  const silent = ['memory.slots_silent warning']

  it('takes the one empty channel among full ones for a fault, from three full ones on', () => {
    assert.deepEqual(summary(layout(['A1', 'B1', 'C1'], ['D1'])), silent)
    assert.deepEqual(summary(layout(['A1', 'B1'], ['C1'])), [])
    assert.deepEqual(summary(layout(['A1', 'B1', 'C1', 'D1'], ['E1', 'F1'])), [])
    assert.match(
      assessSlots(layout(['CPU1_A1', 'CPU1_C1', 'CPU1_D1'], ['CPU1_B1', 'CPU1_B2']))[0]?.title.en ?? '',
      /seen in CPU1_B1, CPU1_B2 while/,
    )
  })

  it('takes a few mirrored positions for a fault where the letter is a processor', () => {
    const a = numbered('A', 1, 12)
    const b = numbered('B', 1, 12).filter((name) => !['B2', 'B6', 'B10'].includes(name))
    assert.deepEqual(summary(layout([...a, ...b], ['B2', 'B6', 'B10'])), silent)
    assert.deepEqual(summary(layout([...a, ...b, 'B2', 'B6', 'B10'])), [])
    assert.deepEqual(summary(layout([...a, ...numbered('B', 1, 8)], numbered('B', 9, 12))), silent)
    assert.deepEqual(summary(layout([...a, ...numbered('B', 1, 7)], numbered('B', 8, 12))), [
      'memory.channels_unbalanced warning',
    ])
    assert.deepEqual(summary(layout(a, numbered('B', 1, 12))), [])
    const quarters = ['A', 'B', 'C'].flatMap((letter) => numbered(letter, 1, 4))
    assert.deepEqual(summary(layout(quarters, numbered('D', 1, 4))), [])
    assert.deepEqual(summary(layout([...numbered('A', 1, 6), ...numbered('B', 1, 4)], ['B5'])), [
      'memory.channels_unbalanced warning',
    ])
  })

  it('compares named processors by channel and position', () => {
    const cpu = (socket: number) =>
      ['A', 'B', 'C', 'D', 'E', 'F'].flatMap((channel) => numbered(`CPU${socket}_${channel}`, 1, 2))
    const without = (names: readonly string[], gone: readonly string[]) =>
      names.filter((name) => !gone.includes(name))
    const gone = ['CPU2_B1', 'CPU2_B2']
    const [finding, ...others] = assessSlots(layout([...cpu(1), ...without(cpu(2), gone)], gone))
    assert.deepEqual(others, [])
    assert.match(finding?.title.en ?? '', /CPU2_B1, CPU2_B2/)
    assert.match(finding?.nextStep?.en ?? '', /before buying/)
  })

  it('says nothing when one slot cannot be placed or read', () => {
    assert.deepEqual(summary([...layout(['A1', 'B1', 'C1'], ['D1']), buildSlot('XMM', null)]), [])
    const unreadable = { ...buildSlot('E1', null), state: 'unknown' as const }
    assert.deepEqual(summary([...layout(['A1', 'B1', 'C1'], ['D1']), unreadable]), [])
  })

  it('tells processors of unequal size from channels of unequal size', () => {
    assert.deepEqual(summary(layout(['CPU1_A1', 'CPU1_B1', 'CPU2_A1'], ['CPU2_B1'])), [
      'memory.sockets_unbalanced warning',
    ])
    assert.deepEqual(summary(layout(['CPU1_A1', 'CPU1_A2', 'CPU1_B1'], ['CPU1_B2'])), [
      'memory.channels_unbalanced warning',
    ])
    assert.deepEqual(summary(layout(['CPU1_A1', 'CPU1_B1'], ['CPU2_A1', 'CPU2_B1'])), [])
  })
})

describe('single modules', () => {
  const module = (changes: Partial<MemoryModule>) => buildModule(changes)

  it('names a disabled module and does not call its size unknown', () => {
    const disabled = {
      ...buildSlot('X2', module({ sizeBytes: null, serialNumber: 'S2' })),
      state: 'disabled' as const,
    }
    const slots = [buildSlot('X1', module({ serialNumber: 'S1' })), disabled]
    assert.deepEqual(summary(slots), ['memory.module_disabled urgent'])
    assert.equal(assessSlots(slots)[0]?.subject.component, 'X2')
  })

  it('names an error that the firmware recorded, unless it keeps a record for every module', () => {
    const withRecord = (...records: (string | null)[]) =>
      records.map((errorInformation, index) => ({
        ...buildSlot(`X${index}`, module({ serialNumber: `S${index}` })),
        errorInformation,
      }))
    assert.deepEqual(summary(withRecord('No Error', '0x0030')), ['memory.firmware_error warning'])
    assert.deepEqual(summary(withRecord('0x0030', '0x0031')), [])
    assert.deepEqual(summary(withRecord('No Error', null)), [])
  })

  it('names serial numbers that repeat, unless the firmware gives one to all', () => {
    const serials = (...numbers: (string | null)[]) =>
      numbers.map((serialNumber, index) => buildSlot(`X${index}`, module({ serialNumber })))
    assert.deepEqual(summary(serials('S1', 'S2', 'S3')), [])
    assert.deepEqual(summary(serials('S1', 'S1', 'S3')), ['memory.serial_repeated warning'])
    assert.deepEqual(summary(serials('S1', 'S1', 'S1')), [])
    assert.deepEqual(summary(serials('S1', null, null)), [])
  })

  it('names modules with and without check bits side by side', () => {
    const [finding] = assessSlots([
      buildSlot('X1', module({})),
      buildSlot('X2', module({ totalWidthBits: 64, serialNumber: 'S2' })),
    ])
    assert.match(finding?.title.en ?? '', /ECC ECC, non-ECC/)
  })

  it('says nothing of soldered memory', () => {
    const soldered = { formFactor: 'Row Of Chips', generation: 'LPDDR5' }
    const mixed = (changes: Partial<MemoryModule>) => [
      buildSlot('X1', module({ ...changes })),
      buildSlot('X2', module({ ...changes, sizeBytes: 8 * GIB, serialNumber: 'S2' })),
    ]
    assert.deepEqual(summary(mixed(soldered)), [])
    assert.deepEqual(summary(mixed({ generation: 'LPDDR5', formFactor: 'Other' })), [])
    assert.deepEqual(summary(mixed({ generation: 'LPDDR5', formFactor: 'CAMM2' })), [
      'memory.modules_mixed warning',
    ])
  })

  it('names a list that is shorter than what the system uses', () => {
    const two = layout(['X1', 'X2'])
    assert.deepEqual(summary(two, 32.64 * GIB), [])
    assert.deepEqual(summary(two, 32.65 * GIB), ['memory.inventory_incomplete info'])
  })
})

describe('speed below rated', () => {
  const running = (...speeds: readonly (readonly [name: string, rated: number, configured: number])[]) =>
    speeds.map(([name, ratedMegatransfersPerSecond, configuredMegatransfersPerSecond], index) =>
      buildSlot(
        name,
        buildModule({
          serialNumber: `S${index}`,
          ratedMegatransfersPerSecond,
          configuredMegatransfersPerSecond,
        }),
      ),
    )
  const speed = (slots: readonly MemorySlot[]) => {
    const found = assessSlots(slots).find(({ rule }) => rule === 'memory.speed_below_rated')
    return found === undefined ? null : `${found.severity}: ${found.cause?.en.slice(0, 30)}`
  }

  it('takes half the rated speed for the clock', () => {
    assert.equal(speed(running(['X1', 3200, 1600])), null)
    assert.equal(speed(running(['X1', 2667, 1333])), null)
    assert.equal(speed(running(['X1', 2667, 1332])), 'info: All modules run alike, which i')
  })

  it('says what explains it', () => {
    assert.equal(
      speed(running(['DIMM 1', 3200, 2933], ['DIMM 2', 3200, 2933])),
      'info: All modules run alike, which i',
    )
    assert.equal(
      speed(running(['X1', 3200, 2666], ['X2', 2666, 2666])),
      'info: Modules rated at 2666 MT/s are',
    )
    assert.equal(
      speed(running(['A1', 4800, 4400], ['A2', 4800, 4400], ['B1', 4800, 4400], ['B2', 4800, 4400])),
      'info: Each channel holds 2, which lo',
    )
  })

  it('warns where others in the machine run faster', () => {
    assert.equal(
      speed(running(['X1', 3200, 2666], ['X2', 3200, 3200])),
      'warning: Others in this machine run fas',
    )
  })
})
