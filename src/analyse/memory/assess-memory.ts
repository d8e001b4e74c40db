import type { Finding } from '../../domain/finding.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { isVirtualMachine } from '../server/is-virtual-machine.ts'
import { assessMemoryCapacity } from './capacity-rules.ts'
import { assessMemoryErrors } from './error-rules.ts'
import { assessHugePages } from './huge-page-rules.ts'
import { assessNumaPlacement, assessNumaSizes } from './numa-rules.ts'
import { assessOomKills } from './oom-rules.ts'
import { assessMemoryPopulation } from './population-rules.ts'
import { assessMemoryUsage } from './usage-rules.ts'

/**
 * Returns what is wrong with a server's memory; empty when its memory was not inspected. Rules on modules and on
 * hardware errors do not hold for virtual machines, whose hardware is invented by the host.
 */
export function assessMemory(input: AssessmentInput): readonly Finding[] {
  const { memory } = input.inspection.facts
  if (memory === undefined) return []
  const usage = [
    ...assessMemoryUsage(input, memory),
    ...assessOomKills(input, memory),
    ...assessHugePages(input, memory),
    ...assessNumaPlacement(input, memory),
  ]
  if (isVirtualMachine(input.inspection)) return usage
  return [
    ...usage,
    ...assessMemoryErrors(input, memory),
    ...assessMemoryPopulation(input, memory),
    ...assessMemoryCapacity(input, memory),
    ...assessNumaSizes(input, memory),
  ]
}
