import { type Finding, SEVERITIES, type Severity } from '../../domain/finding.ts'
import type { FailureIncident } from '../../domain/known-failure.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { durationText } from '../finding/quantity-text.ts'
import { FAILURE_LIMITS } from './failure-limits.ts'
import { findIncidents } from './find-incidents.ts'

const LINES_SHOWN = 3
const CHARACTERS_SHOWN = 160

/**
 * Returns one finding per failure and thing struck that the kernel's log tells of: how often, when last, what it means,
 * and the lines themselves. Empty where the log was not read, or without the catalogue of known failures.
 */
export function assessKernelLog(input: AssessmentInput): readonly Finding[] {
  const { kernel } = input.inspection.facts
  const log = kernel === undefined ? null : outcomeValue(kernel.log)
  if (log === null || input.knownFailures === undefined) return []
  const incidents = findIncidents(log.lines, input.knownFailures, log.bootAt)
  const spells = Map.groupBy(
    incidents.filter((incident) => !isToldElsewhere(input, incident)),
    ({ failure, subject }) => `${failure.id}\n${subject ?? ''}`,
  )
  return [...spells.values()].flatMap((group) => findingOf(input, group))
}

/** Other probes say the same more exactly: kills and ECC counters of memory, errors of graphics cards. */
function isToldElsewhere(input: AssessmentInput, { failure }: FailureIncident): boolean {
  const { memory, gpu } = input.inspection.facts
  switch (failure.sort) {
    case 'oom_kill':
      return memory !== undefined && outcomeValue(memory.oomKills) !== null
    case 'gpu_xid':
    case 'gpu_gone':
      return gpu !== undefined && outcomeValue(gpu.xid) !== null
    case 'memory_corrected':
    case 'memory_uncorrected':
      return (memory === undefined ? [] : (outcomeValue(memory.edac)?.dimms ?? [])).some(
        ({ correctedCount, uncorrectedCount }) => correctedCount + uncorrectedCount > 0,
      )
    default:
      return false
  }
}

/** `group` are the spells of one failure of one thing, oldest first. */
function findingOf(input: AssessmentInput, group: readonly FailureIncident[]): readonly Finding[] {
  const first = group[0]
  const last = group.at(-1)
  if (first === undefined || last === undefined) return []
  const { failure, subject } = last
  const place = first.firstAt === null ? input : { ...input, since: first.firstAt }
  const finding = makeFinding(place, {
    rule: `kernel.${failure.id}`,
    severity: severityOf(input, group, last),
    kind: failure.part,
    component: subject,
    title: titleOf(input, group, last),
    cause: causeOf(last),
    nextStep: failure.advice,
    evidenceIds: ['kernel.log'],
  })
  return [finding]
}

const ageMs = (input: AssessmentInput, at: Date): number =>
  Math.max(0, input.inspection.finishedAt.getTime() - at.getTime())

/** The worst of its spells, less when the last is long ago. */
function severityOf(
  input: AssessmentInput,
  group: readonly FailureIncident[],
  last: FailureIncident,
): Severity {
  const rank = Math.max(...group.map(({ severity }) => SEVERITIES.indexOf(severity)))
  const age = last.lastAt === null ? 0 : ageMs(input, last.lastAt)
  if (age > FAILURE_LIMITS.oldMs.limit) return 'info'
  return SEVERITIES[age > FAILURE_LIMITS.staleMs.limit ? Math.max(0, rank - 1) : rank] ?? 'info'
}

function titleOf(
  input: AssessmentInput,
  group: readonly FailureIncident[],
  { failure, subject, lastAt }: FailureIncident,
): Text {
  const count = group.reduce((sum, incident) => sum + incident.count, 0)
  const ago = lastAt === null ? null : durationText(ageMs(input, lastAt))
  const when = ago === null ? text('', '') : text(`,最近在 ${ago.zh}前`, `, last ${ago.en} ago`)
  const what = subject === null ? '' : `: ${subject}`
  return text(
    `${failure.title.zh}${what}(内核日志 ${count} 条${when.zh})`,
    `${failure.title.en}${what} (${count} ${count === 1 ? 'line' : 'lines'} in the kernel log${when.en})`,
  )
}

/** What it means, and what the log said word for word. */
function causeOf({ failure, lines }: FailureIncident): Text {
  const shown = lines
    .slice(0, LINES_SHOWN)
    .map(({ message }) =>
      message.length > CHARACTERS_SHOWN ? `${message.slice(0, CHARACTERS_SHOWN)}…` : message,
    )
  const more = lines.length - shown.length
  const quoted = shown.join(' ¦ ')
  return text(
    `${failure.meaning.zh}日志:${quoted}${more > 0 ? ` ¦ 等 ${lines.length} 条` : ''}`,
    `${failure.meaning.en} Log: ${quoted}${more > 0 ? ` ¦ and ${more} more` : ''}`,
  )
}
