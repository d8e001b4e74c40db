import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  EMPTY_INVENTORY_FIELDS,
  type InventoryFields,
  type MaintenanceWindow,
} from '../../domain/inventory-fields.ts'
import type { InventoryServer, Server, TransportKind } from '../../domain/server.ts'
import type { OwnThresholds } from '../../domain/thresholds.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { encodeOrNull, readStored, storedDataInvalid } from '../stored-json.ts'
import type { ServerDetailRow, ServerRow, Tables } from '../tables.ts'

const isTransport = (word: string): word is TransportKind => word === 'local' || word === 'ssh'

/** Returns the part of a server that the table `server` holds. Throws STORED_DATA_INVALID for an unknown transport. */
export function toServer(row: Selectable<Tables['server']>): Server {
  if (!isTransport(row.transport))
    throw storedDataInvalid(
      { table: 'server', id: row.id, column: 'transport' },
      `unknown word ${row.transport}`,
    )
  return {
    id: row.id,
    bkCloudId: row.bk_cloud_id,
    ip: row.ip,
    name: row.name,
    transport: row.transport,
    group: row.server_group,
    enabled: row.enabled !== 0,
    registeredAt: new Date(row.registered_at),
  }
}

const tagsShape = z.array(z.string())
const windowsShape: z.ZodType<readonly MaintenanceWindow[]> = z.array(
  z.union([
    z.object({ weekdays: z.array(z.number()), from: z.string(), to: z.string(), timeZone: z.string() }),
    z.object({ startAt: z.date(), endAt: z.date() }),
  ]),
)
const percent = z.number().exactOptional()
const thresholdsShape: z.ZodType<OwnThresholds> = z.object({
  cpuPercent: percent,
  memoryPercent: percent,
  diskPercent: percent,
  networkPercent: percent,
  mounts: z.record(z.string(), z.number()).exactOptional(),
})

/** Returns the server with what `server_detail` holds of it; a row that is not there holds nothing. */
export function toInventoryServer(
  server: Server,
  detail: Selectable<Tables['server_detail']> | undefined,
): InventoryServer {
  if (detail === undefined) return { ...server, ...EMPTY_INVENTORY_FIELDS }
  const read = <T>(
    column: 'tags' | 'maintenance_windows' | 'thresholds',
    empty: T,
    shape: z.ZodType<T>,
  ): T => {
    const json = detail[column]
    return json === null ? empty : readStored({ table: 'server_detail', id: server.id, column }, json, shape)
  }
  return {
    ...server,
    port: detail.port,
    credential: detail.credential,
    jumpHost: detail.jump_host,
    tags: read('tags', [], tagsShape),
    os: detail.os,
    role: detail.role,
    maintenanceWindows: read('maintenance_windows', [], windowsShape),
    owner: detail.owner,
    serialNumber: detail.serial_number,
    rack: detail.rack,
    rackUnit: detail.rack_unit,
    warrantyEndDay: detail.warranty_end_day,
    note: detail.note,
    thresholds: read<OwnThresholds | null>('thresholds', null, thresholdsShape),
  }
}

/** Keeps what was given: an absent field is left alone, null empties. */
const given = <Row extends object>(row: { [Column in keyof Row]: Row[Column] | undefined }): Partial<Row> =>
  // What is left has the value types of Row: only undefined was taken away.
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Partial<Row>

type ServerColumns = Omit<ServerRow, 'id' | 'ip' | 'bk_cloud_id' | 'registered_at'>

/** Returns the columns of `server` that a change writes. */
export const serverColumns = (change: Partial<Server>): Partial<ServerColumns> =>
  given<ServerColumns>({
    name: change.name,
    transport: change.transport,
    server_group: change.group,
    enabled: change.enabled === undefined ? undefined : Number(change.enabled),
  })

type DetailColumns = Omit<ServerDetailRow, 'server_id'>

const jsonOf = (value: object | undefined | null): string | null | undefined =>
  value === undefined ? undefined : encodeOrNull(value)

/** Returns the columns of `server_detail` that a change writes. */
export const detailColumns = (change: Partial<InventoryFields>): Partial<DetailColumns> =>
  given<DetailColumns>({
    port: change.port,
    credential: change.credential,
    jump_host: change.jumpHost,
    tags: jsonOf(change.tags),
    os: change.os,
    role: change.role,
    maintenance_windows: jsonOf(change.maintenanceWindows),
    owner: change.owner,
    serial_number: change.serialNumber,
    rack: change.rack,
    rack_unit: change.rackUnit,
    warranty_end_day: change.warrantyEndDay,
    note: change.note,
    thresholds: jsonOf(change.thresholds),
  })

/** Returns a whole row of `server_detail`. */
export const toDetailRow = (serverId: string, fields: InventoryFields): ServerDetailRow => ({
  server_id: serverId,
  port: fields.port,
  credential: fields.credential,
  jump_host: fields.jumpHost,
  tags: encodeTypedJson(fields.tags),
  os: fields.os,
  role: fields.role,
  maintenance_windows: encodeTypedJson(fields.maintenanceWindows),
  owner: fields.owner,
  serial_number: fields.serialNumber,
  rack: fields.rack,
  rack_unit: fields.rackUnit,
  warranty_end_day: fields.warrantyEndDay,
  note: fields.note,
  thresholds: encodeOrNull(fields.thresholds),
})

/** Returns a whole row of `server`. */
export const toServerRow = (id: string, server: Omit<Server, 'id'>): ServerRow => ({
  id,
  bk_cloud_id: server.bkCloudId,
  ip: server.ip,
  name: server.name,
  transport: server.transport,
  server_group: server.group,
  enabled: server.enabled ? 1 : 0,
  registered_at: server.registeredAt.getTime(),
})
