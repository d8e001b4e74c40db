import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EarlierLook } from '../../domain/changes.ts'
import type { HugePagePool, NumaNode, OomKill } from '../../domain/facts/memory.ts'
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
  minutesBefore,
  NOW,
  ok,
  SILENT_FIRMWARE,
} from '../testing/build-facts.ts'
import { assessMemory } from './assess-memory.ts'
import { judgeMemoryAreas } from './memory-areas.ts'

type Memory = FactsByProbe['memory']

const system = (bootId: string, days = 100) =>
  buildSystem({ uptime: ok({ uptimeSeconds: days * 86_400, bootId, serverClockAt: NOW }) })

/** The memory as it was so many minutes ago. */
function earlierLook(memory: Partial<Memory>, minutes: number, bootId = 'a'): EarlierLook {
  const at = minutesBefore(minutes)
  const facts = { memory: buildMemory(memory), system: system(bootId) }
  const { inspection } = buildInput(facts, { startedAt: at, finishedAt: at })
  return { inspection, readAt: { memory: at, system: at } }
}

const assess = (memory: Partial<Memory>, earlier: EarlierLook | null = null) =>
  assessMemory({ ...buildInput({ memory: buildMemory(memory), system: system('a') }), earlier })

const summary = (...given: Parameters<typeof assess>) =>
  assess(...given).map(({ rule, severity }) => `${rule} ${severity}`)

const edac = (correctedCount: number) => ({
  edac: ok({
    dimms: [
      {
        controller: 'mc0',
        label: 'A1',
        correctedCount,
        uncorrectedCount: 0,
        sizeBytes: null,
        memoryType: null,
        errorCorrection: null,
      },
    ],
  }),
})

const vmstat = (swappedInPages: number | null, oomKillCount: number | null = 0) => ({
  vmstat: ok({
    oomKillCount,
    swappedInPages,
    swappedOutPages: 0,
    majorFaultCount: 0,
    allocationStallCount: null,
  }),
})

const DAY = 24 * 60

describe('corrected errors since the last look', () => {
  it('lets a burst weigh more than an old average', () => {
    assert.deepEqual(summary(edac(50)), ['memory.ecc_corrected info'])
    assert.deepEqual(summary(edac(50), earlierLook(edac(1), DAY)), ['memory.ecc_corrected urgent'])
    assert.deepEqual(summary(edac(50), earlierLook(edac(0), DAY)), ['memory.ecc_corrected critical'])
    assert.deepEqual(summary(edac(50), earlierLook(edac(50), DAY)), ['memory.ecc_corrected info'])
    assert.match(
      assess(edac(50), earlierLook(edac(40), 2 * DAY))[0]?.title.en ?? '',
      /50 corrected errors in 100 days \(about 0\.5 a day\), 10 of them in the last 2 days/,
    )
  })

  it('compares nothing across a boot or a counter that began anew', () => {
    assert.deepEqual(summary(edac(50), earlierLook(edac(0), DAY, 'b')), ['memory.ecc_corrected info'])
    assert.doesNotMatch(assess(edac(50), earlierLook(edac(90), DAY))[0]?.title.en ?? '', /of them/)
    assert.deepEqual(summary(edac(50), earlierLook({}, DAY)), ['memory.ecc_corrected info'])
  })
})

describe('swap since the last look', () => {
  it('judges pages read back a second, over ten minutes and more', () => {
    const over = (minutes: number, pages: number) => summary(vmstat(pages), earlierLook(vmstat(0), minutes))
    assert.deepEqual(over(10, 60_000), [])
    assert.deepEqual(over(10, 60_001), ['memory.swap_in_high warning'])
    assert.deepEqual(over(9, 6_000_000), [])
    assert.deepEqual(summary(vmstat(6_000_000), earlierLook(vmstat(0), 60, 'b')), [])
    assert.deepEqual(summary(vmstat(6_000_000)), [])
    assert.deepEqual(summary(vmstat(null), earlierLook(vmstat(0), 60)), [])
  })
})

