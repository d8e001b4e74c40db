import type { ListedServer, StaleServer } from '../../domain/assessment.ts'
import type { MaintenanceNow } from '../../domain/inventory-fields.ts'
import type { FilesystemShare, MetricSample } from '../../domain/metrics.ts'
import { serverKey } from '../../domain/server.ts'
import { type ServerThresholds, thresholdsFor } from '../../domain/thresholds.ts'
import { METRIC_LIMITS } from '../metrics/metric-limits.ts'
import { maintenanceFinder } from '../server/maintenance-at.ts'
import type { FleetNowInput } from './fleet-input.ts'

/** A server that is to be judged, with what it is judged by. */
interface JudgedServer {
  readonly server: ListedServer
  readonly thresholds: ServerThresholds
  readonly maintenance: MaintenanceNow | null
}

/** A server with a sample young enough to judge by. */
export interface FreshServer extends JudgedServer {
  readonly key: string
  readonly sample: MetricSample
  /** As last read, fullest first; empty when not known. */
  readonly filesystems: readonly FilesystemShare[]
}

/** A server whose newest samples claim a time more than 5 minutes from now. */
export interface AheadServer {
  readonly server: ListedServer
  readonly collectedAt: Date
}

export interface ClassifiedServers {
  readonly fresh: readonly FreshServer[]
  readonly stale: readonly StaleServer[]
  readonly ahead: readonly AheadServer[]
  /** Servers whose young sample holds no share at all; they stand in `stale` as `too_old`. */
  readonly empty: readonly ListedServer[]
}

/**
 * Returns every server that is to be judged, in exactly one of `fresh` and `stale`: the enabled ones of the inventory
 * and those known only from their samples. Disabled ones are left out. `ahead` names, beside that, whose clock is ahead,
 * and `empty` whose young sample measured nothing, which says no more than an old one.
 */
export function classifyServers(input: FleetNowInput): ClassifiedServers {
  const samples = latestUsable(input)
  const ahead = latestAhead(input)
  const fresh: FreshServer[] = []
  const stale: StaleServer[] = []
  const aheadServers: AheadServer[] = []
  const empty: ListedServer[] = []
  for (const [key, judged] of listServers(input, [...samples.values(), ...ahead.values()])) {
    const { server, maintenance } = judged
    const sample = samples.get(key)
    const aheadAt = ahead.get(key)?.collectedAt
    if (aheadAt !== undefined) aheadServers.push({ server, collectedAt: aheadAt })
    const isYoung =
      sample !== undefined && input.now.getTime() - sample.collectedAt.getTime() <= input.maxAgeMs
    if (isYoung && !holdsAnything(sample)) empty.push(server)
    if (isYoung && holdsAnything(sample))
      fresh.push({ ...judged, key, sample, filesystems: input.filesystems.get(key) ?? [] })
    else if (aheadAt !== undefined)
      stale.push({ server, maintenance, lastCollectedAt: aheadAt, reason: 'clock_ahead' })
    else if (sample !== undefined)
      stale.push({ server, maintenance, lastCollectedAt: sample.collectedAt, reason: 'too_old' })
    else stale.push({ server, maintenance, lastCollectedAt: null, reason: 'never_collected' })
  }
  return { fresh, stale, ahead: aheadServers, empty }
}

const holdsAnything = ({ cpuPercent, memoryPercent, diskPercent }: MetricSample): boolean =>
  cpuPercent !== null || memoryPercent !== null || diskPercent !== null

interface Identity {
  readonly bkCloudId: number
  readonly ip: string
}

function listServers(
  { servers, group, policy, asked, now }: FleetNowInput,
  seen: readonly Identity[],
): ReadonlyMap<string, JudgedServer> {
  const listed = new Map<string, JudgedServer>()
  const findMaintenance = maintenanceFinder(now)
  const inInventory = new Set(servers.map((server) => serverKey(server.bkCloudId, server.ip)))
  for (const one of servers) {
    const { id, bkCloudId, ip, name, group: own, enabled } = one
    if (!enabled || (group !== null && own !== group)) continue
    listed.set(serverKey(bkCloudId, ip), {
      server: { serverId: id, bkCloudId, ip, name, group: own },
      thresholds: thresholdsFor(one, policy, asked),
      maintenance: findMaintenance(one.maintenanceWindows),
    })
  }
  if (group !== null) return listed
  const thresholds = thresholdsFor({ group: null, thresholds: null }, policy, asked)
  for (const { bkCloudId, ip } of seen) {
    const key = serverKey(bkCloudId, ip)
    if (inInventory.has(key)) continue
    const server = { serverId: null, bkCloudId, ip, name: null, group: null }
    listed.set(key, { server, thresholds, maintenance: null })
  }
  return listed
}

const isAhead = (collectedAt: Date, now: Date): boolean =>
  collectedAt.getTime() - now.getTime() > METRIC_LIMITS.clockAheadMs.limit

function latestUsable({ latest, now }: FleetNowInput): ReadonlyMap<string, MetricSample> {
  const byKey = new Map<string, MetricSample>()
  for (const sample of latest.samples) {
    if (isAhead(sample.collectedAt, now)) continue
    const key = serverKey(sample.bkCloudId, sample.ip)
    const kept = byKey.get(key)
    if (kept === undefined || isLater(sample, kept)) byKey.set(key, sample)
  }
  return byKey
}

/** Ties go to the highest id; ids are decimal and may differ in length. */
function isLater(a: MetricSample, b: MetricSample): boolean {
  const elapsedMs = a.collectedAt.getTime() - b.collectedAt.getTime()
  if (elapsedMs !== 0) return elapsedMs > 0
  return a.id.length === b.id.length ? a.id > b.id : a.id.length > b.id.length
}

function latestAhead({ latest, now }: FleetNowInput): ReadonlyMap<string, Identity & { collectedAt: Date }> {
  const byKey = new Map<string, Identity & { collectedAt: Date }>()
  for (const one of [...latest.ahead, ...latest.samples]) {
    const { bkCloudId, ip, collectedAt } = one
    const key = serverKey(bkCloudId, ip)
    const kept = byKey.get(key)
    if (isAhead(collectedAt, now) && (kept === undefined || kept.collectedAt < collectedAt))
      byKey.set(key, { bkCloudId, ip, collectedAt })
  }
  return byKey
}
