import type { Bond, BondMember } from '../../../domain/facts/network.ts'
import { parseCount } from '../../formats/count.ts'
import { splitPair } from '../../formats/lines.ts'
import { type NamedBlock, splitNamedBlocks } from '../../formats/named-blocks.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { knownSpeed } from './parse-interfaces.ts'

type Fields = Map<string, string>

const isUp = (word: string | undefined): boolean | null =>
  word === undefined ? null : word === 'up' || word === 'going down'

function toMember(fields: Fields): BondMember {
  return {
    name: fields.get('Slave Interface') ?? '',
    up: isUp(fields.get('MII Status')),
    speedMegabits: knownSpeed(/^(\d{1,9}) Mbps/.exec(fields.get('Speed') ?? '')?.[1]),
    linkFailures: parseCount(fields.get('Link Failure Count')),
    aggregatorId: parseCount(fields.get('Aggregator ID')),
  }
}

function toBond({ name, lines }: NamedBlock): Bond | null {
  const parts: Fields[] = [new Map()]
  for (const line of lines) {
    const pair = splitPair(line, ':')
    if (pair === null) continue
    if (pair[0] === 'Slave Interface') parts.push(new Map())
    const fields = parts.at(-1)
    // Details of LACP repeat titles of the part that they belong to: the first one counts.
    if (fields?.has(pair[0]) === false) fields.set(pair[0], pair[1])
  }
  const [head, ...members] = parts
  if (head === undefined || !head.has('Bonding Mode')) return null
  const active = head.get('Currently Active Slave') ?? ''
  return {
    name,
    mode: head.get('Bonding Mode') ?? null,
    up: isUp(head.get('MII Status')),
    activeMember: active === '' || active === 'None' ? null : active,
    aggregatorId: parseCount(head.get('Aggregator ID')),
    partnerMac: head.get('Partner Mac Address') ?? null,
    members: members.map(toMember),
  }
}

/** Returns the bonds of `/proc/net/bonding` (bonding driver 3.x and the kernels after it). */
export function parseBonds({ stdout }: RawSection): Parsed<readonly Bond[]> {
  const blocks = splitNamedBlocks(stdout, 'bond')
  const bonds = blocks.flatMap((block) => toBond(block) ?? [])
  if (bonds.length > 0) return { value: bonds }
  const why = blocks.length === 0 ? 'no bond is configured' : 'no bond could be understood'
  return { absent: blocks.length === 0 ? 'no_data' : 'unparseable', why }
}
