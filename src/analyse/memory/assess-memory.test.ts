import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MeminfoFacts, MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import type { FactsByProbe } from '../../domain/inspection.ts'
import {
  absent,
  buildInput,
  buildMeminfo,
  buildMemory,
  buildModule,
  buildSlot,
  buildSystem,
  GIB,
  NOW,
  ok,
  SILENT_FIRMWARE,
} from '../testing/build-facts.ts'
import { assessMemory } from './assess-memory.ts'

type Memory = FactsByProbe['memory']

const assess = (memory: Partial<Memory>, system: Partial<FactsByProbe['system']> = {}) =>
  assessMemory(buildInput({ memory: buildMemory(memory), system: buildSystem(system) }))

const summary = (...given: Parameters<typeof assess>) =>
  assess(...given).map(({ rule, severity }) => `${rule} ${severity}`)

const meminfo = (changes: Partial<MeminfoFacts>) => ({ meminfo: ok(buildMeminfo(changes)) })

const pressure = (some: number, full: number) => ({
  pressure: ok({
    someAvg10Percent: 0,
    someAvg60Percent: some,
    someAvg300Percent: 0,
    fullAvg10Percent: 0,
    fullAvg60Percent: full,
    fullAvg300Percent: 0,
  }),
})

const inventory = (slots: readonly MemorySlot[], maximumBytes: number | null = 1024 * GIB) => ({
  inventory: ok({
    arrays: [
      {
        handle: '0x1000',
        use: 'System Memory',
        location: null,
        errorCorrection: null,
        maximumBytes,
        slotCount: slots.length,
      },
    ],
    slots,
    otherDevices: [],
    firmware: SILENT_FIRMWARE,
  }),
})

/** Modules in one slot each, with enough usable memory that only the population is judged. */
const populated = (...changes: Partial<MemoryModule>[]) => ({
  ...inventory(changes.map((one, index) => buildSlot(`DIMM ${index + 1}`, buildModule(one)))),
  meminfo: absent(),
})

const edac = (correctedCount: number, uncorrectedCount = 0) => ({
  edac: ok({
    dimms: [
      {
        controller: 'mc0',
        label: 'DIMM_A1',
        correctedCount,
        uncorrectedCount,
        sizeBytes: null,
        memoryType: null,
        errorCorrection: null,
      },
    ],
  }),
})

const up = (days: number) => ({
  uptime: ok({ uptimeSeconds: days * 86_400, bootId: null, serverClockAt: NOW }),
})

