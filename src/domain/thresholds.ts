import { type Text, text } from './text.ts'

/** Limits above which a share (percent 0–100) is called abnormal. Defaults from the product specification §3. */
export interface Thresholds {
  readonly cpuPercent: number
  readonly memoryPercent: number
  readonly diskPercent: number
  readonly networkPercent: number
}

/** Limits of one server in place of the configured ones. */
export interface OwnThresholds extends Partial<Thresholds> {
  /** Disk limits of its filesystems by mount point; percent. */
  readonly mounts?: Readonly<Record<string, number>>
}

/** The configured limits: those of every server, and what stands in their place for groups and mount points. */
export interface ThresholdPolicy extends Thresholds {
  /** By name of a group; absent: none. */
  readonly groups?: ReadonlyMap<string, Partial<Thresholds>>
  /** Disk limits by mount point, on every server; absent: none. */
  readonly mounts?: ReadonlyMap<string, number>
}

/** Where a limit comes from: the call, a mount point, the server, its group, or the configuration's own value. */
export const THRESHOLD_SOURCES = ['call', 'mount', 'server', 'group', 'configuration'] as const
export type ThresholdSource = (typeof THRESHOLD_SOURCES)[number]

/** Where a limit comes from, in words; null for the configuration's own value, which needs none. */
export const THRESHOLD_SOURCE_TEXTS: Readonly<Record<ThresholdSource, Text | null>> = {
  call: text('本次调用', 'this call'),
  mount: text('该挂载点', 'this mount point'),
  server: text('本机设定', 'this server'),
  group: text('分组设定', 'its group'),
  configuration: null,
}

/** A limit in force; percent. */
export interface Limit {
  readonly percent: number
  readonly source: ThresholdSource
}

/** The limits in force for one server. */
export interface ServerThresholds extends Thresholds {
  readonly sources: Readonly<Record<keyof Thresholds, ThresholdSource>>
  /** Limits of single mount points in place of `diskPercent`. */
  readonly mounts: ReadonlyMap<string, Limit>
}

/** What decides the limits of a server; a machine that is not in the inventory has neither. */
export interface ThresholdOwner {
  readonly group: string | null
  readonly thresholds: OwnThresholds | null
}

const NO_MOUNTS: ReadonlyMap<string, Limit> = new Map()

/**
 * Returns the limits in force for a server. The narrower one wins: what the call asks for, then the server's own, then
 * its group's, then the configured one; of a filesystem the limit of its mount point (the server's before the
 * configured one) wins over the server's disk limit. What a call asks for holds for every server and every mount
 * point, because whoever asks "above 90" means all that is above 90.
 */
export function thresholdsFor(
  { group, thresholds: own }: ThresholdOwner,
  policy: ThresholdPolicy,
  asked: Partial<Thresholds> = {},
): ServerThresholds {
  const ofGroup = group === null ? undefined : policy.groups?.get(group)
  const pick = (name: keyof Thresholds): Limit => {
    const [inCall, inServer, inGroup] = [asked[name], own?.[name], ofGroup?.[name]]
    if (inCall !== undefined) return { percent: inCall, source: 'call' }
    if (inServer !== undefined) return { percent: inServer, source: 'server' }
    if (inGroup !== undefined) return { percent: inGroup, source: 'group' }
    return { percent: policy[name], source: 'configuration' }
  }
  const [cpu, memory, disk, network] = [
    pick('cpuPercent'),
    pick('memoryPercent'),
    pick('diskPercent'),
    pick('networkPercent'),
  ]
  return {
    cpuPercent: cpu.percent,
    memoryPercent: memory.percent,
    diskPercent: disk.percent,
    networkPercent: network.percent,
    sources: {
      cpuPercent: cpu.source,
      memoryPercent: memory.source,
      diskPercent: disk.source,
      networkPercent: network.source,
    },
    mounts: asked.diskPercent === undefined ? mountLimits(own, policy) : NO_MOUNTS,
  }
}

function mountLimits(own: OwnThresholds | null, policy: ThresholdPolicy): ReadonlyMap<string, Limit> {
  const configured = [...(policy.mounts ?? [])]
  const ofServer = Object.entries(own?.mounts ?? {})
  if (configured.length === 0 && ofServer.length === 0) return NO_MOUNTS
  return new Map(
    [...configured, ...ofServer].map(([mount, percent]) => [mount, { percent, source: 'mount' }]),
  )
}

/** Returns the disk limit of the filesystem at a mount point; null for a mount point that is not known. */
export const diskLimitAt = (thresholds: ServerThresholds, mount: string | null): Limit =>
  (mount === null ? undefined : thresholds.mounts.get(mount)) ?? {
    percent: thresholds.diskPercent,
    source: thresholds.sources.diskPercent,
  }

/** Returns the lowest disk limit that any filesystem of the server may have; percent. */
export const lowestDiskPercent = ({ diskPercent, mounts }: ServerThresholds): number =>
  [...mounts.values()].reduce((lowest, { percent }) => Math.min(lowest, percent), diskPercent)
