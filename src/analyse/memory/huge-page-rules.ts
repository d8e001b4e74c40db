import type { MemoryFacts } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

/** Huge pages that nobody uses, and where that was read. */
interface Unused {
  readonly pages: readonly { readonly count: number; readonly pageBytes: number }[]
  readonly evidenceId: string
}

/** Pages that are promised to a process count as used. Without the pools of sysfs, meminfo knows the default size alone. */
function unusedPages(memory: MemoryFacts): Unused | null {
  const pools = outcomeValue(memory.hugePages)?.pools ?? []
  if (pools.length > 0)
    return {
      pages: pools.map(({ freePages, reservedPages, pageBytes }) => ({
        count: Math.max(0, freePages - (reservedPages ?? 0)),
        pageBytes,
      })),
      evidenceId: 'memory.huge_pages',
    }
  const meminfo = outcomeValue(memory.meminfo)
  if (meminfo === null || meminfo.hugePagesFree === null || meminfo.hugePageSizeBytes === null) return null
  const pages = [{ count: meminfo.hugePagesFree, pageBytes: meminfo.hugePageSizeBytes }]
  return { pages, evidenceId: 'memory.meminfo' }
}

/** Returns a finding on a large part of the memory that is reserved as huge pages and not used. */
export function assessHugePages(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const meminfo = outcomeValue(memory.meminfo)
  const unused = unusedPages(memory)
  if (meminfo === null || unused === null) return []
  const unusedBytes = unused.pages.reduce((sum, { count, pageBytes }) => sum + count * pageBytes, 0)
  const isLarge = unusedBytes > meminfo.totalBytes * MEMORY_LIMITS.hugePagesOfTotalRatio.limit
  if (!isLarge || unusedBytes < MEMORY_LIMITS.hugePagesUnusedBytes.limit) return []
  const pages = unused.pages
    .filter(({ count }) => count > 0)
    .map(({ count, pageBytes }) => `${count} × ${bytesText(pageBytes)}`)
    .join(' + ')
  const finding = makeFinding(input, {
    kind: 'memory',
    component: null,
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
    evidenceIds: [unused.evidenceId, 'memory.meminfo'],
  })
  return [finding]
}
