import { measureDiskGrowth } from '../analyse/disk/disk-growth.ts'
import type { DiskGrowth, ServerAssessment } from '../domain/assessment.ts'
import { outcomeValue } from '../domain/outcome.ts'
import type { PipelineContext } from './context.ts'

/** How far back growth is measured. */
const WINDOW_MS = 7 * 24 * 3_600_000
/** Samples of so many servers are read for it, those with the fullest filesystems. */
const MOST_SERVERS = 100

/** Returns by server id how fast the fullest filesystem fills; servers whose samples do not say are not in it. */
export async function readDiskGrowth(
  context: Pick<PipelineContext, 'store' | 'clock' | 'signal'>,
  assessments: readonly ServerAssessment[],
): Promise<ReadonlyMap<string, DiskGrowth>> {
  const now = context.clock.now()
  const since = new Date(now.getTime() - WINDOW_MS)
  const fullest = assessments
    .flatMap(({ server, inspection: { facts } }) => {
      const filesystems = facts.disk === undefined ? null : outcomeValue(facts.disk.filesystems)
      if (filesystems === null || filesystems.length === 0) return []
      return [{ server, percent: Math.max(...filesystems.map(({ usedPercent }) => usedPercent)) }]
    })
    .toSorted((one, other) => other.percent - one.percent)
  const found = new Map<string, DiskGrowth>()
  for (const { server, percent } of fullest.slice(0, MOST_SERVERS)) {
    context.signal.throwIfAborted()
    const growth = measureDiskGrowth(await context.store.samples.history(server, since, now), percent)
    if (growth !== null) found.set(server.id, growth)
  }
  return found
}
