import { parseMeminfoLines } from '../../formats/meminfo.ts'
import { type ActivityTable, readActivityTable } from './activity-tables.ts'
import { type DfTableRow, readDfTable } from './df-table.ts'
import { type FreeRow, readFreeTable } from './free-table.ts'
import { type LsblkRow, readLsblkTable } from './lsblk-table.ts'
import { type MountRow, readMountLines } from './mount-lines.ts'
import { type PsRow, readPsTable } from './ps-table.ts'
import { readUptimeLine, type UptimeRow } from './uptime-line.ts'

/** What one recorded output of a machine's everyday tools says. */
export type HostRecording =
  | { readonly format: 'df'; readonly rows: readonly DfTableRow[] }
  | { readonly format: 'lsblk'; readonly rows: readonly LsblkRow[] }
  | { readonly format: 'ps'; readonly rows: readonly PsRow[] }
  | { readonly format: 'mount'; readonly rows: readonly MountRow[] }
  | { readonly format: 'free'; readonly rows: readonly FreeRow[] }
  | { readonly format: 'uptime'; readonly row: UptimeRow }
  | { readonly format: 'proc_uptime'; readonly upSeconds: number; readonly idleSeconds: number }
  /** Sizes in bytes by name, as `/proc/meminfo` has them. */
  | { readonly format: 'meminfo'; readonly values: ReadonlyMap<string, number> }
  | ({ readonly format: 'activity' } & ActivityTable)

function readMeminfo(text: string): HostRecording | null {
  const values = /^MemTotal:/m.test(text) ? parseMeminfoLines(text) : new Map<string, number>()
  return values.has('MemTotal') ? { format: 'meminfo', values } : null
}

function readProcUptime(text: string): HostRecording | null {
  const match = /^(\d{1,12}\.\d{2}) (\d{1,15}\.\d{2})\s*$/.exec(text.trimStart())
  return match === null
    ? null
    : { format: 'proc_uptime', upSeconds: Number(match[1]), idleSeconds: Number(match[2]) }
}

function readTables(text: string): HostRecording | null {
  const uptime = readUptimeLine(text)
  if (uptime !== null) return { format: 'uptime', row: uptime }
  const activity = readActivityTable(text)
  if (activity !== null) return { format: 'activity', ...activity }
  const free = readFreeTable(text)
  if (free !== null) return { format: 'free', rows: free }
  const processes = readPsTable(text)
  if (processes !== null) return { format: 'ps', rows: processes }
  const devices = readLsblkTable(text)
  if (devices !== null) return { format: 'lsblk', rows: devices }
  const mounts = readMountLines(text)
  if (mounts !== null) return { format: 'mount', rows: mounts }
  const filesystems = readDfTable(text)
  return filesystems === null ? null : { format: 'df', rows: filesystems }
}

/** Returns what a recorded output says, recognised by its contents; null when it is of no known form. Linear in the text. */
export function readHostRecording(recorded: string): HostRecording | null {
  const text = recorded.replaceAll('\r\n', '\n')
  return readMeminfo(text) ?? readProcUptime(text) ?? readTables(text)
}
