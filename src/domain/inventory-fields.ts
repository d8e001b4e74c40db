import type { Text } from './text.ts'
import type { OwnThresholds } from './thresholds.ts'

/** A stretch that comes back every week. */
export interface WeeklyWindow {
  /** Days on which it begins: 1 Monday … 7 Sunday (ISO 8601). */
  readonly weekdays: readonly number[]
  /** `HH:MM` of the zone's local clock. */
  readonly from: string
  /** `HH:MM`; not later than `from` means on the next day. */
  readonly to: string
  /** IANA name. */
  readonly timeZone: string
}

/** A stretch that comes once: `startAt` belongs to it, `endAt` does not. */
export interface OneTimeWindow {
  readonly startAt: Date
  readonly endAt: Date
}

/** When work on a server is expected, so that what happens then is no alarm. */
export type MaintenanceWindow = WeeklyWindow | OneTimeWindow

/** That a server is in a maintenance window. */
export interface MaintenanceNow {
  /** End of the window; of several windows that are open the latest end. */
  readonly until: Date
  /** Which window it is. */
  readonly reason: Text
}

/** What the inventory knows of a server beyond what judging it needs. */
export interface InventoryFields {
  /** SSH port; null means the configured default. */
  readonly port: number | null
  /** Name of a credential of the configuration; null means the default one. */
  readonly credential: string | null
  /** Name of a jump host of the configuration; null means that it is reached directly. */
  readonly jumpHost: string | null
  readonly tags: readonly string[]
  /** Operating system as its owner calls it; what was measured stands in inspections. */
  readonly os: string | null
  readonly role: string | null
  readonly maintenanceWindows: readonly MaintenanceWindow[]
  readonly owner: string | null
  readonly serialNumber: string | null
  readonly rack: string | null
  /** Lowest unit that it takes in its rack, 1 at the bottom. */
  readonly rackUnit: number | null
  /** Last day of the warranty, `YYYY-MM-DD`. */
  readonly warrantyEndDay: string | null
  readonly note: string | null
  /** Limits of this server in place of the configured ones; null means none of its own. */
  readonly thresholds: OwnThresholds | null
}

/** What stands in the inventory of a server of which nothing but its {@link Server} part is known. */
export const EMPTY_INVENTORY_FIELDS: InventoryFields = {
  port: null,
  credential: null,
  jumpHost: null,
  tags: [],
  os: null,
  role: null,
  maintenanceWindows: [],
  owner: null,
  serialNumber: null,
  rack: null,
  rackUnit: null,
  warrantyEndDay: null,
  note: null,
  thresholds: null,
}
