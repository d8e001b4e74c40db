import type { InventoryServer } from '../domain/server.ts'
import type { PipelineContext } from './context.ts'
import { selectServers } from './select-servers.ts'
import { inspectSystem } from './system-inspection.ts'

/**
 * Returns the servers named, or, when none are, those of the inventory that a fresh 001 finds above the threshold.
 * Throws SERVER_UNKNOWN for an address that is not in the inventory.
 */
export async function serversAbove(
  context: PipelineContext,
  metric: 'memory' | 'disk',
  ips: readonly string[] | null,
): Promise<readonly InventoryServer[]> {
  if (ips !== null) return await selectServers(context, { ips, group: null })
  const { assessment } = await inspectSystem(context, { asked: {}, group: null, maxAgeMs: null })
  const above = new Set(
    assessment.abnormal
      .filter((server) => server.exceedances.some((exceedance) => exceedance.metric === metric))
      .flatMap(({ server }) => (server.serverId === null ? [] : [server.serverId])),
  )
  return (await context.store.servers.list()).filter((server) => above.has(server.id))
}
