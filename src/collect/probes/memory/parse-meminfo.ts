import type { MeminfoFacts, MemoryPressureFacts, VmstatFacts } from '../../../domain/facts/memory.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import { availableMemory, parseMeminfoLines } from '../../formats/meminfo.ts'
import { parsePressure } from '../../formats/pressure.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** Returns `/proc/meminfo` in bytes. A kernel without swap prints no swap lines: that is zero swap. */
export function parseMeminfo({ stdout }: RawSection): Parsed<MeminfoFacts> {
  const values = parseMeminfoLines(stdout)
  const read = (name: string): number | null => values.get(name) ?? null
  const available = availableMemory(values)
  const [totalBytes, freeBytes] = [read('MemTotal'), read('MemFree')]
  if (totalBytes === null || freeBytes === null || available === null)
    return unparseable('MemTotal, MemFree or an estimate of available memory is missing')
  return {
    value: {
      totalBytes,
      freeBytes,
      availableBytes: available.availableBytes,
      availableIsKernelEstimate: available.isKernelEstimate,
      buffersBytes: read('Buffers') ?? 0,
      cachedBytes: read('Cached') ?? 0,
      slabBytes: read('Slab'),
      slabReclaimableBytes: read('SReclaimable'),
      sharedBytes: read('Shmem'),
      hugePagesTotal: read('HugePages_Total'),
      hugePagesFree: read('HugePages_Free'),
      hugePageSizeBytes: read('Hugepagesize'),
      swapTotalBytes: read('SwapTotal') ?? 0,
      swapFreeBytes: read('SwapFree') ?? 0,
      committedBytes: read('Committed_AS'),
      hardwareCorruptedBytes: read('HardwareCorrupted'),
    },
  }
}

/** Returns memory pressure; kernels always print both lines. */
export function parseMemoryPressure({ stdout }: RawSection): Parsed<MemoryPressureFacts> {
  const { some, full } = parsePressure(stdout)
  if (some === null || full === null) return unparseable('no `some` and `full` line')
  return {
    value: {
      someAvg10Percent: some.avg10Percent,
      someAvg60Percent: some.avg60Percent,
      someAvg300Percent: some.avg300Percent,
      fullAvg10Percent: full.avg10Percent,
      fullAvg60Percent: full.avg60Percent,
      fullAvg300Percent: full.avg300Percent,
    },
  }
}

/** Returns the counters of `/proc/vmstat`; lines that this kernel has not are null. */
export function parseVmstat({ stdout }: RawSection): Parsed<VmstatFacts> {
  const values = new Map<string, number>()
  for (const line of linesOf(stdout)) {
    const [name, word] = line.trim().split(' ')
    const count = parseCount(word)
    if (name !== undefined && count !== null) values.set(name, count)
  }
  if (values.size === 0) return unparseable('no counter line')
  const stalls = [...values].filter(([name]) => name.startsWith('allocstall')).map(([, count]) => count)
  return {
    value: {
      oomKillCount: values.get('oom_kill') ?? null,
      swappedInPages: values.get('pswpin') ?? null,
      swappedOutPages: values.get('pswpout') ?? null,
      majorFaultCount: values.get('pgmajfault') ?? null,
      allocationStallCount: stalls.length === 0 ? null : stalls.reduce((sum, count) => sum + count, 0),
    },
  }
}
