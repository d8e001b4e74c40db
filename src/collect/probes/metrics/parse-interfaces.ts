import type { InterfaceCounters } from '../../../domain/metrics.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'

/** What drivers print when they know no speed: -1, and -1 as an unsigned number of 16 or 32 bits (old kernels). */
const UNKNOWN_SPEEDS: ReadonlySet<number> = new Set([0, 65_535, 4_294_967_295])

const MEGABIT = 1_000_000

/**
 * Returns the counters of real network cards. `nics` lists the interfaces that have a device behind them with their
 * speed in Mbit/s (sysfs-class-net), so that lo, veth, bridges, tunnels, VLANs and the bond itself are left out and the
 * traffic of a bond is counted once, on its members. `netDev` is /proc/net/dev.
 */
export function parseInterfaces(nics: string, netDev: string): readonly InterfaceCounters[] {
  const counters = new Map<string, readonly string[]>()
  for (const line of linesOf(netDev)) {
    const colon = line.indexOf(':')
    if (colon > 0)
      counters.set(
        line.slice(0, colon).trim(),
        line
          .slice(colon + 1)
          .trim()
          .split(/\s+/),
      )
  }
  return linesOf(nics).flatMap((line) => {
    const [name, speedWord] = line.trim().split(/\s+/)
    const fields = name === undefined ? undefined : counters.get(name)
    if (name === undefined || fields === undefined) return []
    const receivedBytes = parseCount(fields[0])
    const sentBytes = parseCount(fields[8])
    if (receivedBytes === null || sentBytes === null) return []
    const speed = parseCount(speedWord)
    const known = speed !== null && !UNKNOWN_SPEEDS.has(speed)
    return [{ name, receivedBytes, sentBytes, linkBitsPerSecond: known ? speed * MEGABIT : null }]
  })
}
