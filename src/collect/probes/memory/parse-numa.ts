import type { HugePageFacts, HugePagePool, NumaNode } from '../../../domain/facts/memory.ts'
import { parseCount } from '../../formats/count.ts'
import { parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const NODE_PATH = /^\/sys\/devices\/system\/node\/node(\d{1,5})\/(cpulist|meminfo)$/
const NODE_LINE = /^Node \d{1,5} (MemTotal|MemFree):\s{1,40}(\d{1,15}) kB$/
const CPU_LIST = /^[\d,-]{0,1000}$/

/** Returns the memory of each NUMA node (kernel, drivers/base/node.c), lowest number first. */
export function parseNuma({ stdout }: RawSection): Parsed<readonly NumaNode[]> {
  const bytes = new Map<string, number>()
  const cpuLists = new Map<number, string>()
  for (const { path, value } of parsePathLines(stdout)) {
    const [, number, file] = NODE_PATH.exec(path) ?? []
    const node = Number(number)
    const [, name, kilobytes] = NODE_LINE.exec(value.trimEnd()) ?? []
    if (file === 'cpulist' && CPU_LIST.test(value)) cpuLists.set(node, value)
    if (file === 'meminfo' && name !== undefined) bytes.set(`${node} ${name}`, Number(kilobytes) * 1024)
  }
  const nodes = [...new Set([...bytes.keys()].map((key) => Number(key.split(' ')[0])))].sort((a, b) => a - b)
  const value = nodes.flatMap((node) => {
    const [totalBytes, freeBytes] = [bytes.get(`${node} MemTotal`), bytes.get(`${node} MemFree`)]
    if (totalBytes === undefined || freeBytes === undefined) return []
    return [{ node, totalBytes, freeBytes, cpuList: cpuLists.get(node) ?? null }]
  })
  return value.length === 0 ? unparseable('no node with MemTotal and MemFree') : { value }
}

const POOL_PATH = /^\/sys\/kernel\/mm\/hugepages\/hugepages-(\d{1,12})kB\/(nr|free|resv|surplus)_hugepages$/
const TRANSPARENT = '/sys/kernel/mm/transparent_hugepage/enabled'

/** Returns pools of huge pages (kernel, admin-guide/mm/hugetlbpage.rst), smallest page first, and the transparent setting. */
export function parseHugePages({ stdout }: RawSection): Parsed<HugePageFacts> {
  const counts = new Map<number, Map<string, number>>()
  let transparent: string | null = null
  for (const { path, value } of parsePathLines(stdout)) {
    if (path === TRANSPARENT) transparent = /\[([a-z]{1,20})\]/.exec(value)?.[1] ?? null
    const [, kilobytes, name] = POOL_PATH.exec(path) ?? []
    const count = parseCount(value.trim())
    if (kilobytes === undefined || name === undefined || count === null) continue
    const pool = counts.get(Number(kilobytes)) ?? new Map<string, number>()
    counts.set(Number(kilobytes), pool.set(name, count))
  }
  const pools = [...counts].flatMap(([kilobytes, pool]): readonly HugePagePool[] => {
    const [totalPages, freePages] = [pool.get('nr'), pool.get('free')]
    if (totalPages === undefined || freePages === undefined) return []
    const [reservedPages, surplusPages] = [pool.get('resv') ?? null, pool.get('surplus') ?? null]
    return [{ pageBytes: kilobytes * 1024, totalPages, freePages, reservedPages, surplusPages }]
  })
  if (pools.length === 0 && transparent === null) return unparseable('no pool and no transparent setting')
  return { value: { pools: pools.sort((a, b) => a.pageBytes - b.pageBytes), transparent } }
}
