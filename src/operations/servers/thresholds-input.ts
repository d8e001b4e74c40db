import { z } from 'zod'
import { type Text, text } from '../../domain/text.ts'
import type { OwnThresholds } from '../../domain/thresholds.ts'

/** Our own choice: more mount points than any server of a fleet needs, and a cell of a table holds them. */
const MOST_MOUNTS = 50
/** Longer mount points are no places of data. */
const MOST_MOUNT_LENGTH = 255

const limit = z.number().optional()

/** Limits of one server as callers write them; which values are allowed is for {@link areThresholds} to say. */
export const ownThresholdsSchema = z.strictObject({
  cpu_percent: limit,
  memory_percent: limit,
  disk_percent: limit,
  network_percent: limit,
  mounts: z.record(z.string(), z.number()).optional(),
})
export type ThresholdsInput = z.output<typeof ownThresholdsSchema>

/** What limits may be. */
export const THRESHOLDS_ALLOWED: Text = text(
  `至少一项 cpu_percent、memory_percent、disk_percent、network_percent,或 mounts(挂载点 → 百分比,最多 ${MOST_MOUNTS} 个),各为 0 至 100`,
  `at least one of cpu_percent, memory_percent, disk_percent, network_percent, or mounts (mount point → percent, at most ${MOST_MOUNTS}), each 0 to 100`,
)

const isLimit = (percent: number): boolean => Number.isFinite(percent) && percent >= 0 && percent <= 100

const isMountPoint = (mount: string): boolean =>
  mount.startsWith('/') &&
  mount.length <= MOST_MOUNT_LENGTH &&
  mount.trim() === mount &&
  !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(mount)

/** True for limits that can be: at least one, each a share, mount points that are paths. */
export function areThresholds({ mounts, ...shares }: OwnThresholds): boolean {
  const places = Object.entries(mounts ?? {})
  const limits = [...Object.values(shares), ...places.map(([, percent]) => percent)]
  return (
    limits.length > 0 &&
    limits.every(isLimit) &&
    places.length <= MOST_MOUNTS &&
    places.every(([mount]) => isMountPoint(mount))
  )
}

/** Returns the limits that an input stands for; what the input leaves out is left out. */
export const toThresholds = (given: ThresholdsInput): OwnThresholds => ({
  ...(given.cpu_percent === undefined ? {} : { cpuPercent: given.cpu_percent }),
  ...(given.memory_percent === undefined ? {} : { memoryPercent: given.memory_percent }),
  ...(given.disk_percent === undefined ? {} : { diskPercent: given.disk_percent }),
  ...(given.network_percent === undefined ? {} : { networkPercent: given.network_percent }),
  ...(given.mounts === undefined ? {} : { mounts: given.mounts }),
})
