import { z } from 'zod'
import type { MaintenanceWindow } from '../../domain/inventory-fields.ts'
import type { ServerChange } from '../../domain/server.ts'
import { ownThresholdsSchema, toThresholds } from './thresholds-input.ts'

/** A window as callers write it; which fields belong together is for {@link checkServerFields} to say. */
const windowSchema = z.strictObject({
  weekdays: z.array(z.number()).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  time_zone: z.string().optional(),
  start_at: z.string().optional(),
  end_at: z.string().optional(),
})

export type WindowInput = z.output<typeof windowSchema>
/** Windows as callers write them. */
export const windowsSchema = z.array(windowSchema)

/** Which machine an operation is about. */
export const cloudAreaField = z
  .number()
  .int()
  .default(0)
  .describe('云区域,0 为默认 / cloud area; 0 is the default one')

/** Addresses that an operation acts on. */
export const addressesField = z
  .array(z.string())
  .min(1)
  .max(5000)
  .describe('服务器 IP 列表 / addresses of the servers')

const word = (description: string) => z.string().optional().describe(description)

/** Fields of a server that can be given and changed; the same for adding and editing. */
export const serverFields = {
  name: word('名称 / name'),
  group: word('分组(平台或集群)/ platform or cluster'),
  transport: z
    .enum(['local', 'ssh'])
    .optional()
    .describe('访问方式:本机或 SSH / how it is reached: this machine itself, or SSH'),
  enabled: z.boolean().optional().describe('是否采集 / whether it is collected from'),
  port: z.number().optional().describe('SSH 端口 / SSH port'),
  credential: word('配置中凭据的名称 / name of a credential of the configuration'),
  jump_host: word('配置中跳板机的名称 / name of a jump host of the configuration'),
  tags: z.array(z.string()).optional().describe('标签 / tags'),
  os: word('操作系统 / operating system'),
  role: word('用途 / role'),
  maintenance_windows: windowsSchema
    .optional()
    .describe(
      '维护窗口:weekdays(1 周一…7 周日)、from、to、time_zone,或 start_at、end_at / maintenance windows: weekdays (1 Monday … 7 Sunday), from, to, time_zone; or start_at, end_at',
    ),
  owner: word('负责人 / owner'),
  serial_number: word('序列号 / serial number'),
  rack: word('机柜 / rack'),
  rack_unit: z.number().optional().describe('最低机柜单元 / lowest rack unit'),
  warranty_end_day: word('保修截止日 YYYY-MM-DD / last day of the warranty'),
  note: word('备注 / note'),
  thresholds: ownThresholdsSchema
    .optional()
    .describe(
      '本机阈值,百分比;mounts:挂载点 → 磁盘阈值 / limits of its own, percent; mounts: mount point → disk limit',
    ),
}

const serverFieldsSchema = z.strictObject(serverFields)
type ServerInput = z.output<typeof serverFieldsSchema>

/** A one-time window without a readable instant has an invalid date, which the check refuses. */
const ISO_WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/
const instant = (value: string | undefined): Date =>
  new Date(value !== undefined && ISO_WITH_OFFSET.test(value) ? value : Number.NaN)

/** What stands half in one form and half in the other is neither: an invalid one-time window. */
function toWindow(given: WindowInput): MaintenanceWindow {
  const { weekdays, from, to, time_zone, start_at, end_at } = given
  const isOneTime = start_at !== undefined || end_at !== undefined
  const isWeekly = weekdays !== undefined && from !== undefined && to !== undefined && time_zone !== undefined
  if (isWeekly && !isOneTime) return { weekdays, from, to, timeZone: time_zone }
  const isMixed = [weekdays, from, to, time_zone].some((part) => part !== undefined)
  return isMixed
    ? { startAt: instant(undefined), endAt: instant(undefined) }
    : { startAt: instant(start_at), endAt: instant(end_at) }
}

/** Returns the change that an input stands for; what the input leaves out is left out. */
export function toServerChange(input: ServerInput): ServerChange {
  const { name, group, transport, enabled, port, credential, tags, os, role, owner, rack, note } = input
  const change = {
    name,
    group,
    transport,
    enabled,
    port,
    credential,
    jumpHost: input.jump_host,
    tags,
    os,
    role,
    maintenanceWindows: input.maintenance_windows?.map(toWindow),
    owner,
    serialNumber: input.serial_number,
    rack,
    rackUnit: input.rack_unit,
    warrantyEndDay: input.warranty_end_day,
    note,
    thresholds: input.thresholds === undefined ? undefined : toThresholds(input.thresholds),
  }
  // Only undefined is taken away; every value left has the type that ServerChange gives its field.
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as ServerChange
}
