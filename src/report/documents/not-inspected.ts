import type { ServerAssessment } from '../../domain/assessment.ts'

/** Returns the requested addresses for which there is no inspection, each once, in the order asked for. */
export function notInspected(
  assessments: readonly ServerAssessment[],
  requestedIps: readonly string[] | null,
): string[] {
  const inspected = new Set(assessments.map(({ server }) => server.ip))
  return [...new Set(requestedIps ?? [])].filter((ip) => !inspected.has(ip))
}
