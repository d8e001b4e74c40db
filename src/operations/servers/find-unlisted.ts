import type { MetricSample } from '../../domain/metrics.ts'
import { serverKey } from '../../domain/server.ts'
import { findNewestSamples } from '../../pipeline/newest-samples.ts'
import type { ServiceContext } from '../../services/context.ts'

/** A machine that has samples and is not in the inventory. */
export interface UnlistedServer {
  readonly bkCloudId: number
  readonly ip: string
  /** Null when all its samples lie ahead of our clock. */
  readonly sample: MetricSample | null
}

/** Returns the machines that are known only from metrics, by address, then cloud area. */
export async function findUnlisted(
  context: Pick<ServiceContext, 'store' | 'clock'>,
): Promise<readonly UnlistedServer[]> {
  const newest = await findNewestSamples(context)
  const listed = new Set(
    (await context.store.servers.list()).map(({ bkCloudId, ip }) => serverKey(bkCloudId, ip)),
  )
  return newest.identities
    .filter(({ bkCloudId, ip }) => !listed.has(serverKey(bkCloudId, ip)))
    .map(({ bkCloudId, ip }) => ({
      bkCloudId,
      ip,
      sample: newest.byServer.get(serverKey(bkCloudId, ip)) ?? null,
    }))
}
