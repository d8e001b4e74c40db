import type { MemoryFacts, OomKill } from '../../domain/facts/memory.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { sameBootSpanMs } from '../changes/reboot.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText, durationText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

/** Victims written out; the log holds up to 50. */
const VICTIMS_SHOWN = 3

/** Returns a finding on processes that the kernel killed for lack of memory: who, when, and by which limit. */
export function assessOomKills(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const kills = outcomeValue(memory.oomKills)?.kills ?? []
  const counted = outcomeValue(memory.vmstat)?.oomKillCount ?? 0
  const count = Math.max(counted, kills.length)
  if (count <= 0) return []
  const last = kills.findLast(({ at }) => at !== null) ?? kills.at(-1) ?? null
  const place = last?.at == null ? input : { ...input, since: last.at }
  const finding = makeFinding(place, {
    kind: 'memory',
    component: null,
    rule: 'memory.oom_kills',
    severity: severityOf(input, kills, last),
    title: titleOf(input, memory, kills, count),
    cause: causeOf(kills),
    nextStep: nextStepOf(kills),
    evidenceIds: kills.length > 0 ? ['memory.oom_kills', 'memory.vmstat'] : ['memory.vmstat'],
  })
  return [finding]
}

const ageMs = (input: AssessmentInput, at: Date): number =>
  Math.max(0, input.inspection.finishedAt.getTime() - at.getTime())

/** Of the machine's own memory within a day: urgent. Old ones are history; one without a time may be of now. */
function severityOf(input: AssessmentInput, kills: readonly OomKill[], last: OomKill | null): Severity {
  if (last?.at == null) return 'warning'
  if (ageMs(input, last.at) > MEMORY_LIMITS.oomOldMs.limit) return 'info'
  const isUrgent = kills.some(
    ({ at, scope }) =>
      at !== null && scope === 'machine' && ageMs(input, at) <= MEMORY_LIMITS.oomRecentMs.limit,
  )
  return isUrgent ? 'urgent' : 'warning'
}

function titleOf(
  input: AssessmentInput,
  memory: MemoryFacts,
  kills: readonly OomKill[],
  count: number,
): Text {
  const { system } = input.inspection.facts
  const uptimeSeconds = system === undefined ? null : (outcomeValue(system.uptime)?.uptimeSeconds ?? null)
  const uptime = uptimeSeconds === null ? null : durationText(uptimeSeconds * 1000)
  const span = uptime === null ? text('', '') : text(`(已运行 ${uptime.zh})`, ` (up ${uptime.en})`)
  const fresh = freshText(input, memory)
  const shown = kills
    .slice(-VICTIMS_SHOWN)
    .reverse()
    .map((kill) => victimText(input, kill))
  const victims =
    shown.length === 0
      ? text('', '')
      : text(`:${shown.map((one) => one.zh).join(';')}`, `: ${shown.map((one) => one.en).join('; ')}`)
  const times = count === 1 ? 'time' : 'times'
  return text(
    `自启动以来内核因内存不足杀死进程 ${count} 次${span.zh}${fresh.zh}${victims.zh}`,
    `The kernel killed processes for lack of memory ${count} ${times} since boot${span.en}${fresh.en}${victims.en}`,
  )
}

function freshText(input: AssessmentInput, memory: MemoryFacts): Text {
  const earlier = input.earlier?.inspection.facts.memory
  const before = earlier === undefined ? null : (outcomeValue(earlier.vmstat)?.oomKillCount ?? null)
  const after = outcomeValue(memory.vmstat)?.oomKillCount ?? null
  const spanMs = sameBootSpanMs(input.earlier, input.inspection, 'memory')
  if (before === null || after === null || spanMs === null || after < before) return text('', '')
  return text(`,上次巡检以来 ${after - before} 次`, `, ${after - before} of them since the last inspection`)
}

function victimText(input: AssessmentInput, { victim, pid, residentBytes, at }: OomKill): Text {
  const size = residentBytes === null ? '' : `, ${bytesText(residentBytes)}`
  const ago = at === null ? null : durationText(ageMs(input, at))
  const when = ago === null ? text('', '') : text(`,${ago.zh}前`, `, ${ago.en} ago`)
  return text(`${victim}(pid ${pid}${size}${when.zh})`, `${victim} (pid ${pid}${size}${when.en})`)
}

function causeOf(kills: readonly OomKill[]): Text {
  const limits = [
    ...new Set(kills.flatMap(({ scope, cgroup }) => (scope === 'cgroup' ? [cgroup ?? '?'] : []))),
  ]
  const ofMachine = kills.some(({ scope }) => scope === 'machine')
  if (ofMachine) return text('整台机器的内存耗尽。', 'The memory of the whole machine ran out.')
  if (limits.length > 0)
    return text(
      `容器或服务达到自身的内存上限(${limits.slice(0, VICTIMS_SHOWN).join('、')}),机器本身未必缺内存。`,
      `A container or service reached its own limit (${limits.slice(0, VICTIMS_SHOWN).join(', ')}); the machine need not be short.`,
    )
  return text(
    '系统内存耗尽,或某个容器达到其内存上限;计数不区分二者。',
    'The machine ran out of memory, or a container reached its limit; the counter does not tell which.',
  )
}

function nextStepOf(kills: readonly OomKill[]): Text {
  const known = kills.filter(({ scope }) => scope !== null)
  if (known.length > 0 && known.every(({ scope }) => scope === 'cgroup'))
    return text(
      '核对该容器或服务的内存上限与其实际占用。',
      'Compare the limit of that container or service with what it needs.',
    )
  if (kills.length > 0)
    return text(
      '查看被杀进程是否泄漏,并确认其已恢复;内存确属不足再扩容。',
      'See whether the victim leaks and whether it runs again; add memory only when it is truly short.',
    )
  return text(
    '用 `journalctl -k | grep -i "out of memory"` 查看被杀的进程与时间。',
    'See victims and times with `journalctl -k | grep -i "out of memory"`.',
  )
}