describe('processes killed for lack of memory', () => {
  const kill = (minutesAgo: number | null, changes: Partial<OomKill> = {}): OomKill => ({
    at: minutesAgo === null ? null : minutesBefore(minutesAgo),
    victim: 'java',
    pid: 42,
    uid: 0,
    residentBytes: 3 * GIB,
    virtualBytes: null,
    scope: 'machine',
    cgroup: null,
    invokedBy: null,
    ...changes,
  })
  const kills = (...list: readonly OomKill[]) => ({ oomKills: ok({ kills: list, logSince: null }) })
  const severity = (...list: readonly OomKill[]) => assess(kills(...list))[0]?.severity

  it('judges by how long ago, and whose memory ran out', () => {
    assert.equal(severity(kill(DAY)), 'urgent')
    assert.equal(severity(kill(DAY + 1)), 'warning')
    assert.equal(severity(kill(1, { scope: 'cgroup' })), 'warning')
    assert.equal(severity(kill(7 * DAY)), 'warning')
    assert.equal(severity(kill(7 * DAY + 1)), 'info')
    assert.equal(severity(kill(null)), 'warning')
    assert.deepEqual(summary(kills()), [])
  })

  it('names victims, latest first, with time, and dates the finding by the last', () => {
    const [finding] = assess({
      ...kills(kill(120), kill(60, { victim: 'mysqld', pid: 7 })),
      ...vmstat(0, 5),
    })
    assert.equal(
      finding?.title.en,
      'The kernel killed processes for lack of memory 5 times since boot (up 100 days): mysqld (pid 7, 3 GiB, 1 h ago); java (pid 42, 3 GiB, 2 h ago)',
    )
    assert.deepEqual(finding?.since, minutesBefore(60))
    assert.match(finding?.cause?.en ?? '', /whole machine/)
  })

  it('tells a limit of a container from a short machine', () => {
    const [finding] = assess(kills(kill(1, { scope: 'cgroup', cgroup: '/docker/abc' })))
    assert.match(finding?.cause?.en ?? '', /own limit \(\/docker\/abc\)/)
    assert.match(finding?.nextStep?.en ?? '', /limit of that container/)
  })

  it('says how many are new', () => {
    const [finding] = assess(vmstat(0, 5), earlierLook(vmstat(0, 3), DAY))
    assert.match(finding?.title.en ?? '', /2 of them since the last inspection/)
  })
})

describe('NUMA nodes', () => {
  const node = (id: number, gib: number, freeGib = 1, cpuList: string | null = '0-3'): NumaNode => ({
    node: id,
    totalBytes: gib * GIB,
    freeBytes: freeGib * GIB,
    cpuList,
  })
  const numa = (...nodes: readonly NumaNode[]) => summary({ numa: ok(nodes) })
  const unequal = ['memory.numa_unequal warning']

  it('names nodes with CPUs whose memory differs by more than what a kernel keeps', () => {
    assert.deepEqual(numa(node(0, 90), node(1, 100)), [])
    assert.deepEqual(numa(node(0, 89), node(1, 100)), unequal)
    assert.deepEqual(numa(node(0, 12), node(1, 16)), [])
    assert.deepEqual(numa(node(0, 11.9), node(1, 16)), unequal)
    assert.deepEqual(numa(node(0, 0, 0), node(1, 64)), unequal)
    assert.deepEqual(numa(node(0, 64), node(1, 128, 1, '')), [])
    assert.deepEqual(numa(node(0, 64)), [])
  })

  it('names a short node beside a roomy one while tasks wait', () => {
    const pressure = (someAvg60Percent: number) =>
      ok({
        someAvg10Percent: 0,
        someAvg60Percent,
        someAvg300Percent: 0,
        fullAvg10Percent: 0,
        fullAvg60Percent: 0,
        fullAvg300Percent: 0,
      })
    const judge = (some: number, shortGib: number, roomyGib: number) =>
      summary({
        numa: ok([node(0, 100, shortGib), node(1, 100, roomyGib)]),
        pressure: pressure(some),
      }).filter((line) => line.startsWith('memory.numa'))
    const placement = ['memory.numa_placement warning']
    assert.deepEqual(judge(10.1, 4.9, 20.1), placement)
    assert.deepEqual(judge(10, 4.9, 20.1), [])
    assert.deepEqual(judge(10.1, 5, 20.1), [])
    assert.deepEqual(judge(10.1, 4.9, 20), [])
  })
})

