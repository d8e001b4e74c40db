import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseBonds } from './parse-bonds.ts'
import { parseInterfaces } from './parse-interfaces.ts'
import { parseLinks } from './parse-links.ts'
import { NETWORK_SECTIONS as S } from './sections.ts'

/** Network cards: link, speed against what it could be, errors and drops, and bonds. */
export const networkProbe: Probe<'network'> = {
  name: 'network',
  title: text('网络', 'Network'),
  sections: [S.interfaces, S.links, S.bonds],
  parse: (raw) => ({
    interfaces: parseSection(raw['interfaces'], S.interfaces.command, parseInterfaces),
    links: parseSection(raw['links'], S.links.command, parseLinks),
    bonds: parseSection(raw['bonds'], S.bonds.command, parseBonds),
  }),
}
