import type { MetricSample } from '../domain/metrics.ts'
import { serverKey } from '../domain/server.ts'
import type { ServerIdentity } from '../store/repositories.ts'
import type { PipelineContext } from './context.ts'
import { CLOCK_TOLERANCE_MS } from './system-inspection.ts'

/** Everything of which there are samples, and the newest of each. */
export interface NewestSamples {
  /** By {@link serverKey}; samples ahead of our clock (see service 001) are not among them. */
  readonly byServer: ReadonlyMap<string, MetricSample>
  /** Every machine with a sample, also those whose samples are all ahead of our clock; by address, then cloud area. */
  readonly identities: readonly ServerIdentity[]
}

/** Returns the newest sample of every machine, in the inventory or not. Reads only, by the index. */
export async function findNewestSamples(
  context: Pick<PipelineContext, 'store' | 'clock'>,
): Promise<NewestSamples> {
  const notAfter = new Date(context.clock.now().getTime() + CLOCK_TOLERANCE_MS)
  const { samples, ahead } = await context.store.samples.latestPerServer(notAfter)
  const byServer = new Map(samples.map((sample) => [serverKey(sample.bkCloudId, sample.ip), sample]))
  const identities = new Map(
    [...samples, ...ahead].map(({ bkCloudId, ip }) => [serverKey(bkCloudId, ip), { bkCloudId, ip }]),
  )
  return {
    byServer,
    identities: [...identities.values()].sort((a, b) =>
      a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.bkCloudId - b.bkCloudId,
    ),
  }
}
