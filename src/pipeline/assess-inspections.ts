import { assessServer } from '../analyse/server/assess-server.ts'
import type { ServerAssessment } from '../domain/assessment.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { InventoryServer } from '../domain/server.ts'
import { type Thresholds, thresholdsFor } from '../domain/thresholds.ts'
import type { PipelineContext } from './context.ts'
import { readEarlierLooks } from './earlier-looks.ts'

/** Servers whose earlier inspections are in memory at the same time. */
const SERVERS_AT_ONCE = 200

/**
 * Returns the judgement of each inspection whose server is among `servers`, in the order of `servers`, with what
 * changed since its last inspection; `asked` are limits of the call.
 */
export async function assessInspections(
  context: Pick<
    PipelineContext,
    'thresholds' | 'clock' | 'smartThresholds' | 'knownFailures' | 'store' | 'signal'
  >,
  servers: readonly InventoryServer[],
  inspections: readonly ServerInspection[],
  asked: Partial<Thresholds> = {},
): Promise<readonly ServerAssessment[]> {
  const byServer = new Map(inspections.map((inspection) => [inspection.serverId, inspection]))
  const now = context.clock.now()
  const inspected = servers.flatMap((server) => {
    const inspection = byServer.get(server.id)
    return inspection === undefined ? [] : [{ server, inspection }]
  })
  const assessments: ServerAssessment[] = []
  for (let from = 0; from < inspected.length; from += SERVERS_AT_ONCE) {
    context.signal.throwIfAborted()
    const some = inspected.slice(from, from + SERVERS_AT_ONCE)
    const looks = await readEarlierLooks(
      context.store,
      some.map(({ inspection }) => inspection),
    )
    for (const { server, inspection } of some)
      assessments.push(
        assessServer({
          server,
          inspection,
          thresholds: thresholdsFor(server, context.thresholds, asked),
          now,
          earlier: looks.get(server.id) ?? null,
          ...(context.smartThresholds && { smartThresholds: context.smartThresholds }),
          ...(context.knownFailures && { knownFailures: context.knownFailures() }),
        }),
      )
  }
  return assessments
}
