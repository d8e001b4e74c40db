import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { judgeNpu, missingGpus, narrowLinks } from './bus-rules.ts'
import { judgeNvidiaGpu } from './nvidia-rules.ts'
import { judgeXids } from './xid-rules.ts'

/**
 * Returns what is wrong with a server's GPUs and NPUs: ECC errors, memory that cannot be replaced, heat and throttling,
 * narrow links, cards that are gone, and faults in the kernel log. What was not read is not judged.
 */
export function assessGpu(input: AssessmentInput): readonly Finding[] {
  const { gpu } = input.inspection.facts
  if (gpu === undefined) return []
  const drafts = [
    ...missingGpus(gpu),
    ...(outcomeValue(gpu.nvidia)?.gpus ?? []).flatMap(judgeNvidiaGpu),
    ...narrowLinks(outcomeValue(gpu.pci) ?? []),
    ...(outcomeValue(gpu.npu) ?? []).flatMap(judgeNpu),
  ]
  return [
    ...drafts.map((draft) => makeFinding(input, draft)),
    ...judgeXids(input, outcomeValue(gpu.xid)?.events ?? []),
  ]
}
