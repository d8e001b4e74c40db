import type { MeminfoFacts, MemoryFacts } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { limitText } from '../finding/limit-text.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText, durationText, numberText, percentText } from '../finding/quantity-text.ts'
import { METRIC_TRAITS } from '../metrics/metric-traits.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

const COMPONENT = { kind: 'memory', component: null } as const

/** Returns findings on how the memory is used: share, pressure, swap, OOM kills, huge pages. */
export function assessMemoryUsage(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  return [
    ...usageHigh(input, memory),
    ...pressureHigh(input, memory),
    ...swapUnderPressure(input, memory),
    ...oomKills(input, memory),
    ...hugePagesUnused(input, memory),
  ]
}

function usageHigh(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const meminfo = outcomeValue(memory.meminfo)
  if (meminfo === null || meminfo.totalBytes <= 0) return []
  const { memoryPercent: thresholdPercent, sources } = input.thresholds
  const usedPercent = 100 * (1 - meminfo.availableBytes / meminfo.totalBytes)
  if (usedPercent <= thresholdPercent) return []
  const { criticalFrom, severities } = METRIC_TRAITS.memory
  const available = bytesText(meminfo.availableBytes)
  const total = bytesText(meminfo.totalBytes)
  const limit = limitText({ percent: thresholdPercent, source: sources.memoryPercent })
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.usage_high',
    severity: usedPercent >= criticalFrom(thresholdPercent) ? severities.critical : severities.high,
    title: text(
      `内存使用率 ${percentText(usedPercent)},高于阈值 ${limit.zh};可用 ${available},共 ${total}`,
      `Memory usage ${percentText(usedPercent)}, above the threshold of ${limit.en}; ${available} of ${total} available`,
    ),
    cause: breakdown(meminfo, memory),
    nextStep: text(
      '先确认占用最多的进程是否正常(泄漏、缓存或大页预留可先回收),确属不足再考虑扩容。',
      'First see whether the largest processes are as they should be (leak, cache, page reservation); buy memory only when it is truly short.',
    ),
    evidenceIds: ['memory.meminfo', 'memory.processes'],
  })
  return [finding]
}

function breakdown(meminfo: MeminfoFacts, memory: MemoryFacts): Text {
  const hugeBytes = (meminfo.hugePagesTotal ?? 0) * (meminfo.hugePageSizeBytes ?? 0)
  const parts: [string, string, number | null][] = [
    ['缓存', 'cache', meminfo.cachedBytes + meminfo.buffersBytes],
    ['其中共享内存', 'of it shared', meminfo.sharedBytes],
    ['slab', 'slab', meminfo.slabBytes],
    ['大页', 'huge pages', hugeBytes === 0 ? null : hugeBytes],
    ['交换区已用', 'swap used', meminfo.swapTotalBytes - meminfo.swapFreeBytes],
  ]
  const read = parts.filter((part): part is [string, string, number] => part[2] !== null)
  const zh = read.map(([name, , sizeBytes]) => `${name} ${bytesText(sizeBytes)}`)
  const en = read.map(([, name, sizeBytes]) => `${name} ${bytesText(sizeBytes)}`)
  const largest = outcomeValue(memory.processes)?.[0]
  if (largest !== undefined) {
    const size = bytesText(largest.residentBytes)
    zh.push(`最大进程 ${largest.command}(pid ${largest.pid},用户 ${largest.user})常驻 ${size}`)
    en.push(`largest process ${largest.command} (pid ${largest.pid}, user ${largest.user}) ${size} resident`)
  }
  return text(zh.join(','), en.join(', '))
}

function pressureHigh(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const pressure = outcomeValue(memory.pressure)
  if (pressure === null) return []
  const some = pressure.someAvg60Percent
  const full = pressure.fullAvg60Percent
  const isFull = full > MEMORY_LIMITS.pressureFullPercent.limit
  if (!isFull && some <= MEMORY_LIMITS.pressureSomePercent.limit) return []
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.pressure_high',
    severity: isFull ? 'urgent' : 'warning',
    title: text(
      `近 60 秒内存压力:部分任务等待 ${percentText(some)},全部任务停顿 ${percentText(full)} 的时间`,
      `Memory pressure over 60 s: some tasks waited ${percentText(some)} of the time, all stood still ${percentText(full)}`,
    ),
    cause: text(
      '任务在等待内核回收内存或换页,业务响应会变慢。',
      'Tasks wait for the kernel to reclaim or page in memory; the services get slow.',
    ),
    nextStep: text(
      '找出占用增长的进程,减少占用或迁移负载。',
      'Find the growing process; reduce it or move load away.',
    ),
    evidenceIds: ['memory.pressure'],
  })
  return [finding]
}

