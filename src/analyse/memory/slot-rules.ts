import type { MemorySlot } from '../../domain/facts/memory.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { listText } from '../finding/quantity-text.ts'
import { type NamedSlot, namedSlots } from './named-slots.ts'

const EVIDENCE = ['memory.inventory'] as const

/** Returns drafts on single slots: disabled modules, unknown sizes, errors that the firmware recorded, repeated serial numbers. */
export function slotDrafts(slots: readonly MemorySlot[]): readonly FindingDraft[] {
  const named = namedSlots(slots)
  return [
    ...disabledModules(named),
    ...sizesUnknown(named),
    ...firmwareErrors(named),
    ...repeatedSerials(named),
  ]
}

const disabledModules = (named: readonly NamedSlot[]): readonly FindingDraft[] =>
  named
    .filter(({ slot }) => slot.state === 'disabled')
    .map(({ name, slot }) => {
      const part = slot.module?.partNumber ?? null
      const particulars = part === null ? '' : ` (${part})`
      return {
        rule: 'memory.module_disabled',
        severity: 'urgent',
        kind: 'dimm',
        component: name,
        evidenceIds: EVIDENCE,
        title: text(
          `插槽 ${name} 的内存条${particulars}被固件停用,容量未计入`,
          `The module in slot ${name}${particulars} is disabled by the firmware and not counted`,
        ),
        cause: text(
          '自检或训练失败,或在 BIOS 中被屏蔽。',
          'It failed its test or training, or was mapped out in the BIOS.',
        ),
        nextStep: text(
          '查看 BMC 事件日志,重插后仍停用则更换。',
          'See the BMC’s event log; reseat it, and replace it when it stays disabled.',
        ),
      }
    })

function sizesUnknown(named: readonly NamedSlot[]): readonly FindingDraft[] {
  const filled = named.filter(({ slot }) => slot.module !== null && slot.state !== 'disabled')
  const unknown = filled.filter(({ slot }) => slot.module?.sizeBytes === null)
  // A firmware that gives no size at all says nothing about any single module.
  const allUnknown = unknown.length === filled.length
  return unknown.map(({ name }) => ({
    rule: 'memory.module_size_unknown',
    severity: allUnknown ? 'info' : 'warning',
    kind: 'dimm',
    component: name,
    evidenceIds: EVIDENCE,
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

/** Some firmwares keep a record for every module, which may say that all is well: then the handle tells nothing. */
function firmwareErrors(named: readonly NamedSlot[]): readonly FindingDraft[] {
  const filled = named.filter(({ slot }) => slot.module !== null)
  if (!filled.some(({ slot }) => slot.errorInformation === 'No Error')) return []
  return filled
    .filter(({ slot }) => slot.errorInformation !== null && slot.errorInformation !== 'No Error')
    .map(({ name, slot }) => ({
      rule: 'memory.firmware_error',
      severity: 'warning',
      kind: 'dimm',
      component: name,
      evidenceIds: EVIDENCE,
      title: text(
        `固件为插槽 ${name} 的内存条记录了错误(句柄 ${slot.errorInformation})`,
        `The firmware recorded an error of the module in slot ${name} (handle ${slot.errorInformation})`,
      ),
      cause: text('其他内存条的记录为“无错误”。', 'For the other modules it says “No Error”.'),
      nextStep: text(
        '用 `dmidecode -t 18` 与 BMC 事件日志查看是什么错误。',
        'See which with `dmidecode -t 18` and in the BMC’s event log.',
      ),
    }))
}

/** Rule F3. One number for all modules is a filler of the firmware and tells nothing. */
function repeatedSerials(named: readonly NamedSlot[]): readonly FindingDraft[] {
  const numbered = named.filter(({ slot }) => slot.module !== null && slot.module.serialNumber !== null)
  const groups = [
    ...Map.groupBy(
      numbered,
      ({ slot }) => `${slot.module?.serialNumber}/${slot.module?.partNumber}`,
    ).values(),
  ]
  if (groups.length < 2) return []
  const repeated = groups.filter((group) => group.length > 1)
  return repeated.map((group) => {
    const names = listText(group.map(({ name }) => name))
    const serial = group[0]?.slot.module?.serialNumber ?? ''
    return {
      rule: 'memory.serial_repeated',
      severity: 'warning',
      kind: 'dimm',
      component: group[0]?.name ?? null,
      evidenceIds: EVIDENCE,
      title: text(
        `${group.length} 条内存的序列号相同(${serial}):${names.zh}`,
        `${group.length} modules have the same serial number (${serial}): ${names.en}`,
      ),
      cause: text(
        '可能是翻新或改标的内存条,其标称规格不可信。',
        'They may be relabelled: what they say of themselves cannot be trusted.',
      ),
      nextStep: text(
        '核对实物标签;采购时不要照抄该型号。',
        'Look at their labels; do not copy the part number into a purchase.',
      ),
    }
  })
}
