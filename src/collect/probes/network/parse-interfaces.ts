import type { NetworkCard } from '../../../domain/facts/network.ts'
import { parseCount } from '../../formats/count.ts'
import { parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'

/** What drivers print when they know no speed: -1, and -1 as an unsigned number of 16 or 32 bits (old kernels). */
const UNKNOWN_SPEEDS: ReadonlySet<number> = new Set([0, 65_535, 4_294_967_295])

const FILE = /^\/sys\/class\/net\/([A-Za-z0-9_.:@-]{1,64})\/(?:statistics\/)?([a-z_]{1,30})$/

type Files = ReadonlyMap<string, string>

/** Returns Mbit/s, or null for what drivers print when they know none. */
export function knownSpeed(word: string | undefined): number | null {
  const speed = parseCount(word)
  return speed === null || UNKNOWN_SPEEDS.has(speed) ? null : speed
}

/** Returns the duplex, in whatever case it is printed; null for `unknown`. */
export function knownDuplex(word: string | undefined): 'full' | 'half' | null {
  const duplex = word?.toLowerCase()
  return duplex === 'full' || duplex === 'half' ? duplex : null
}

/** A sum where each driver fills the one or the other counter; null where it has neither. */
function sumOf(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : one + other
}

function toCard(name: string, files: Files): NetworkCard {
  const count = (file: string): number | null => parseCount(files.get(file))
  const carrier = files.get('carrier')
  return {
    name,
    driver: files.get('driver') || null,
    operationalState: files.get('operstate') || null,
    hasCarrier: carrier === '1' ? true : carrier === '0' ? false : null,
    carrierChanges: count('carrier_changes'),
    speedMegabits: knownSpeed(files.get('speed')),
    duplex: knownDuplex(files.get('duplex')),
    mtu: count('mtu'),
    master: files.get('master') || null,
    isVirtualFunction: files.get('virtual_function') === '1',
    received: { packets: count('rx_packets'), errors: count('rx_errors'), dropped: count('rx_dropped') },
    sent: { packets: count('tx_packets'), errors: count('tx_errors'), dropped: count('tx_dropped') },
    receivedCrcErrors: count('rx_crc_errors'),
    receivedMissed: sumOf(count('rx_missed_errors'), count('rx_fifo_errors')),
    collisions: count('collisions'),
  }
}

/** Returns the interfaces that have a device behind them (sysfs-class-net): no loopback, bridge, bond, tunnel or VLAN. */
export function parseInterfaces({ stdout }: RawSection): Parsed<readonly NetworkCard[]> {
  const cards = new Map<string, Map<string, string>>()
  for (const { path, value } of parsePathLines(stdout)) {
    const match = FILE.exec(path)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const files = cards.get(match[1]) ?? new Map<string, string>()
    files.set(match[2], value.trim())
    cards.set(match[1], files)
  }
  return cards.size === 0
    ? { absent: 'no_data', why: 'no interface has a device behind it' }
    : { value: [...cards].map(([name, files]) => toCard(name, files)) }
}
