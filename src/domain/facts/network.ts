import type { SectionOutcome } from '../outcome.ts'

/** Counters of one direction since the driver was loaded. Null where the driver keeps none. */
export interface TrafficCounters {
  readonly packets: number | null
  readonly errors: number | null
  readonly dropped: number | null
}

/** One network card or virtual card: an interface with a device behind it. */
export interface NetworkCard {
  readonly name: string
  /** Kernel driver such as `ixgbe` or `virtio_net`. */
  readonly driver: string | null
  /** `up`, `down`, `unknown` … */
  readonly operationalState: string | null
  /** Null while the interface is switched off. */
  readonly hasCarrier: boolean | null
  /** How often the link came or went since boot; null before kernel 3.16. */
  readonly carrierChanges: number | null
  /** Mbit/s; null where the driver knows none. */
  readonly speedMegabits: number | null
  readonly duplex: 'full' | 'half' | null
  readonly mtu: number | null
  /** Bond, team or bridge that it belongs to. */
  readonly master: string | null
  /** True for a virtual function of a card (SR-IOV). */
  readonly isVirtualFunction: boolean
  readonly received: TrafficCounters
  readonly sent: TrafficCounters
  /** Frames with a wrong checksum: cable, module or port. */
  readonly receivedCrcErrors: number | null
  /** Frames the card or its ring had no room for: the machine was too slow to take them. */
  readonly receivedMissed: number | null
  readonly collisions: number | null
}

/** What `ethtool` says a card can do and has agreed on. Speeds in Mbit/s. */
export interface LinkAbility {
  readonly name: string
  /** Fastest that the card supports. */
  readonly supportedMegabits: number | null
  /** Fastest that the other end offers; null where it does not negotiate. */
  readonly partnerMegabits: number | null
  readonly speedMegabits: number | null
  readonly duplex: 'full' | 'half' | null
  readonly autoNegotiation: boolean | null
}

/** One member of a bond. */
export interface BondMember {
  readonly name: string
  /** MII status. */
  readonly up: boolean | null
  readonly speedMegabits: number | null
  readonly linkFailures: number | null
  /** Of 802.3ad; null in other modes. */
  readonly aggregatorId: number | null
}

/** One bond of the Linux bonding driver. */
export interface Bond {
  readonly name: string
  /** As printed, such as `fault-tolerance (active-backup)`. */
  readonly mode: string | null
  readonly up: boolean | null
  readonly activeMember: string | null
  /** Of 802.3ad: the aggregator in use. */
  readonly aggregatorId: number | null
  /** Of 802.3ad: all zeros say that the switch speaks no LACP. */
  readonly partnerMac: string | null
  readonly members: readonly BondMember[]
}

/** What the `network` probe reads. */
export interface NetworkFacts {
  readonly interfaces: SectionOutcome<readonly NetworkCard[]>
  readonly links: SectionOutcome<readonly LinkAbility[]>
  /** No data where no bond is configured. */
  readonly bonds: SectionOutcome<readonly Bond[]>
}
