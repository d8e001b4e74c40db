import { assessServer } from '../analyse/server/assess-server.ts'
import type { ServerAssessment } from '../domain/assessment.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import { type Thresholds, thresholdsFor } from '../domain/thresholds.ts'
import type { PipelineContext } from './context.ts'

/** Returns the judgement of each inspection whose server is among `servers`, in the order of `servers`; `asked` are limits of the call. */
export function assessInspections(
  context: Pick<PipelineContext, 'thresholds' | 'clock'>,
  servers: readonly InventoryServer[],
  inspections: readonly ServerInspection[],
  asked: Partial<Thresholds> = {},
): readonly ServerAssessment[] {
  const byServer = new Map(inspections.map((inspection) => [inspection.serverId, inspection]))
  const now = context.clock.now()
  return servers.flatMap((server) => {
    const inspection = byServer.get(server.id)
    if (inspection === undefined) return []
    return [
      assessServer({ server, inspection, thresholds: thresholdsFor(server, context.thresholds, asked), now }),
    ]
  })
}
