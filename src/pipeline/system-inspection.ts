import { assessFleet, hasMountLimits, lowestLimits, selectForHistory } from '../analyse/fleet/assess-fleet.ts'
import type { FleetNowInput } from '../analyse/fleet/fleet-input.ts'
import { assessServer } from '../analyse/server/assess-server.ts'
import type { FleetAssessment } from '../domain/assessment.ts'
import type { FilesystemShare, MetricSample } from '../domain/metrics.ts'
import { type InventoryServer, serverKey } from '../domain/server.ts'
import { inBothLanguages, type Language } from '../domain/text.ts'
import { type Thresholds, thresholdsFor } from '../domain/thresholds.ts'
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
  /** Limits that the call asks for: they hold for every server; those left out are the ones in force for each. */
  readonly asked: Partial<Thresholds>
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
  const limits: FleetNowInput = {
    servers,
    latest,
    policy: context.thresholds,
    asked: input.asked,
    filesystems: new Map(),
    maxAgeMs: input.maxAgeMs ?? usualMaxAgeMs(context.metricsIntervalMs),
    now,
    group: input.group,
  }
  const base = {
    ...limits,
    filesystems: hasMountLimits(limits) ? await readFilesystems(context, limits) : limits.filesystems,
    exceededLately: await store.samples.exceeding(lowestLimits(limits), since, now),
  }
  const histories = new Map<string, readonly MetricSample[]>()
  for (const server of selectForHistory(base)) {
    context.signal.throwIfAborted()
    histories.set(serverKey(server.bkCloudId, server.ip), await store.samples.history(server, since, now))
  }
  const assessment = assessFleet({ ...base, histories })
  const environment = await assessEnvironment(context, servers, input.group)
  const documents = inBothLanguages((language) =>
    buildSystemDocument({ assessment, environment, context: { language, timeZone: context.timeZone, now } }),
  )
  return { assessment, documents }
}

/** Shares of one instant that two writers measured differ by less: df rounds up to whole points. */
const SAME_SHARE_PERCENT = 1

/** Returns the filesystems of servers as they were read with their latest sample, or about then and just as full. */
async function readFilesystems(
  context: PipelineContext,
  { servers, latest, maxAgeMs }: FleetNowInput,
): Promise<FleetNowInput['filesystems']> {
  const samples = new Map(latest.samples.map((sample) => [serverKey(sample.bkCloudId, sample.ip), sample]))
  const byId = new Map(servers.map((server) => [server.id, server]))
  const found = new Map<string, readonly FilesystemShare[]>()
  for (const { serverId, reading } of await context.store.readings.list()) {
    const server = byId.get(serverId)
    if (server === undefined || reading.disk?.filesystems === undefined) continue
    const key = serverKey(server.bkCloudId, server.ip)
    const sample = samples.get(key)
    if (sample === undefined || sample.diskPercent === null) continue
    const apartMs = Math.abs(sample.collectedAt.getTime() - reading.collectedAt.getTime())
    const apartPercent = Math.abs(sample.diskPercent - reading.disk.usedPercent)
    if (apartMs > maxAgeMs || apartPercent > SAME_SHARE_PERCENT) continue
    found.set(key, reading.disk.filesystems)
  }
  return found
}

async function assessEnvironment(
  context: PipelineContext,
  inventory: readonly InventoryServer[],
  group: string | null,
) {
  const servers = new Map(inventory.map((server) => [server.id, server]))
  const now = context.clock.now()
  const rows = await context.store.inspections.latestSensors()
  return rows.flatMap((inspection) => {
    const server = servers.get(inspection.serverId)
    if (server === undefined || !server.enabled || (group !== null && server.group !== group)) return []
    return [assessServer({ server, inspection, thresholds: thresholdsFor(server, context.thresholds), now })]
  })
}
