import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '../domain/actor.ts'
import type { Server } from '../domain/server.ts'
import { collectMetrics } from '../pipeline/collect-metrics.ts'
import type { PipelineContext } from '../pipeline/context.ts'
import { startFullInspection } from '../pipeline/full-inspection.ts'
import { describeThisMachine } from './this-machine.ts'

/** CPU and network shares need two readings at least a second apart; this is the wait between them, on our side. */
const BETWEEN_READINGS_MS = 1_500

/** Registers this machine when the inventory is empty. Returns it when it was new, else null. */
export async function registerThisMachine(context: PipelineContext): Promise<Server | null> {
  const known = await context.store.servers.list()
  if (known.length > 0) return null
  return await context.store.servers.register({ ...describeThisMachine(), registeredAt: context.clock.now() })
}

/** Takes two readings of every server, so that CPU and network have values. */
export async function collectTwice(context: PipelineContext): Promise<void> {
  const servers = (await context.store.servers.list()).filter((server) => server.enabled)
  await collectMetrics(context, servers)
  await sleep(BETWEEN_READINGS_MS, undefined, { signal: context.signal })
  await collectMetrics(context, servers)
}

/** Inspects every server in full; resolves to the run as it ended. */
export async function inspectEverything(context: PipelineContext, startedBy: Actor) {
  const input = { thresholds: context.thresholds, ips: null, group: null, scope: 'all' } as const
  return await startFullInspection(context, input, startedBy)
}
