import { z } from 'zod'
import type { MaintenanceWindow } from '../../domain/inventory-fields.ts'
import type { ServerChange } from '../../domain/server.ts'
import type { OwnThresholds } from '../../domain/thresholds.ts'
import { toServerChange, type WindowInput, windowsSchema } from './server-input.ts'
import { ownThresholdsSchema, type ThresholdsInput } from './thresholds-input.ts'

/** Returns a window as callers write it, its fields always in the same order. */
export const toWindowInput = (window: MaintenanceWindow): WindowInput =>
  'weekdays' in window
    ? { weekdays: [...window.weekdays], from: window.from, to: window.to, time_zone: window.timeZone }
    : { start_at: window.startAt.toISOString(), end_at: window.endAt.toISOString() }

/** Returns limits as callers write them, in a fixed order; what is not set is left out. */
export function toThresholdsInput(thresholds: OwnThresholds): ThresholdsInput {
  const { cpuPercent, memoryPercent, diskPercent, networkPercent, mounts } = thresholds
  const inOrder = Object.entries(mounts ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    ...(cpuPercent === undefined ? {} : { cpu_percent: cpuPercent }),
    ...(memoryPercent === undefined ? {} : { memory_percent: memoryPercent }),
    ...(diskPercent === undefined ? {} : { disk_percent: diskPercent }),
    ...(networkPercent === undefined ? {} : { network_percent: networkPercent }),
    ...(inOrder.length === 0 ? {} : { mounts: Object.fromEntries(inOrder) }),
  }
}

/** Returns the windows as one cell of a table: JSON; the empty text for none. */
export const windowsCell = (windows: readonly MaintenanceWindow[]): string =>
  windows.length === 0 ? '' : JSON.stringify(windows.map(toWindowInput))

/** Returns the limits as one cell of a table: JSON; the empty text for none. */
export const thresholdsCell = (thresholds: OwnThresholds | null): string =>
  thresholds === null ? '' : JSON.stringify(toThresholdsInput(thresholds))

const cellsSchema = { maintenance_windows: windowsSchema, thresholds: ownThresholdsSchema } as const
/** Fields whose cells hold JSON. */
export type JsonCell = keyof typeof cellsSchema

/** Returns what a cell of {@link windowsCell} or {@link thresholdsCell} says; null when it is not of that form. */
export function readJsonCell(field: JsonCell, cell: string): ServerChange | null {
  const json = parseJson(cell)
  const parsed = z.strictObject({ [field]: cellsSchema[field] }).safeParse({ [field]: json })
  return parsed.success ? toServerChange(parsed.data) : null
}

/** Undefined, which no cell means, for what is no JSON. */
function parseJson(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