function swapUnderPressure(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const meminfo = outcomeValue(memory.meminfo)
  const pressure = outcomeValue(memory.pressure)
  // Where the kernel has no pressure figures, swap in use alone says nothing.
  if (meminfo === null || pressure === null || meminfo.swapTotalBytes <= 0) return []
  const usedBytes = meminfo.swapTotalBytes - meminfo.swapFreeBytes
  const usedPercent = (100 * usedBytes) / meminfo.swapTotalBytes
  const isUsed = usedPercent > MEMORY_LIMITS.swapUsedPercent.limit
  const isWaiting = pressure.someAvg60Percent > MEMORY_LIMITS.swapPressureSomePercent.limit
  if (!isUsed || !isWaiting) return []
  const used = `${bytesText(usedBytes)} / ${bytesText(meminfo.swapTotalBytes)} (${percentText(usedPercent)})`
  const some = percentText(pressure.someAvg60Percent)
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.swap_under_pressure',
    severity: 'warning',
    title: text(
      `交换区已用 ${used},且近 60 秒有任务等待内存(${some})`,
      `Swap in use ${used} while tasks wait for memory (${some} of the last 60 s)`,
    ),
    nextStep: text('减少内存占用;交换区不能代替内存。', 'Use less memory; swap is no replacement for it.'),
    evidenceIds: ['memory.meminfo', 'memory.pressure'],
  })
  return [finding]
}

function oomKills(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const count = outcomeValue(memory.vmstat)?.oomKillCount ?? 0
  if (count <= 0) return []
  const { system } = input.inspection.facts
  const uptimeSeconds = system === undefined ? null : (outcomeValue(system.uptime)?.uptimeSeconds ?? null)
  const uptime = uptimeSeconds === null ? null : durationText(uptimeSeconds * 1000)
  const span = uptime === null ? text('', '') : text(`(已运行 ${uptime.zh})`, ` (up ${uptime.en})`)
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.oom_kills',
    severity: 'warning',
    title: text(
      `自启动以来内核因内存不足杀死进程 ${numberText(count)} 次${span.zh}`,
      `The kernel killed processes for lack of memory ${numberText(count)} time${count === 1 ? '' : 's'} since boot${span.en}`,
    ),
    cause: text(
      '系统内存耗尽,或某个容器达到其内存上限;计数不区分二者。',
      'The machine ran out of memory, or a container reached its limit; the counter does not tell which.',
    ),
    nextStep: text(
      '用 `journalctl -k | grep -i "out of memory"` 查看被杀的进程与时间。',
      'See victims and times with `journalctl -k | grep -i "out of memory"`.',
    ),
    evidenceIds: ['memory.vmstat'],
  })
  return [finding]
}

function hugePagesUnused(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const meminfo = outcomeValue(memory.meminfo)
  if (meminfo === null || meminfo.hugePagesFree === null || meminfo.hugePageSizeBytes === null) return []
  const unusedBytes = meminfo.hugePagesFree * meminfo.hugePageSizeBytes
  const isLarge = unusedBytes > meminfo.totalBytes * MEMORY_LIMITS.hugePagesOfTotalRatio.limit
  if (!isLarge || unusedBytes < MEMORY_LIMITS.hugePagesUnusedBytes.limit) return []
  const pages = `${meminfo.hugePagesFree} × ${bytesText(meminfo.hugePageSizeBytes)}`
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.hugepages_unused',
    severity: 'warning',
    title: text(
      `预留的大页有 ${bytesText(unusedBytes)} 未被使用(${pages}),内存共 ${bytesText(meminfo.totalBytes)}`,
      `${bytesText(unusedBytes)} of reserved huge pages are unused (${pages}) of ${bytesText(meminfo.totalBytes)} memory`,
    ),
    cause: text(
      '预留的大页不能被其他进程使用,也不计入可用内存。',
      'Reserved huge pages can serve no other process and do not count as available.',
    ),
    nextStep: text(
      '确认数据库或虚拟化是否需要;不需要则调低 vm.nr_hugepages。',
      'See whether a database or hypervisor needs them; else lower vm.nr_hugepages.',
    ),
    evidenceIds: ['memory.meminfo'],
  })
  return [finding]
}