describe('assessMemory, use', () => {
  it('finds nothing on a well server', () => assert.deepEqual(summary({}), []))

  it('judges the share against the threshold, with a breakdown', () => {
    assert.deepEqual(summary(meminfo({ availableBytes: 30 * GIB })), [])
    assert.deepEqual(summary(meminfo({ availableBytes: 29.9 * GIB })), ['memory.usage_high warning'])
    assert.deepEqual(summary(meminfo({ availableBytes: 15.1 * GIB })), ['memory.usage_high warning'])
    assert.deepEqual(summary(meminfo({ availableBytes: 15 * GIB })), ['memory.usage_high urgent'])
    const processes = ok([
      {
        pid: 42,
        user: 'app',
        residentBytes: 30 * GIB,
        proportionalBytes: null,
        swappedBytes: null,
        startedAt: null,
        elapsedSeconds: null,
        command: 'java -jar a.jar',
      },
    ])
    const [finding] = assess({ ...meminfo({ availableBytes: 20 * GIB }), processes })
    assert.match(finding?.title.en ?? '', /80%.*70%.*20 GiB of 100 GiB/)
    assert.match(finding?.cause?.en ?? '', /cache 11 GiB.*swap used 0 B.*java -jar a\.jar \(pid 42.*30 GiB/)
    assert.deepEqual(finding?.evidenceIds, ['memory.meminfo', 'memory.processes'])
  })

  it('judges pressure', () => {
    assert.deepEqual(summary(pressure(10, 5)), [])
    assert.deepEqual(summary(pressure(10.1, 0)), ['memory.pressure_high warning'])
    assert.deepEqual(summary(pressure(6, 5.1)), ['memory.pressure_high urgent'])
  })

  it('minds swap only while tasks wait', () => {
    const swap = (usedGib: number) => meminfo({ swapFreeBytes: (10 - usedGib) * GIB })
    assert.deepEqual(summary({ ...swap(1), ...pressure(1.1, 0) }), [])
    assert.deepEqual(summary({ ...swap(1.1), ...pressure(1, 0) }), [])
    assert.deepEqual(summary({ ...swap(1.1), ...pressure(1.1, 0) }), ['memory.swap_under_pressure warning'])
    assert.deepEqual(summary(swap(9)), [])
    assert.deepEqual(summary({ ...meminfo({ swapTotalBytes: 0, swapFreeBytes: 0 }), ...pressure(5, 0) }), [])
  })

  it('counts OOM kills; a kernel that does not count says nothing', () => {
    const vmstat = (oomKillCount: number | null) => ({
      vmstat: ok({
        oomKillCount,
        swappedInPages: null,
        swappedOutPages: null,
        majorFaultCount: null,
        allocationStallCount: null,
      }),
    })
    assert.deepEqual(summary(vmstat(0)), [])
    assert.deepEqual(summary(vmstat(null)), [])
    assert.deepEqual(summary(vmstat(1)), ['memory.oom_kills warning'])
    assert.match(assess(vmstat(3), up(10))[0]?.title.en ?? '', /3 times since boot \(up 10 days\)/)
  })

  it('names a large reservation of huge pages that nobody uses', () => {
    const free = (pages: number, totalBytes = 10 * GIB) =>
      meminfo({ totalBytes, availableBytes: totalBytes * 0.5, hugePagesTotal: 5000, hugePagesFree: pages })
    assert.deepEqual(summary(free(512)), [])
    assert.deepEqual(summary(free(513)), ['memory.hugepages_unused warning'])
    assert.deepEqual(summary(free(511, 5 * GIB)), [])
    assert.deepEqual(summary(free(512, 5 * GIB)), ['memory.hugepages_unused warning'])
  })
})

describe('assessMemory, errors', () => {
  it('is critical at the first uncorrected error', () => {
    assert.deepEqual(summary(edac(0, 0)), [])
    const [finding] = assess(edac(0, 1))
    assert.equal(finding?.severity, 'critical')
    assert.equal(finding?.id, 'memory.ecc_uncorrected:10.0.0.1:mc0/DIMM_A1')
  })

  it('judges corrected errors by their rate', () => {
    const rated = (count: number, days: number) => summary(edac(count), up(days))
    assert.deepEqual(rated(9, 10), ['memory.ecc_corrected info'])
    assert.deepEqual(rated(10, 10), ['memory.ecc_corrected warning'])
    assert.deepEqual(rated(99, 10), ['memory.ecc_corrected warning'])
    assert.deepEqual(rated(100, 10), ['memory.ecc_corrected urgent'])
    assert.deepEqual(rated(499, 10), ['memory.ecc_corrected urgent'])
    assert.deepEqual(rated(500, 10), ['memory.ecc_corrected critical'])
  })

  it('does not stretch the first hours to a day, nor guess a rate without uptime', () => {
    assert.deepEqual(summary(edac(9), up(0.1)), ['memory.ecc_corrected warning'])
    assert.deepEqual(summary(edac(10), up(0.1)), ['memory.ecc_corrected urgent'])
    assert.deepEqual(summary(edac(5000), { uptime: absent() }), ['memory.ecc_corrected warning'])
  })

  it('states the rate, and what to do by how bad it is', () => {
    const [few] = assess(edac(1), up(10))
    assert.equal(few?.title.en, 'DIMM mc0/DIMM_A1 has 1 corrected error in 10 days (about 0.1 a day)')
    assert.match(few?.nextStep?.en ?? '', /Watch/)
    const [many] = assess(edac(200), up(10))
    assert.match(many?.title.zh ?? '', /200 次可纠正错误\(10 天内,约每天 20 次\)/)
    assert.match(many?.nextStep?.en ?? '', /Replace/)
    assert.match(
      assess(edac(200), { uptime: absent() })[0]?.title.en ?? '',
      /200 corrected errors \(over an unknown time\)/,
    )
  })

  it('names memory that the kernel took out of use', () => {
    assert.deepEqual(summary(meminfo({ hardwareCorruptedBytes: null })), [])
    assert.deepEqual(summary(meminfo({ hardwareCorruptedBytes: 4096 })), ['memory.hardware_corrupted urgent'])
  })
})

describe('assessMemory, population', () => {
  it('finds nothing on equal modules, and calls unread fields no difference', () => {
    assert.deepEqual(summary(populated({}, {})), [])
    assert.deepEqual(
      summary(populated({}, { partNumber: null, kind: null, ratedMegatransfersPerSecond: null })),
      [],
    )
  })

  it('names mixed sizes, speeds and kinds; other part numbers alone are info', () => {
    assert.deepEqual(summary(populated({}, { sizeBytes: 8 * GIB })), ['memory.modules_mixed warning'])
    const slower = { ratedMegatransfersPerSecond: 2933, configuredMegatransfersPerSecond: 2933 }
    assert.deepEqual(summary(populated({}, slower)), ['memory.modules_mixed warning'])
    assert.deepEqual(summary(populated({}, { kind: 'LRDIMM' })), ['memory.modules_mixed warning'])
    assert.deepEqual(summary(populated({}, { partNumber: 'PART-B' })), ['memory.modules_mixed info'])
  })

  it('tells a lower speed from a rounded one', () => {
    const speed = (configured: number) =>
      summary(populated({ ratedMegatransfersPerSecond: 3200, configuredMegatransfersPerSecond: configured }))
    assert.deepEqual(speed(3136), [])
    assert.deepEqual(speed(3135), ['memory.speed_below_rated info'])
    assert.deepEqual(summary(populated({ configuredMegatransfersPerSecond: null })), [])
    assert.deepEqual(summary(populated({ configuredMegatransfersPerSecond: 0 })), [])
    const [one] = assess(populated({ configuredMegatransfersPerSecond: 2933 }))
    assert.equal(one?.title.en, '1 module runs below the rated speed (2933 / 3200 MT/s): DIMM 1')
  })

  it('names a module without a size: disabled among others, unknown alone', () => {
    const [finding, ...others] = assess(populated({}, { sizeBytes: null }))
    assert.deepEqual(others, [])
    assert.equal(finding?.id, 'memory.module_size_unknown:10.0.0.1:DIMM 2')
    assert.equal(finding?.severity, 'warning')
    assert.deepEqual(summary(populated({ sizeBytes: null })), ['memory.module_size_unknown info'])
  })

  it('tells slots with one locator apart', () => {
    const broken = buildModule({ sizeBytes: null })
    const slots = [
      buildSlot('DIMM', buildModule()),
      buildSlot('DIMM', broken, 'BANK 1'),
      buildSlot('DIMM', broken, 'BANK 1'),
    ]
    const ids = assess({ ...inventory(slots), meminfo: absent() }).map(({ subject }) => subject.component)
    assert.deepEqual(ids, ['DIMM (BANK 1)', 'DIMM (BANK 1) #3'])
  })

  it('finds channels of unequal size where the locators tell the channels', () => {
    const slots = (...names: [string, boolean, string?][]) => ({
      ...inventory(names.map(([name, full, bank]) => buildSlot(name, full ? buildModule() : null, bank))),
      meminfo: absent(),
    })
    const unbalanced = ['memory.channels_unbalanced warning']
    assert.deepEqual(
      summary(slots(['DIMM_A1', true], ['DIMM_A2', true], ['DIMM_B1', true], ['DIMM_B2', false])),
      unbalanced,
    )
    assert.deepEqual(
      summary(slots(['DIMM_A1', true], ['DIMM_A2', false], ['DIMM_B1', true], ['DIMM_B2', false])),
      [],
    )
    assert.deepEqual(summary(slots(['P1-DIMMA1', true], ['P1-DIMMA2', true], ['P2-DIMMA1', true])), [
      'memory.sockets_unbalanced warning',
    ])
    assert.deepEqual(
      summary(
        slots(
          ['DIMM 0', true, 'P0 CHANNEL A'],
          ['DIMM 1', true, 'P0 CHANNEL A'],
          ['DIMM 0', true, 'P0 CHANNEL B'],
        ),
      ),
      unbalanced,
    )
    assert.deepEqual(
      summary(
        slots(
          ['X1', true, 'P0_Node0_Channel0_Dimm0'],
          ['X2', true, 'P0_Node0_Channel0_Dimm1'],
          ['X3', true, 'P0_Node0_Channel1_Dimm0'],
        ),
      ),
      unbalanced,
    )
    assert.deepEqual(
      summary(slots(['PROC 1 DIMM 1', true], ['PROC 1 DIMM 2', true], ['PROC 2 DIMM 1', true])),
      [],
    )
  })
})

describe('assessMemory, capacity', () => {
  const four = [1, 2, 3, 4].map((index) => buildSlot(`DIMM ${index}`, buildModule()))
  const with64 = (usableBytes: number) => ({
    ...inventory(four),
    ...meminfo({ totalBytes: usableBytes, availableBytes: usableBytes }),
  })

  it('names a firmware maximum below what is installed', () => {
    assert.deepEqual(summary({ ...inventory(four, 64 * GIB), meminfo: absent() }), [])
    assert.deepEqual(summary({ ...inventory(four, 64 * GIB - 1), meminfo: absent() }), [
      'memory.maximum_misreported info',
    ])
    assert.deepEqual(summary({ ...inventory(four, null), meminfo: absent() }), [])
    assert.deepEqual(summary({ ...inventory(four, 0), meminfo: absent() }), [])
  })

  it('names memory that is installed and not usable, beyond what firmware keeps', () => {
    assert.deepEqual(summary(with64(56.01 * GIB)), [])
    assert.deepEqual(summary(with64(56 * GIB)), ['memory.usable_below_installed warning'])
  })

  it('lets firmware keep 6 % of many small modules, and 1 GiB of a small machine', () => {
    const small = (count: number, sizeBytes: number) =>
      Array.from({ length: count }, (_, index) => buildSlot(`DIMM ${index}`, buildModule({ sizeBytes })))
    const judge = (slots: readonly MemorySlot[], usable: number) =>
      summary({ ...inventory(slots), ...meminfo({ totalBytes: usable, availableBytes: usable }) })
    assert.deepEqual(judge(small(24, 4 * GIB), 90.25 * GIB), [])
    assert.deepEqual(judge(small(24, 4 * GIB), 90.23 * GIB), ['memory.usable_below_installed warning'])
    assert.deepEqual(judge(small(4, GIB), 3 * GIB), [])
    assert.deepEqual(judge(small(4, GIB), 3 * GIB - 1), ['memory.usable_below_installed warning'])
  })

  it('does not count persistent memory as missing', () => {
    const persistent = buildModule({ generation: 'Logical non-volatile device', sizeBytes: 128 * GIB })
    const untyped = buildModule({ generation: null, partNumber: 'NMA1XBD128GQS', sizeBytes: 128 * GIB })
    const known = buildModule({ isPersistent: true, sizeBytes: 128 * GIB })
    const mixed = [
      ...four,
      buildSlot('DIMM 7', known),
      buildSlot('DIMM 8', untyped),
      buildSlot('DIMM 9', persistent),
    ]
    assert.deepEqual(
      summary({ ...inventory(mixed), ...meminfo({ totalBytes: 62 * GIB, availableBytes: 62 * GIB }) }),
      [],
    )
  })
})

describe('assessMemory, virtual machines', () => {
  const broken = { ...populated({}, { sizeBytes: null }), ...edac(5, 1) }

  it('gets no findings on hardware, told by the virtualisation or by the board', () => {
    assert.equal(summary(broken).length, 3)
    const virtual = ok({ isVirtual: true, technology: 'kvm' })
    assert.deepEqual(summary(broken, { virtualization: virtual }), [])
    const board = (systemVendor: string, productName: string) => ({
      board: ok({
        systemVendor,
        productName,
        boardVendor: null,
        boardName: null,
        biosVendor: null,
        biosVersion: null,
        biosDate: null,
        serialNumber: null,
      }),
      virtualization: absent(),
    })
    assert.deepEqual(summary(broken, board('QEMU', 'Standard PC')), [])
    assert.deepEqual(summary(broken, board('VMware, Inc.', 'VMware7,1')), [])
    assert.deepEqual(summary(broken, board('Microsoft Corporation', 'Virtual Machine')), [])
    assert.deepEqual(summary(broken, board('Amazon EC2', 'm5.large')), [])
    assert.equal(summary(broken, board('Amazon EC2', 'm5.metal')).length, 3)
    assert.equal(summary(broken, board('Dell Inc.', 'PowerEdge R740')).length, 3)
  })

  it('still gets findings on use', () => {
    const virtual = ok({ isVirtual: true, technology: 'kvm' })
    assert.deepEqual(summary(meminfo({ availableBytes: 0 }), { virtualization: virtual }), [
      'memory.usage_high urgent',
    ])
  })
})
