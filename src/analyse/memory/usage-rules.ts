import type { MeminfoFacts, MemoryFacts } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { sameBootSpanMs } from '../changes/reboot.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { limitText } from '../finding/limit-text.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText, durationText, numberText, percentText } from '../finding/quantity-text.ts'
import { METRIC_TRAITS } from '../metrics/metric-traits.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

const COMPONENT = { kind: 'memory', component: null } as const

/** Returns findings on how the memory is used: share, pressure, swap. */
export function assessMemoryUsage(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  return [
    ...usageHigh(input, memory),
    ...pressureHigh(input, memory),
    ...swapUnderPressure(input, memory),
    ...swapInHigh(input, memory),
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
    const size = bytesText(largest.proportionalBytes ?? largest.residentBytes)
    zh.push(`最大进程 ${largest.command}(pid ${largest.pid},用户 ${largest.user})占用 ${size}`)
    en.push(`largest process ${largest.command} (pid ${largest.pid}, user ${largest.user}) ${size}`)
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

/** Pages read back from swap on average since the last look; a single counter since boot tells no time. */
function swapInHigh(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const earlier = input.earlier?.inspection.facts.memory
  const before = earlier === undefined ? null : (outcomeValue(earlier.vmstat)?.swappedInPages ?? null)
  const after = outcomeValue(memory.vmstat)?.swappedInPages ?? null
  const spanMs = sameBootSpanMs(input.earlier, input.inspection, 'memory')
  if (before === null || after === null || spanMs === null) return []
  if (spanMs < MEMORY_LIMITS.rateSpanMs.limit) return []
  const perSecond = (after - before) / (spanMs / 1000)
  if (perSecond <= MEMORY_LIMITS.swapInPagesPerSecond.limit) return []
  const span = durationText(spanMs)
  const rate = numberText(perSecond, 0)
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.swap_in_high',
    severity: 'warning',
    title: text(
      `近 ${span.zh}平均每秒从交换区读回 ${rate} 页`,
      `${rate} pages a second were read back from swap on average over the last ${span.en}`,
    ),
    cause: text(
      '正在使用的内存放不下,反复换出又换入。',
      'What is in use does not fit and goes out and in again and again.',
    ),
    nextStep: text(
      '减少内存占用或扩容;交换区不能代替内存。',
      'Use less memory or add some; swap is no replacement for it.',
    ),
    evidenceIds: ['memory.vmstat'],
  })
  return [finding]
}
