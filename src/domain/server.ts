import { EMPTY_INVENTORY_FIELDS, type InventoryFields } from './inventory-fields.ts'

/** How a server is reached. */
export type TransportKind = 'local' | 'ssh'

/** A machine as judging it needs it, identified by (bkCloudId, ip). */
export interface Server {
  readonly id: string
  /** BlueKing cloud area; 0 where none was given. The same address in two areas is two machines. */
  readonly bkCloudId: number
  readonly ip: string
  readonly name: string
  readonly transport: TransportKind
  /** Platform or cluster; null when it belongs to none. */
  readonly group: string | null
  readonly enabled: boolean
  readonly registeredAt: Date
}

/** A machine in the inventory, with all that the inventory knows of it. Its identity (bkCloudId, ip) never changes. */
export interface InventoryServer extends Server, InventoryFields {}

type Editable = Omit<InventoryServer, 'id' | 'bkCloudId' | 'ip' | 'registeredAt'>

/** A partial edit: what is left out stays, null empties. */
export type ServerChange = Partial<Editable>

/** What adding a server needs: its identity; the rest has defaults, see {@link completeDraft}. */
export type ServerDraft = Pick<Server, 'bkCloudId' | 'ip'> & ServerChange

/** Returns the server that a draft stands for: named by its address, reached by SSH and enabled unless it says otherwise. */
export const completeDraft = (draft: ServerDraft, registeredAt: Date): Omit<InventoryServer, 'id'> => ({
  ...EMPTY_INVENTORY_FIELDS,
  name: draft.ip,
  transport: 'ssh',
  group: null,
  enabled: true,
  ...draft,
  registeredAt,
})

/** Returns the identity of a machine as one word, for maps: `<bkCloudId>:<ip>`. */
export const serverKey = (bkCloudId: number, ip: string): string => `${bkCloudId}:${ip}`
