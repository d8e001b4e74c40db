import type { MemoryFacts, MemoryModule } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { bytesText, listText } from '../finding/quantity-text.ts'
import { balanceDrafts } from './balance-rules.ts'
import { ramSlots } from './ram-slots.ts'
import { slotDrafts } from './slot-rules.ts'
import { isSoldered } from './soldered.ts'
import { speedDrafts } from './speed-rules.ts'

/**
 * Returns findings on which modules stand where: mixed, slower than rated, unbalanced, silent, not counted. Memory that
 * is soldered cannot be placed otherwise, so nothing is said of it.
 */
export function assessMemoryPopulation(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const inventory = outcomeValue(memory.inventory)
  if (inventory === null) return []
  const slots = ramSlots(inventory)
  if (isSoldered(slots)) return []
  const modules = slots.flatMap(({ module }) => (module === null ? [] : [module]))
  const drafts = [
    ...modulesMixed(modules),
    ...speedDrafts(slots),
    ...balanceDrafts(slots),
    ...slotDrafts(slots),
  ]
  return drafts.map((draft) => makeFinding(input, draft))
}

const distinct = <T>(values: readonly (T | null)[]): readonly T[] => [
  ...new Set(values.filter((one) => one !== null)),
]

/** Whether a module carries check bits; null when a width is not given. */
const hasCheckBits = ({ totalWidthBits, dataWidthBits }: MemoryModule): boolean | null =>
  totalWidthBits === null || dataWidthBits === null || dataWidthBits <= 0
    ? null
    : totalWidthBits > dataWidthBits

function modulesMixed(modules: readonly MemoryModule[]): readonly FindingDraft[] {
  const sizes = distinct(modules.map((one) => one.sizeBytes))
  const speeds = distinct(modules.map((one) => one.ratedMegatransfersPerSecond))
  const kinds = distinct(modules.map((one) => one.kind))
  const parts = distinct(modules.map((one) => one.partNumber))
  const checks = distinct(modules.map(hasCheckBits))
  const differences = [
    { zh: '容量', en: 'size', items: sizes.map(bytesText) },
    { zh: '额定速率', en: 'rated speed', items: speeds.map((speed) => `${speed} MT/s`) },
    { zh: '类型', en: 'kind', items: kinds },
    { zh: 'ECC', en: 'ECC', items: checks.map((checked) => (checked ? 'ECC' : 'non-ECC')) },
    { zh: '型号', en: 'part number', items: parts },
  ].filter(({ items }) => items.length > 1)
  if (differences.length === 0) return []
  // Equal modules of several makers run together everywhere; other sizes, speeds or kinds cost speed or do not.
  const onlyParts = differences.every(({ en }) => en === 'part number')
  const zh = differences.map((one) => `${one.zh} ${listText(one.items, 4).zh}`).join(';')
  const en = differences.map((one) => `${one.en} ${listText(one.items, 4).en}`).join('; ')
  return [
    {
      kind: 'memory',
      component: null,
      evidenceIds: ['memory.inventory'],
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
