import type { CpuCounters, MetricsReading } from '../../../domain/metrics.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import { parseLocalFilesystems } from '../../formats/local-filesystems.ts'
import { availableMemory, parseMeminfoLines } from '../../formats/meminfo.ts'
import { contentOf, parsePathLines } from '../../formats/path-lines.ts'
import { parsePressure } from '../../formats/pressure.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { parseInterfaces } from './parse-interfaces.ts'

/** Fields of the `cpu` line that make up all time; guest time is inside user time already (proc(5)). */
const TOTAL_FIELDS = 8
/** Filesystems kept with a reading, the fullest. */
const MOST_FILESYSTEMS = 64
const IDLE_FIELDS = [3, 4] as const

function parseCpuCounters(stat: string): CpuCounters | null {
  const lines = linesOf(stat)
  const fields = lines
    .find((line) => line.startsWith('cpu '))
    ?.trim()
    .split(/\s+/)
    .slice(1, 1 + TOTAL_FIELDS)
  const ticks = fields?.map(parseCount)
  if (ticks === undefined || ticks.length < 4) return null
  let totalTicks = 0
  for (const tick of ticks) {
    if (tick === null) return null
    totalTicks += tick
  }
  const idleTicks = IDLE_FIELDS.reduce((sum, index) => sum + (ticks[index] ?? 0), 0)
  return { totalTicks, idleTicks, cpuCount: lines.filter((line) => /^cpu\d/.test(line)).length }
}

function parseLoad(loadavg: string): MetricsReading['load'] {
  const [one, five, fifteen] = loadavg.trim().split(/\s+/).map(parseDecimal)
  return one == null || five == null || fifteen == null ? null : { one, five, fifteen }
}

function fullestFilesystem(blocks: ReadonlyMap<string, string>): MetricsReading['disk'] {
  const measured = parseLocalFilesystems(blocks).flatMap((filesystem) => {
    const { mount, usedBytes, availableBytes, inodesUsedPercent } = filesystem
    const reachable = usedBytes + availableBytes
    if (reachable === 0) return []
    const usedPercent = Math.round((10_000 * usedBytes) / reachable) / 100
    return [{ mount, usedPercent, freeBytes: availableBytes, inodesUsedPercent }]
  })
  const sorted = measured.sort((a, b) => b.usedPercent - a.usedPercent)
  const [fullest] = sorted
  if (fullest === undefined) return null
  const filesystems = sorted
    .slice(0, MOST_FILESYSTEMS)
    .map(({ mount, usedPercent }) => ({ mount, usedPercent }))
  return { ...fullest, filesystems }
}

function parsePsi(read: (path: string) => string): MetricsReading['psi'] {
  const cpu = parsePressure(read('/proc/pressure/cpu'))
  const memory = parsePressure(read('/proc/pressure/memory'))
  const io = parsePressure(read('/proc/pressure/io'))
  if (cpu.some === null && memory.some === null && io.some === null) return null
  return {
    cpuSomePercent: cpu.some?.avg60Percent ?? null,
    memorySomePercent: memory.some?.avg60Percent ?? null,
    memoryFullPercent: memory.full?.avg60Percent ?? null,
    ioSomePercent: io.some?.avg60Percent ?? null,
  }
}

/** Returns one reading; what a kernel does not print is null. Unparseable when it has neither CPU nor memory. */
export function parseSample({ stdout }: RawSection, now: Date): Parsed<MetricsReading> {
  const blocks = splitBlocks(stdout)
  const proc = parsePathLines(blocks.get('proc') ?? '')
  const read = (path: string): string => contentOf(proc, path)
  const cpu = parseCpuCounters(read('/proc/stat'))
  const meminfo = parseMeminfoLines(read('/proc/meminfo'))
  const totalBytes = meminfo.get('MemTotal')
  const available = availableMemory(meminfo)
  const swapTotal = meminfo.get('SwapTotal')
  const swapFree = meminfo.get('SwapFree')
  if (cpu === null && available === null)
    return unparseable('neither /proc/stat nor /proc/meminfo could be read')
  const bootId = read('/proc/sys/kernel/random/boot_id').trim()
  return {
    value: {
      collectedAt: now,
      bootId: /^[0-9a-f-]{36}$/i.test(bootId) ? bootId : null,
      uptimeSeconds: parseDecimal(read('/proc/uptime').trim().split(/\s+/)[0]),
      cpu,
      memory:
        totalBytes === undefined || available === null
          ? null
          : { totalBytes, availableBytes: available.availableBytes },
      swap:
        swapTotal === undefined || swapFree === undefined
          ? null
          : { totalBytes: swapTotal, freeBytes: swapFree },
      disk: fullestFilesystem(blocks),
      interfaces: parseInterfaces(blocks.get('nics') ?? '', read('/proc/net/dev')),
      load: parseLoad(read('/proc/loadavg')),
      psi: parsePsi(read),
    },
  }
}
