/** How a server is reached. */
export type TransportKind = 'local' | 'ssh'

/** A machine in the inventory, identified by (bkCloudId, ip). */
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

/** Returns the identity of a machine as one word, for maps: `<bkCloudId>:<ip>`. */
export const serverKey = (bkCloudId: number, ip: string): string => `${bkCloudId}:${ip}`
