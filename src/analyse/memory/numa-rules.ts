import type { MemoryFacts, NumaNode } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText, listText, percentText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'

const COMPONENT = { kind: 'memory', component: null, evidenceIds: ['memory.numa'] } as const

/** Returns a finding on NUMA nodes with CPUs whose memory is unequal; nodes without CPUs are other memory (CXL, HBM). */
export function assessNumaSizes(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const nodes = (outcomeValue(memory.numa) ?? []).filter(({ cpuList }) => cpuList !== null && cpuList !== '')
  if (nodes.length < 2) return []
  const sizes = nodes.map(({ totalBytes }) => totalBytes)
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)]
  const differenceBytes = largest - smallest
  const isUnequal = differenceBytes > largest * MEMORY_LIMITS.numaDifferenceRatio.limit
  if (!isUnequal || differenceBytes <= MEMORY_LIMITS.numaDifferenceBytes.limit) return []
  const list = listText(
    nodes.map(({ node, totalBytes }) => `node${node} ${bytesText(totalBytes)}`),
    8,
  )
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.numa_unequal',
    severity: 'warning',
    title: text(`各 NUMA 节点的内存不等:${list.zh}`, `NUMA nodes hold unequal memory: ${list.en}`),
    cause: text(
      '内存少的节点上的任务要跨节点访问;也可能是某个 CPU 的内存条失效。',
      'Tasks on the smaller node reach across to others; or modules of one CPU have failed.',
    ),
    nextStep: text(
      '对照内存条清单与 BMC 日志,按 CPU 均分内存。',
      'Compare with the modules and the BMC’s event log; give every CPU the same.',
    ),
  })
  return [finding]
}

/** Returns a finding where tasks wait for memory on one node while another has plenty (rule D6). */
export function assessNumaPlacement(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const nodes = (outcomeValue(memory.numa) ?? []).filter(({ totalBytes }) => totalBytes > 0)
  const pressure = outcomeValue(memory.pressure)
  if (nodes.length < 2 || pressure === null) return []
  if (pressure.someAvg60Percent <= MEMORY_LIMITS.pressureSomePercent.limit) return []
  const freeRatio = ({ freeBytes, totalBytes }: NumaNode): number => freeBytes / totalBytes
  const short = nodes.find((node) => freeRatio(node) < MEMORY_LIMITS.numaShortFreeRatio.limit)
  const roomy = nodes.find((node) => freeRatio(node) > MEMORY_LIMITS.numaFreeElsewhereRatio.limit)
  if (short === undefined || roomy === undefined) return []
  const free = (node: NumaNode) => percentText(100 * freeRatio(node))
  const finding = makeFinding(input, {
    ...COMPONENT,
    rule: 'memory.numa_placement',
    severity: 'warning',
    title: text(
      `NUMA 节点 node${short.node} 仅空闲 ${free(short)},而 node${roomy.node} 空闲 ${free(roomy)},同时有任务在等待内存`,
      `NUMA node${short.node} has ${free(short)} free while node${roomy.node} has ${free(roomy)}, and tasks wait for memory`,
    ),
    cause: text(
      '缺的是放置而不是总量:进程绑定在一个节点上。',
      'It is the placement that is short, not the total: processes are bound to one node.',
    ),
    nextStep: text(
      '检查 numactl、cpuset 与 zone_reclaim_mode,先不要扩容。',
      'Look at numactl, cpusets and zone_reclaim_mode before adding memory.',
    ),
    evidenceIds: ['memory.numa', 'memory.pressure'],
  })
  return [finding]
}
