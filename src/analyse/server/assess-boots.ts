import type { BootEvidence, BootFacts, ResetCause } from '../../domain/facts/system.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { durationText } from '../finding/quantity-text.ts'
import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of the rules on boots. */
const BOOT_LIMITS = {
  recentMs: {
    limit: 7 * 24 * 3_600_000,
    source: 'ours: what has run for a week since is no longer pressing',
  },
} as const satisfies Record<string, SourcedLimit>

const LINES_SHOWN = 3

/** Returns findings on how the boot before this one ended; nothing where that was not read or is not known. */
export function assessBoots(input: AssessmentInput): readonly Finding[] {
  const { system } = input.inspection.facts
  const boots = system?.boots === undefined ? null : outcomeValue(system.boots)
  return boots === null ? [] : [...crashed(input, boots), ...resetBy(input, boots)]
}

/** How long ago the present boot was, ms; null when not known. */
function bootAgeMs({ inspection }: AssessmentInput, { lastBootAt }: BootFacts): number | null {
  const { system } = inspection.facts
  const uptime = system === undefined ? null : outcomeValue(system.uptime)
  if (uptime !== null) return uptime.uptimeSeconds * 1000
  return lastBootAt === null ? null : Math.max(0, inspection.finishedAt.getTime() - lastBootAt.getTime())
}

const severityAt = (ageMs: number | null): Severity =>
  ageMs !== null && ageMs > BOOT_LIMITS.recentMs.limit ? 'info' : 'warning'

function sinceText(ageMs: number | null): Text {
  if (ageMs === null) return text('', '')
  const age = durationText(ageMs)
  return text(`,${age.zh}前重新启动`, `; it was booted again ${age.en} ago`)
}

function crashed(input: AssessmentInput, boots: BootFacts): readonly Finding[] {
  if (boots.previousEnded !== 'crash') return []
  const ageMs = bootAgeMs(input, boots)
  const since = sinceText(ageMs)
  const at = boots.previousEndedAt ?? boots.lastBootAt
  const finding = makeFinding(at === null ? input : { ...input, since: at }, {
    rule: 'server.unclean_restart',
    severity: severityAt(ageMs),
    kind: 'server',
    component: 'boot',
    title: text(`上次运行未经正常关机${since.zh}`, `The last run ended without a shutdown${since.en}`),
    cause: causeOf(boots.evidence),
    nextStep: text(
      '查看 `journalctl -b -1 -e` 与 BMC 事件日志 `ipmitool sel elist`;若有转储,用 `crash` 或 vmcore-dmesg.txt 分析;否则检查供电。',
      'See `journalctl -b -1 -e` and the BMC’s log, `ipmitool sel elist`; analyse the dump (vmcore-dmesg.txt, `crash`) where there is one, else check the power.',
    ),
    evidenceIds: ['system.boots'],
  })
  return [finding]
}

/** What tells most comes first: a dump, then the journal, then wtmp. */
const SOURCES: readonly BootEvidence['source'][] = ['crash_dump', 'pstore', 'journal', 'wtmp']

function causeOf(evidence: readonly BootEvidence[]): Text {
  const sorted = evidence.toSorted((a, b) => SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source))
  const quoted = sorted
    .slice(0, LINES_SHOWN)
    .map(({ line }) => line)
    .join(' ¦ ')
  const isKernel = evidence.some(
    ({ source, line }) => source === 'crash_dump' || source === 'pstore' || /kernel panic/i.test(line),
  )
  const what = isKernel
    ? text('内核崩溃。', 'The kernel crashed.')
    : text(
        '没有关机记录:断电、复位、死机或内核崩溃。',
        'No shutdown was recorded: loss of power, a reset, a hang or a crash of the kernel.',
      )
  return quoted === '' ? what : text(`${what.zh}证据:${quoted}`, `${what.en} Evidence: ${quoted}`)
}

const RESET_CAUSES: Readonly<Record<ResetCause, Text>> = {
  watchdog: text('看门狗超时', 'the watchdog’s time ran out'),
  overheat: text('过热', 'it was too hot'),
  fan_fault: text('风扇故障', 'a fan failed'),
  power_low: text('电压过低', 'the voltage was too low'),
  power_high: text('电压过高', 'the voltage was too high'),
}

function resetBy(input: AssessmentInput, boots: BootFacts): readonly Finding[] {
  const causes = (boots.resetCauses ?? []).map((cause) => RESET_CAUSES[cause])
  if (causes.length === 0) return []
  const ageMs = bootAgeMs(input, boots)
  const zh = causes.map((cause) => cause.zh).join('、')
  const en = causes.map((cause) => cause.en).join(', ')
  const since = sinceText(ageMs)
  const finding = makeFinding(boots.lastBootAt === null ? input : { ...input, since: boots.lastBootAt }, {
    rule: 'server.watchdog_reset',
    severity: severityAt(ageMs),
    kind: 'server',
    component: 'watchdog',
    title: text(
      `看门狗报告上次复位原因:${zh}${since.zh}`,
      `The watchdog says why it was reset: ${en}${since.en}`,
    ),
    nextStep: text(
      '查看复位前的内核日志与 BMC 事件日志;过热或风扇问题先检查散热。',
      'See the kernel’s log before the reset and the BMC’s log; for heat or fans check the cooling first.',
    ),
    evidenceIds: ['system.boots'],
  })
  return [finding]
}
