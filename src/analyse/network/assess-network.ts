import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { judgeBond } from './bond-rules.ts'
import { flappingLink, growthOf, halfDuplex, missedFrames, receiveErrors, slowLink } from './card-rules.ts'

/**
 * Returns what is wrong with a server's network: bad and lost frames, links that are slow or come and go, degraded
 * bonds. Counters are judged by their growth since the look before, without one since the driver was loaded.
 */
export function assessNetwork(input: AssessmentInput): readonly Finding[] {
  const { network } = input.inspection.facts
  if (network === undefined) return []
  const previous = input.earlier?.inspection.facts.network
  const cardsBefore = previous === undefined ? null : outcomeValue(previous.interfaces)
  const before = new Map((cardsBefore ?? []).map((card) => [card.name, card]))
  const abilities = new Map((outcomeValue(network.links) ?? []).map((ability) => [ability.name, ability]))
  const drafts = (outcomeValue(network.interfaces) ?? [])
    .filter(({ isVirtualFunction }) => !isVirtualFunction)
    .flatMap((card) => {
      const growth = growthOf(card, before.get(card.name))
      return [
        ...receiveErrors(growth),
        ...missedFrames(growth),
        ...flappingLink(growth),
        ...slowLink(card, abilities.get(card.name)),
        ...halfDuplex(card),
      ]
    })
  const bonds = (outcomeValue(network.bonds) ?? []).flatMap(judgeBond)
  return [...drafts, ...bonds].map((draft) => makeFinding(input, draft))
}
