import type { MemoryFacts, MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { bytesText, listText } from '../finding/quantity-text.ts'
import { memoryGroupOf } from './memory-group.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'
import { ramSlots } from './ram-slots.ts'

/** A slot with what is in it and a name that no other slot has. */
interface PopulatedSlot {
  readonly name: string
  readonly slot: MemorySlot
  readonly module: MemoryModule
}

const INVENTORY = { kind: 'memory', component: null, evidenceIds: ['memory.inventory'] } as const

/** Returns findings on which modules stand where: mixed, slower than rated, unbalanced, not counted. */
export function assessMemoryPopulation(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const inventory = outcomeValue(memory.inventory)
  if (inventory === null) return []
  const slots = ramSlots(inventory)
  const populated = populatedSlots(slots)
  const drafts = [
    ...modulesMixed(populated),
    ...speedBelowRated(populated),
    ...groupsUnbalanced(slots),
    ...sizesUnknown(populated),
  ]
  return drafts.map((draft) => makeFinding(input, draft))
}

/** Firmware repeats locators (17 % of machines), so the bank, then the position, tells them apart. */
function populatedSlots(slots: readonly MemorySlot[]): readonly PopulatedSlot[] {
  const taken = new Set<string>()
  return slots.flatMap((slot, index) => {
    const plain = slot.locator ?? `#${index + 1}`
    const withBank = slot.bankLocator === null ? plain : `${plain} (${slot.bankLocator})`
    const name = [plain, withBank].find((one) => !taken.has(one)) ?? `${withBank} #${index + 1}`
    taken.add(name)
    return slot.module === null ? [] : [{ name, slot, module: slot.module }]
  })
}

const distinct = <T>(values: readonly (T | null)[]): readonly T[] => [
  ...new Set(values.filter((one) => one !== null)),
]

function modulesMixed(populated: readonly PopulatedSlot[]): readonly FindingDraft[] {
  const modules = populated.map((one) => one.module)
  const sizes = distinct(modules.map((one) => one.sizeBytes))
  const speeds = distinct(modules.map((one) => one.ratedMegatransfersPerSecond))
  const kinds = distinct(modules.map((one) => one.kind))
  const parts = distinct(modules.map((one) => one.partNumber))
  const differences = [
    { zh: '容量', en: 'size', items: sizes.map(bytesText) },
    { zh: '额定速率', en: 'rated speed', items: speeds.map((speed) => `${speed} MT/s`) },
    { zh: '类型', en: 'kind', items: kinds },
    { zh: '型号', en: 'part number', items: parts },
  ].filter(({ items }) => items.length > 1)
  if (differences.length === 0) return []
  // Equal modules of several makers run together everywhere; other sizes, speeds or kinds cost speed or do not.
  const onlyParts = differences.every(({ en }) => en === 'part number')
  const zh = differences.map((one) => `${one.zh} ${listText(one.items, 4).zh}`).join(';')
  const en = differences.map((one) => `${one.en} ${listText(one.items, 4).en}`).join('; ')
  return [
    {
      ...INVENTORY,
      rule: 'memory.modules_mixed',
      severity: onlyParts ? 'info' : 'warning',
      title: text(`混用了不同的内存条:${zh}`, `Different memory modules are mixed: ${en}`),
      cause: onlyParts
        ? null
        : text(
            '混插会使全部内存按最慢的运行,或无法均匀交错。',
            'All then run at the speed of the slowest, or cannot be interleaved evenly.',
          ),
      nextStep: onlyParts
        ? null
        : text('扩容时统一为同一种内存条。', 'Use one kind of module when memory is added.'),
    },
  ]
}

function speedBelowRated(populated: readonly PopulatedSlot[]): readonly FindingDraft[] {
  const slow = populated.filter(({ module }) => {
    const { ratedMegatransfersPerSecond: rated, configuredMegatransfersPerSecond: configured } = module
    if (rated === null || configured === null || rated <= 0 || configured <= 0) return false
    return configured < rated * MEMORY_LIMITS.speedBelowRatedRatio.limit
  })
  const first = slow[0]
  if (first === undefined) return []
  const names = listText(slow.map(({ name }) => name))
  const speeds = `${first.module.configuredMegatransfersPerSecond} / ${first.module.ratedMegatransfersPerSecond} MT/s`
  return [
    {
      ...INVENTORY,
      rule: 'memory.speed_below_rated',
      severity: 'info',
      title: text(
        `${slow.length} 条内存运行速率低于额定(${speeds}):${names.zh}`,
        `${slow.length} module${slow.length === 1 ? ' runs' : 's run'} below the rated speed (${speeds}): ${names.en}`,
      ),
      cause: text(
        '通常由 CPU 支持的最高速率、每通道两条内存或 BIOS 设置决定,不一定是故障。',
        'Mostly set by what the CPU takes, by two modules a channel, or by a BIOS setting; not always a fault.',
      ),
      nextStep: text(
        '对照 CPU 规格与 BIOS 设置核实。',
        'Compare with the CPU’s specification and the BIOS setting.',
      ),
    },
  ]
}

function groupsUnbalanced(slots: readonly MemorySlot[]): readonly FindingDraft[] {
  const bytesByGroup = new Map<string, number>()
  for (const slot of slots) {
    const group = memoryGroupOf(slot)
    // One slot that cannot be placed, or whose size is unknown, and nothing can be said of the rest.
    if (group === null || slot.module?.sizeBytes === null) return []
    bytesByGroup.set(group, (bytesByGroup.get(group) ?? 0) + (slot.module?.sizeBytes ?? 0))
  }
  const groups = [...bytesByGroup].filter(([, sizeBytes]) => sizeBytes > 0)
  if (new Set(groups.map(([, sizeBytes]) => sizeBytes)).size < 2) return []
  const list = listText(
    groups.map(([group, sizeBytes]) => `${group} ${bytesText(sizeBytes)}`),
    12,
  )
  return [
    {
      ...INVENTORY,
      rule: 'memory.channels_unbalanced',
      severity: 'warning',
      title: text(
        `各组(通道或 CPU)的内存容量不均:${list.zh}`,
        `Groups (channels or CPUs) hold unequal memory: ${list.en}`,
      ),
      cause: text(
        '容量不均的部分无法交错访问,带宽下降。',
        'The uneven part is not interleaved and has less bandwidth.',
      ),
      nextStep: text(
        '按主板手册的插槽顺序重新均分。',
        'Spread the modules evenly in the order of the board’s manual.',
      ),
    },
  ]
}

function sizesUnknown(populated: readonly PopulatedSlot[]): readonly FindingDraft[] {
  const unknown = populated.filter(({ module }) => module.sizeBytes === null)
  if (unknown.length === 0) return []
  // A firmware that gives no size at all says nothing about any single module.
  const allUnknown = unknown.length === populated.length
  return unknown.map(({ name }) => ({
    ...INVENTORY,
    kind: 'dimm' as const,
    component: name,
    rule: 'memory.module_size_unknown',
    severity: allUnknown ? ('info' as const) : ('warning' as const),
    title: text(`槽位 ${name} 的内存条容量未知`, `The module in slot ${name} has an unknown size`),
    cause: allUnknown
      ? text('固件没有给出任何内存条的容量。', 'The firmware gives the size of no module.')
      : text(
          '内存条可能自检失败并被固件停用。',
          'The module may have failed its training and been disabled by the firmware.',
        ),
    nextStep: text(
      '查看 BMC 事件日志,重插或更换该内存条。',
      'See the BMC’s event log; reseat or replace the module.',
    ),
  }))
}
