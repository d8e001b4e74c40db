import type { EdacDimm, MemoryFacts } from '../../domain/facts/memory.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText, durationText, numberText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

/** Returns findings on memory errors that the hardware counted: uncorrected, corrected, pages taken out of use. */
export function assessMemoryErrors(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const dimms = outcomeValue(memory.edac)?.dimms ?? []
  const { system } = input.inspection.facts
  const uptimeSeconds = system === undefined ? null : (outcomeValue(system.uptime)?.uptimeSeconds ?? null)
  return [
    ...dimms.flatMap((dimm) => uncorrected(input, dimm)),
    ...dimms.flatMap((dimm) => corrected(input, dimm, uptimeSeconds)),
    ...hardwareCorrupted(input, memory),
  ]
}

const nameOf = (dimm: EdacDimm): string => `${dimm.controller}/${dimm.label}`

function uncorrected(input: AssessmentInput, dimm: EdacDimm): readonly Finding[] {
  if (dimm.uncorrectedCount <= 0) return []
  const finding = makeFinding(input, {
    rule: 'memory.ecc_uncorrected',
    severity: 'critical',
    kind: 'dimm',
    component: nameOf(dimm),
    title: text(
      `内存条 ${nameOf(dimm)} 有 ${dimm.uncorrectedCount} 次不可纠正错误`,
      `DIMM ${nameOf(dimm)} has ${dimm.uncorrectedCount} uncorrected error${dimm.uncorrectedCount === 1 ? '' : 's'}`,
    ),
    cause: text('数据已损坏或进程已被终止。', 'Data was lost, or a process was killed for it.'),
    nextStep: text(
      '迁移业务,安排停机更换该内存条,复测前不要恢复承载。',
      'Move the services away, replace the module in a maintenance window, and test before taking load again.',
    ),
    evidenceIds: ['memory.edac'],
  })
  return [finding]
}

/** Severity by corrected errors a day; less than a day counts as one. Without a known span it stays a warning. */
function correctedSeverity(count: number, uptimeSeconds: number | null): Severity {
  if (uptimeSeconds === null) return 'warning'
  const perDay = count / Math.max(1, uptimeSeconds / 86_400)
  if (perDay >= MEMORY_LIMITS.correctedPerDayCritical.limit) return 'critical'
  if (perDay >= MEMORY_LIMITS.correctedPerDayUrgent.limit) return 'urgent'
  return perDay >= MEMORY_LIMITS.correctedPerDayWarning.limit ? 'warning' : 'info'
}

function corrected(input: AssessmentInput, dimm: EdacDimm, uptimeSeconds: number | null): readonly Finding[] {
  if (dimm.correctedCount <= 0) return []
  const severity = correctedSeverity(dimm.correctedCount, uptimeSeconds)
  const perDay = uptimeSeconds === null ? null : dimm.correctedCount / Math.max(1, uptimeSeconds / 86_400)
  const span = uptimeSeconds === null ? null : durationText(uptimeSeconds * 1000)
  const rate =
    perDay === null || span === null
      ? text('(时长未知)', ' (over an unknown time)')
      : text(
          `(${span.zh}内,约每天 ${numberText(perDay)} 次)`,
          ` in ${span.en} (about ${numberText(perDay)} a day)`,
        )
  const finding = makeFinding(input, {
    rule: 'memory.ecc_corrected',
    severity,
    kind: 'dimm',
    component: nameOf(dimm),
    title: text(
      `内存条 ${nameOf(dimm)} 有 ${dimm.correctedCount} 次可纠正错误${rate.zh}`,
      `DIMM ${nameOf(dimm)} has ${dimm.correctedCount} corrected error${dimm.correctedCount === 1 ? '' : 's'}${rate.en}`,
    ),
    cause: text(
      '偶发一次无害;出现过可纠正错误的内存条更容易出现不可纠正错误。',
      'A single one is harmless; a module with corrected errors is likelier to get uncorrected ones.',
    ),
    nextStep:
      severity === 'info' || severity === 'warning'
        ? text('继续观察其增长速度。', 'Watch how fast it grows.')
        : text(
            '尽快更换该内存条(先重插并核对槽位)。',
            'Replace the module soon (reseat it and check the slot first).',
          ),
    evidenceIds: ['memory.edac'],
  })
  return [finding]
}

function hardwareCorrupted(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const corruptedBytes = outcomeValue(memory.meminfo)?.hardwareCorruptedBytes ?? 0
  if (corruptedBytes <= 0) return []
  const finding = makeFinding(input, {
    rule: 'memory.hardware_corrupted',
    severity: 'urgent',
    kind: 'memory',
    component: null,
    title: text(
      `内核已停用 ${bytesText(corruptedBytes)} 损坏的内存`,
      `The kernel took ${bytesText(corruptedBytes)} of broken memory out of use`,
    ),
    cause: text(
      '这些页面出现过不可纠正的硬件错误。',
      'These pages had hardware errors that could not be corrected.',
    ),
    nextStep: text(
      '按 EDAC 或 BMC SEL 定位内存条并更换。',
      'Find the module by EDAC or the BMC event log and replace it.',
    ),
    evidenceIds: ['memory.meminfo'],
  })
  return [finding]
}
