import { sectionsOf } from '../collect/collector.ts'
import {
  IPMI_SECTION_IDS,
  ipmiAskedAt,
  sectionsToLeaveOut,
  withEarlierBmcLan,
  withEarlierSensors,
} from '../collect/probes/sensors/ipmi-interval.ts'
import { PROBE_NAMES, type ProbeName, type ServerInspection } from '../domain/inspection.ts'
import type { PreviousInspection } from '../store/repositories.ts'
import type { PipelineContext } from './context.ts'

/** What a BMC was asked in the last minutes, and what it said. */
export interface BmcAnswers extends Pick<ServerInspection, 'facts' | 'sections' | 'evidence'> {
  /** By section id (`probe.section`). */
  readonly askedAt: ReadonlyMap<string, Date>
}

/** Whole inspections held at a time: few of them have answers that are kept. */
const SERVERS_AT_A_TIME = 200

const SECTION_ORDER = new Map(sectionsOf(PROBE_NAMES).map(({ id }, position) => [id, position]))

const probeOfSection = (id: string): string => id.slice(0, id.indexOf('.'))

const askBmc = (probe: ProbeName): boolean => IPMI_SECTION_IDS.some((id) => probeOfSection(id) === probe)

/**
 * Returns by server id what the BMCs said so lately that they are not asked again now. `probes` is what will be read of
 * each server. Some queries per 200 servers.
 */
export async function readBmcAnswers(
  { store, clock }: Pick<PipelineContext, 'store' | 'clock'>,
  probes: ReadonlyMap<string, readonly ProbeName[]>,
): Promise<ReadonlyMap<string, BmcAnswers>> {
  const now = clock.now()
  // The bound is exclusive, and a look may have ended in this millisecond.
  const before = new Date(now.getTime() + 1)
  const asking = [...probes].filter(([, ofServer]) => ofServer.some(askBmc))
  const wanted = PROBE_NAMES.filter(
    (probe) => askBmc(probe) && asking.some(([, ofServer]) => ofServer.includes(probe)),
  )
  const answers = new Map<string, BmcAnswers>()
  for (let from = 0; from < asking.length; from += SERVERS_AT_A_TIME) {
    const slice = asking.slice(from, from + SERVERS_AT_A_TIME)
    const looks = await store.inspections.previousWith(wanted, new Map(slice.map(([id]) => [id, before])))
    for (const [serverId, ofServer] of Map.groupBy(looks, ({ stored }) => stored.inspection.serverId)) {
      const answer = toAnswers(ofServer)
      if (sectionsToLeaveOut(answer.askedAt, now).length > 0) answers.set(serverId, answer)
    }
  }
  return answers
}

function toAnswers(looks: readonly PreviousInspection[]): BmcAnswers {
  const parts = looks.map(({ probe, stored: { inspection } }) => {
    const isAnswer = ({ id }: { readonly id: string }): boolean =>
      probeOfSection(id) === probe && IPMI_SECTION_IDS.includes(id)
    return {
      facts: [probe, inspection.facts[probe]] as const,
      sections: inspection.sections.filter(isAnswer),
      evidence: inspection.evidence.filter(isAnswer),
    }
  })
  const sections = parts.flatMap((part) => part.sections)
  const evidence = parts.flatMap((part) => part.evidence)
  const facts: ServerInspection['facts'] = Object.fromEntries(parts.map((part) => part.facts))
  return { facts, sections, evidence, askedAt: ipmiAskedAt({ sections, evidence }) }
}

/** Returns an inspection that left sections out with what the BMC said to them the last time, as of that time. */
export function withBmcAnswers(
  fresh: ServerInspection,
  earlier: BmcAnswers,
  leftOut: readonly string[],
): ServerInspection {
  const { sensors, system } = fresh.facts
  const read = new Set(Object.keys(fresh.facts))
  const isTaken = ({ id }: { readonly id: string }): boolean =>
    leftOut.includes(id) && read.has(probeOfSection(id))
  return {
    ...fresh,
    facts: {
      ...fresh.facts,
      ...(sensors === undefined || earlier.facts.sensors === undefined
        ? {}
        : { sensors: withEarlierSensors(sensors, earlier.facts.sensors, leftOut) }),
      ...(system === undefined || earlier.facts.system === undefined
        ? {}
        : { system: withEarlierBmcLan(system, earlier.facts.system, leftOut) }),
    },
    sections: inOrder([...fresh.sections, ...earlier.sections.filter(isTaken)]),
    evidence: inOrder([...fresh.evidence, ...earlier.evidence.filter(isTaken)]),
  }
}

const inOrder = <Part extends { readonly id: string }>(parts: readonly Part[]): readonly Part[] =>
  parts.toSorted((one, other) => (SECTION_ORDER.get(one.id) ?? 0) - (SECTION_ORDER.get(other.id) ?? 0))
