import type { ServerAssessment } from '../../domain/assessment.ts'
import type { InspectionDiff } from '../../domain/changes.ts'
import { bySeverity, type Finding } from '../../domain/finding.ts'
import { diffInspections } from '../changes/diff-inspections.ts'
import { assessClock } from '../clock/assess-clock.ts'
import { assessDisk } from '../disk/assess-disk.ts'
import { outlookOfDrives } from '../disk/drive-outlook.ts'
import { assessSensors } from '../environment/assess-sensors.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { assessGpu } from '../gpu/assess-gpu.ts'
import { assessKernelLog } from '../known-failures/assess-kernel-log.ts'
import { assessMemory } from '../memory/assess-memory.ts'
import { judgeMemoryAreas } from '../memory/memory-areas.ts'
import { assessNetwork } from '../network/assess-network.ts'
import { assessBoots } from './assess-boots.ts'
import { findMissingSections } from './missing-sections.ts'
import { unreachableFinding } from './unreachable.ts'

/**
 * Returns an inspected server with everything found wrong on it by the facts that were read, most severe first, one
 * finding per id (the most severe). Of a server that was not reached nothing else is judged.
 */
export function assessServer(input: AssessmentInput): ServerAssessment {
  const unreachable = unreachableFinding(input)
  const findings = unreachable === null ? findingsOf(input) : [unreachable]
  return {
    server: input.server,
    inspection: input.inspection,
    thresholds: input.thresholds,
    findings,
    driveOutlooks:
      unreachable === null ? outlookOfDrives(input.inspection.facts.disk, input.smartThresholds) : [],
    memoryAreas: unreachable === null ? judgeMemoryAreas(input.inspection, findings) : [],
    changes: unreachable === null ? changesSince(input, findings) : null,
  }
}

const findingsOf = (input: AssessmentInput): readonly Finding[] =>
  mostSevereOfEachId([
    ...assessMemory(input),
    ...assessDisk(input),
    ...assessSensors(input),
    ...assessNetwork(input),
    ...assessGpu(input),
    ...assessClock(input),
    ...assessBoots(input),
    ...assessKernelLog(input),
    ...findMissingSections(input),
  ])

/** The earlier facts are judged by the limits of today, so that a changed limit is no change of the server. */
function changesSince(input: AssessmentInput, findings: readonly Finding[]): InspectionDiff | null {
  const { earlier, inspection } = input
  if (earlier == null) return null
  const then = { ...input, inspection: earlier.inspection, now: earlier.inspection.finishedAt, earlier: null }
  return diffInspections({ earlier, inspection, earlierFindings: findingsOf(then), findings })
}

function mostSevereOfEachId(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<string, Finding>()
  for (const finding of findings.toSorted(bySeverity))
    if (!byId.has(finding.id)) byId.set(finding.id, finding)
  return [...byId.values()]
}