describe('huge pages of several sizes', () => {
  const pool = (gib: number, freePages: number, reservedPages: number | null): HugePagePool => ({
    pageBytes: gib * GIB,
    totalPages: 64,
    freePages,
    reservedPages,
    surplusPages: 0,
  })
  const judge = (...pools: readonly HugePagePool[]) =>
    summary({
      meminfo: ok(buildMeminfo({ hugePagesTotal: 0, hugePagesFree: 0 })),
      hugePages: ok({ pools, transparent: null }),
    })

  it('sums the pools, without pages that are promised', () => {
    assert.deepEqual(judge(pool(1, 10, null)), [])
    assert.deepEqual(judge(pool(1, 11, null)), ['memory.hugepages_unused warning'])
    assert.deepEqual(judge(pool(1, 11, 1)), [])
    assert.deepEqual(judge(pool(1, 6, 0), pool(0.5, 11, 0)), ['memory.hugepages_unused warning'])
    assert.deepEqual(judge(pool(1, 1, 5)), [])
  })
})

describe('judgeMemoryAreas', () => {
  const areas = (memory: Partial<Memory>, changes: Partial<FactsByProbe['system']> = {}) => {
    const input = buildInput({ memory: buildMemory(memory), system: buildSystem(changes) })
    return Object.fromEntries(
      judgeMemoryAreas(input.inspection, assessMemory(input)).map(({ area, state }) => [area, state]),
    )
  }
  const unread = {
    usage: 'unknown',
    pressure: 'unknown',
    oom: 'unknown',
    errors: 'unknown',
    modules: 'unknown',
    numa: 'unknown',
  }

  it('calls nothing healthy that was not read', () => {
    assert.deepEqual(areas({ meminfo: absent('denied') }), unread)
    const input = buildInput({ memory: buildMemory({ edac: absent('denied') }) })
    const errors = judgeMemoryAreas(input.inspection, []).find(({ area }) => area === 'errors')
    assert.equal(errors?.reason.en, 'permission denied')
    assert.deepEqual(judgeMemoryAreas(buildInput({}).inspection, []), [])
  })

  it('calls lists without an entry unknown', () => {
    const nothing = { arrays: [], slots: [], otherDevices: [], firmware: SILENT_FIRMWARE }
    assert.deepEqual(
      areas({
        meminfo: absent(),
        edac: ok({ dimms: [] }),
        inventory: ok(nothing),
        oomKills: ok({ kills: [], logSince: null }),
      }),
      unread,
    )
  })

  it('calls what was read healthy, or in need of attention by its findings', () => {
    const slots = [buildSlot('X1', buildModule())]
    const inventory = ok({ arrays: [], slots, otherDevices: [], firmware: SILENT_FIRMWARE })
    const meminfo = ok(buildMeminfo({ totalBytes: 15.5 * GIB, availableBytes: 15 * GIB }))
    const read = { ...edac(0), ...vmstat(0, 0), numa: ok([]), inventory, meminfo }
    const well = {
      ...unread,
      usage: 'healthy',
      oom: 'healthy',
      errors: 'healthy',
      modules: 'healthy',
      numa: 'healthy',
    }
    assert.deepEqual(areas(read), well)
    assert.deepEqual(areas({ ...read, ...edac(5000) }), { ...well, errors: 'attention' })
    assert.deepEqual(areas({ ...read, ...vmstat(0, 1) }), { ...well, oom: 'attention' })
    const full = ok(buildMeminfo({ totalBytes: 15.5 * GIB, availableBytes: 0 }))
    assert.deepEqual(areas({ ...read, meminfo: full }), { ...well, usage: 'attention' })
  })

  it('calls the hardware of a virtual machine unknown', () => {
    const virtual = { virtualization: ok({ isVirtual: true, technology: 'kvm' }) }
    assert.deepEqual(areas({ ...edac(0), numa: ok([]) }, virtual), { ...unread, usage: 'healthy' })
  })
})
