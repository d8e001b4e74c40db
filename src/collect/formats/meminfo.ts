import { parseCount } from './count.ts'
import { linesOf } from './lines.ts'

/**
 * Returns the lines of `/proc/meminfo` (proc(5)) by name: bytes where the line ends in kB (which are 1024 bytes),
 * plain counts elsewhere (`HugePages_Total`). Unreadable lines are left out.
 */
export function parseMeminfoLines(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const line of linesOf(text)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const [count, unit] = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
    const value = parseCount(count)
    if (value !== null) values.set(line.slice(0, colon).trim(), unit === 'kB' ? value * 1024 : value)
  }
  return values
}

/** Memory that can be had without swapping, and whether the kernel itself estimated it. */
export interface AvailableMemory {
  readonly availableBytes: number
  readonly isKernelEstimate: boolean
}

/**
 * Returns MemAvailable, or free + buffers + cached on kernels before 3.14 which print none; null when neither can be
 * had. Never more than the total.
 */
export function availableMemory(values: ReadonlyMap<string, number>): AvailableMemory | null {
  const total = values.get('MemTotal')
  const estimate = values.get('MemAvailable')
  if (total === undefined) return null
  if (estimate !== undefined) return { availableBytes: Math.min(estimate, total), isKernelEstimate: true }
  const free = values.get('MemFree')
  if (free === undefined) return null
  const sum = free + (values.get('Buffers') ?? 0) + (values.get('Cached') ?? 0)
  return { availableBytes: Math.min(sum, total), isKernelEstimate: false }
}
