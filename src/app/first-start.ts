import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '../domain/actor.ts'
import type { Server } from '../domain/server.ts'
import { collectMetrics } from '../pipeline/collect-metrics.ts'
import type { PipelineContext } from '../pipeline/context.ts'
import { startFullInspection } from '../pipeline/full-inspection.ts'
import { describeThisMachine } from './this-machine.ts'

/** CPU and network shares need two readings; over this span (on our side) the start-up's own work weighs little. */
const BETWEEN_READINGS_MS = 5_000

/** Registers this machine when the inventory is empty. Returns it when it was new, else null. */
export async function registerThisMachine(context: PipelineContext): Promise<Server | null> {
  const known = await context.store.servers.list()
  if (known.length > 0) return null
  return await context.store.servers.register({ ...describeThisMachine(), registeredAt: context.clock.now() })
}

/** Reads the metrics of every server, twice where the CPU share needs an earlier reading that there is none of. */
export async function collectFirst(context: PipelineContext): Promise<void> {
  const servers = (await context.store.servers.list()).filter((server) => server.enabled)
  const collections = await collectMetrics(context, servers)
  if (!collections.some(({ values }) => values !== null && values.cpuPercent === null)) return
  await sleep(BETWEEN_READINGS_MS, undefined, { signal: context.signal })
  await collectMetrics(context, servers)
}

/** Inspects every server in full; resolves to the run as it ended. */
export async function inspectEverything(context: PipelineContext, startedBy: Actor) {
  const input = { thresholds: {}, ips: null, group: null, scope: 'all' } as const
  return await startFullInspection(context, input, startedBy)
}
