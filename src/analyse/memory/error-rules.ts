import type { EdacDimm, MemoryFacts } from '../../domain/facts/memory.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { sameBootSpanMs } from '../changes/reboot.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText, durationText, numberText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

const DAY_MS = 86_400_000

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

/** How many corrected errors a day a span of time comes to; less than a day counts as one. */
const perDay = (count: number, spanMs: number): number => count / Math.max(1, spanMs / DAY_MS)

/** Severity by corrected errors a day. Without a known span it stays a warning. */
function correctedSeverity(ratePerDay: number | null): Severity {
  if (ratePerDay === null) return 'warning'
  if (ratePerDay >= MEMORY_LIMITS.correctedPerDayCritical.limit) return 'critical'
  if (ratePerDay >= MEMORY_LIMITS.correctedPerDayUrgent.limit) return 'urgent'
  return ratePerDay >= MEMORY_LIMITS.correctedPerDayWarning.limit ? 'warning' : 'info'
}

/** What the counter did since the last look; null when the server was booted in between, or was never looked at. */
interface Growth {
  readonly count: number
  readonly spanMs: number
}

function growthOf(input: AssessmentInput, dimm: EdacDimm): Growth | null {
  const earlier = input.earlier?.inspection.facts.memory
  const before = earlier === undefined ? null : outcomeValue(earlier.edac)
  const spanMs = sameBootSpanMs(input.earlier, input.inspection, 'memory')
  const known = before?.dimms.find((one) => nameOf(one) === nameOf(dimm))
  // The driver may have been loaded anew: then it counts from nothing.
  if (spanMs === null || known === undefined || known.correctedCount > dimm.correctedCount) return null
  return { count: dimm.correctedCount - known.correctedCount, spanMs }
}

/** Since boot, and since the last look: the worse of both, because an old average hides a burst. */
function corrected(input: AssessmentInput, dimm: EdacDimm, uptimeSeconds: number | null): readonly Finding[] {
  if (dimm.correctedCount <= 0) return []
  const growth = growthOf(input, dimm)
  const sinceBoot = uptimeSeconds === null ? null : perDay(dimm.correctedCount, uptimeSeconds * 1000)
  const rates = [sinceBoot, growth === null ? null : perDay(growth.count, growth.spanMs)]
  const known = rates.filter((rate) => rate !== null)
  const severity = correctedSeverity(known.length === 0 ? null : Math.max(...known))
  const rate = rateText(sinceBoot, uptimeSeconds)
  const since = growth === null ? text('', '') : growthText(growth)
  const many = dimm.correctedCount === 1 ? 'error' : 'errors'
  const finding = makeFinding(input, {
    rule: 'memory.ecc_corrected',
    severity,
    kind: 'dimm',
    component: nameOf(dimm),
    title: text(
      `内存条 ${nameOf(dimm)} 有 ${dimm.correctedCount} 次可纠正错误${rate.zh}${since.zh}`,
      `DIMM ${nameOf(dimm)} has ${dimm.correctedCount} corrected ${many}${rate.en}${since.en}`,
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

function rateText(ratePerDay: number | null, uptimeSeconds: number | null): Text {
  if (ratePerDay === null || uptimeSeconds === null) return text('(时长未知)', ' (over an unknown time)')
  const span = durationText(uptimeSeconds * 1000)
  return text(
    `(${span.zh}内,约每天 ${numberText(ratePerDay)} 次)`,
    ` in ${span.en} (about ${numberText(ratePerDay)} a day)`,
  )
}

function growthText({ count, spanMs }: Growth): Text {
  const span = durationText(spanMs)
  return text(`,其中近 ${span.zh}新增 ${count} 次`, `, ${count} of them in the last ${span.en}`)
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
