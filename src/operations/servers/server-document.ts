import { z } from 'zod'
import type { MaintenanceWindow } from '../../domain/inventory-fields.ts'
import type { InventoryServer } from '../../domain/server.ts'
import type { Language } from '../../domain/text.ts'
import type { OwnThresholds } from '../../domain/thresholds.ts'
import { formatLocalTime } from '../../lib/format-local-time.ts'
import { escapeMarkdown } from '../../report/markdown.ts'
import { markdownTable } from '../../report/markdown-table.ts'

const windowSchema = z.union([
  z.strictObject({
    weekdays: z.array(z.number().int()),
    from: z.string(),
    to: z.string(),
    time_zone: z.string(),
  }),
  z.strictObject({ start_at: z.string(), end_at: z.string() }),
])

const limit = z.number().nullable()
const word = z.string().nullable()

/** A server of the inventory with all its fields; null means not given. */
export const serverRowSchema = z.strictObject({
  server_id: z.string(),
  ip: z.string(),
  bk_cloud_id: z.number().int().describe('云区域,0 为默认 / cloud area, 0 is the default one'),
  name: z.string(),
  transport: z.enum(['local', 'ssh']),
  group: word,
  enabled: z.boolean(),
  registered_at: z.string(),
  port: z.number().int().nullable().describe('null 表示配置的默认端口 / null is the configured default'),
  credential: word,
  jump_host: word,
  tags: z.array(z.string()),
  os: word,
  role: word,
  maintenance_windows: z.array(windowSchema),
  owner: word,
  serial_number: word,
  rack: word,
  rack_unit: z.number().int().nullable(),
  warranty_end_day: word,
  note: word,
  thresholds: z
    .strictObject({
      cpu_percent: limit,
      memory_percent: limit,
      disk_percent: limit,
      network_percent: limit,
      mounts: z.record(z.string(), z.number()).describe('挂载点的磁盘阈值 / disk limits of mount points'),
    })
    .nullable(),
})
export type ServerRow = z.output<typeof serverRowSchema>

const toWindowRow = (window: MaintenanceWindow): z.output<typeof windowSchema> =>
  'weekdays' in window
    ? { weekdays: [...window.weekdays], from: window.from, to: window.to, time_zone: window.timeZone }
    : { start_at: window.startAt.toISOString(), end_at: window.endAt.toISOString() }

const toThresholdsRow = (thresholds: OwnThresholds) => ({
  cpu_percent: thresholds.cpuPercent ?? null,
  memory_percent: thresholds.memoryPercent ?? null,
  disk_percent: thresholds.diskPercent ?? null,
  network_percent: thresholds.networkPercent ?? null,
  mounts: { ...thresholds.mounts },
})

/** Returns the server as operations answer it; its instant of registration in the time zone. */
export const toServerRow = (server: InventoryServer, timeZone: string): ServerRow => ({
  server_id: server.id,
  ip: server.ip,
  bk_cloud_id: server.bkCloudId,
  name: server.name,
  transport: server.transport,
  group: server.group,
  enabled: server.enabled,
  registered_at: formatLocalTime(server.registeredAt, timeZone),
  port: server.port,
  credential: server.credential,
  jump_host: server.jumpHost,
  tags: [...server.tags],
  os: server.os,
  role: server.role,
  maintenance_windows: server.maintenanceWindows.map(toWindowRow),
  owner: server.owner,
  serial_number: server.serialNumber,
  rack: server.rack,
  rack_unit: server.rackUnit,
  warranty_end_day: server.warrantyEndDay,
  note: server.note,
  thresholds: server.thresholds === null ? null : toThresholdsRow(server.thresholds),
})

/** Returns servers as a Markdown table. */
export function serverTable(servers: readonly ServerRow[], language: Language): string {
  const head =
    language === 'zh'
      ? ['IP', '云区域', '名称', '方式', '分组', '标签', '启用']
      : ['IP', 'Cloud area', 'Name', 'Transport', 'Group', 'Tags', 'Enabled']
  return markdownTable(
    head,
    servers.map((server) => [
      escapeMarkdown(server.ip),
      String(server.bk_cloud_id),
      escapeMarkdown(server.name),
      server.transport,
      escapeMarkdown(server.group ?? '-'),
      escapeMarkdown(server.tags.join(', ')),
      server.enabled ? '✓' : '✗',
    ]),
  )
}
