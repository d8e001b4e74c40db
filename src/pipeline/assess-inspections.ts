import { assessServer } from '../analyse/server/assess-server.ts'
import type { ServerAssessment } from '../domain/assessment.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { Server } from '../domain/server.ts'
import type { PipelineContext } from './context.ts'

/** Returns the judgement of each inspection whose server is among `servers`, in the order of `servers`. */
export function assessInspections(
  context: Pick<PipelineContext, 'thresholds' | 'clock'>,
  servers: readonly Server[],
  inspections: readonly ServerInspection[],
): readonly ServerAssessment[] {
  const byServer = new Map(inspections.map((inspection) => [inspection.serverId, inspection]))
  const now = context.clock.now()
  return servers.flatMap((server) => {
    const inspection = byServer.get(server.id)
    return inspection === undefined
      ? []
      : [assessServer({ server, inspection, thresholds: context.thresholds, now })]
  })
}
