import type { LinkAbility } from '../../../domain/facts/network.ts'
import { splitPair } from '../../formats/lines.ts'
import { type NamedBlock, splitNamedBlocks } from '../../formats/named-blocks.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { knownDuplex, knownSpeed } from './parse-interfaces.ts'

/** Fields by title; the modes of a field go on in the lines below it, which have no title. */
function fieldsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  let title = ''
  for (const line of lines) {
    const pair = splitPair(line, ':')
    if (pair !== null) {
      title = pair[0]
      fields.set(title, pair[1])
    } else if (title !== '') fields.set(title, `${fields.get(title) ?? ''} ${line.trim()}`)
  }
  return fields
}

/** The fastest of modes such as `1000baseT/Full 25000baseCR/Full`; null where none is reported. */
function fastest(modes: string | undefined): number | null {
  const speeds = [...(modes ?? '').matchAll(/\b(\d{2,7})base[A-Z]/g)].map((match) => Number(match[1]))
  return speeds.length === 0 ? null : Math.max(...speeds)
}

function toAbility({ name, lines }: NamedBlock): LinkAbility | null {
  const fields = fieldsOf(lines)
  if (name === '' || fields.size === 0) return null
  const negotiation = fields.get('Auto-negotiation')
  return {
    name,
    supportedMegabits: fastest(fields.get('Supported link modes')),
    partnerMegabits: fastest(fields.get('Link partner advertised link modes')),
    speedMegabits: knownSpeed(/^(\d{1,9})Mb\/s/.exec(fields.get('Speed') ?? '')?.[1]),
    duplex: knownDuplex(fields.get('Duplex')),
    autoNegotiation: negotiation === 'on' ? true : negotiation === 'off' ? false : null,
  }
}

/** Returns what `ethtool INTERFACE` (2.6 to 6.x) says of each card; cards of which it says nothing are left out. */
export function parseLinks({ stdout }: RawSection): Parsed<readonly LinkAbility[]> {
  const abilities = splitNamedBlocks(stdout, 'nic').flatMap((block) => toAbility(block) ?? [])
  return abilities.length === 0
    ? { absent: 'no_data', why: 'ethtool says nothing of any card' }
    : { value: abilities }
}
