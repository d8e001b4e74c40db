import { assessFleet, selectForHistory } from '../analyse/fleet/assess-fleet.ts'
import { assessServer } from '../analyse/server/assess-server.ts'
import type { FleetAssessment } from '../domain/assessment.ts'
import type { MetricSample } from '../domain/metrics.ts'
import { serverKey } from '../domain/server.ts'
import { inBothLanguages, type Language } from '../domain/text.ts'
import type { Thresholds } from '../domain/thresholds.ts'
import { buildSystemDocument, type SystemDocument } from '../report/documents/system-document.ts'
import type { PipelineContext } from './context.ts'

/** A sample further ahead of our clock than this is ignored, with a finding (product specification §6, service 001). */
export const CLOCK_TOLERANCE_MS = 5 * 60_000
/** Servers that were above a threshold within this span and are not now are listed as recovered. */
const RECOVERY_WINDOW_MS = 24 * 3_600_000
/** No server is called stale before this age. */
const MINIMUM_MAX_AGE_MS = 5 * 60_000

/** Returns the age above which a sample is called stale when nothing else is asked for. */
export const usualMaxAgeMs = (metricsIntervalMs: number): number =>
  Math.max(MINIMUM_MAX_AGE_MS, 3 * metricsIntervalMs)

export interface SystemInspectionInput {
  readonly thresholds: Thresholds
  readonly group: string | null
  /** Null means max(5 min, 3 × the usual interval). */
  readonly maxAgeMs: number | null
}

/** Returns what service 001 says: the latest sample of each server against the thresholds, and who sent none. Reads only. */
export async function inspectSystem(
  context: PipelineContext,
  input: SystemInspectionInput,
): Promise<{
  readonly assessment: FleetAssessment
  readonly documents: Readonly<Record<Language, SystemDocument>>
}> {
  const now = context.clock.now()
  const { store } = context
  const servers = await store.servers.list()
  const latest = await store.samples.latestPerServer(new Date(now.getTime() + CLOCK_TOLERANCE_MS))
  const since = new Date(now.getTime() - RECOVERY_WINDOW_MS)
  const base = {
    servers,
    latest,
    exceededLately: await store.samples.exceeding(input.thresholds, since, now),
    thresholds: input.thresholds,
    maxAgeMs: input.maxAgeMs ?? usualMaxAgeMs(context.metricsIntervalMs),
    now,
    group: input.group,
  }
  const histories = new Map<string, readonly MetricSample[]>()
  for (const server of selectForHistory(base)) {
    context.signal.throwIfAborted()
    histories.set(serverKey(server.bkCloudId, server.ip), await store.samples.history(server, since, now))
  }
  const assessment = assessFleet({ ...base, histories })
  const environment = await assessEnvironment(context, input.group)
  const documents = inBothLanguages((language) =>
    buildSystemDocument({ assessment, environment, context: { language, timeZone: context.timeZone, now } }),
  )
  return { assessment, documents }
}

async function assessEnvironment(context: PipelineContext, group: string | null) {
  const servers = new Map((await context.store.servers.list()).map((server) => [server.id, server]))
  const now = context.clock.now()
  const rows = await context.store.inspections.latestSensors()
  return rows.flatMap((inspection) => {
    const server = servers.get(inspection.serverId)
    if (server === undefined || !server.enabled || (group !== null && server.group !== group)) return []
    return [assessServer({ server, inspection, thresholds: context.thresholds, now })]
  })
}
