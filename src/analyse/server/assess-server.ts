import type { ServerAssessment } from '../../domain/assessment.ts'
import { bySeverity, type Finding } from '../../domain/finding.ts'
import { assessDisk } from '../disk/assess-disk.ts'
import { assessSensors } from '../environment/assess-sensors.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { assessMemory } from '../memory/assess-memory.ts'
import { findMissingSections } from './missing-sections.ts'
import { unreachableFinding } from './unreachable.ts'

/**
 * Returns an inspected server with everything found wrong on it by the facts that were read, most severe first, one
 * finding per id (the most severe). Of a server that was not reached nothing else is judged.
 */
export function assessServer(input: AssessmentInput): ServerAssessment {
  const unreachable = unreachableFinding(input)
  const findings =
    unreachable === null
      ? [...assessMemory(input), ...assessDisk(input), ...assessSensors(input), ...findMissingSections(input)]
      : [unreachable]
  return {
    server: input.server,
    inspection: input.inspection,
    thresholds: input.thresholds,
    findings: mostSevereOfEachId(findings),
  }
}

function mostSevereOfEachId(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<string, Finding>()
  for (const finding of findings.toSorted(bySeverity))
    if (!byId.has(finding.id)) byId.set(finding.id, finding)
  return [...byId.values()]
}
