import type { EarlierLook } from '../domain/changes.ts'
import { PROBE_NAMES, type ProbeName, type ServerInspection } from '../domain/inspection.ts'
import type { PreviousInspection, Store } from '../store/repositories.ts'

/**
 * Returns by server id what was known of each server before the inspection: of every probe that the inspection holds,
 * the facts of the newest inspection that ended before it began. Servers that were never looked at are not in it.
 */
export async function readEarlierLooks(
  store: Pick<Store, 'inspections'>,
  inspections: readonly ServerInspection[],
): Promise<ReadonlyMap<string, EarlierLook>> {
  const read = inspections.filter(({ facts }) => Object.keys(facts).length > 0)
  const probes = PROBE_NAMES.filter((probe) => read.some(({ facts }) => facts[probe] !== undefined))
  const bounds = new Map(read.map(({ serverId, startedAt }) => [serverId, startedAt]))
  const previous = await store.inspections.previousWith(probes, bounds)
  const ofServers = Map.groupBy(previous, ({ stored }) => stored.inspection.serverId)
  return new Map([...ofServers].map(([serverId, looks]) => [serverId, toEarlierLook(looks)]))
}

const isOf = (id: string, probe: ProbeName): boolean => id.startsWith(`${probe}.`)

function toEarlierLook(looks: readonly PreviousInspection[]): EarlierLook {
  const inspections = looks.map(({ stored }) => stored.inspection)
  const last = inspections.reduce((one, other) => (other.finishedAt > one.finishedAt ? other : one))
  const parts = looks.map(({ probe, stored: { inspection } }) => ({
    facts: [probe, inspection.facts[probe]] as const,
    readAt: [probe, inspection.finishedAt] as const,
    sections: inspection.sections.filter(({ id }) => isOf(id, probe)),
    evidence: inspection.evidence.filter(({ id }) => isOf(id, probe)),
  }))
  return {
    inspection: {
      ...last,
      unreachable: null,
      facts: Object.fromEntries(parts.map(({ facts }) => facts)),
      sections: parts.flatMap(({ sections }) => sections),
      evidence: parts.flatMap(({ evidence }) => evidence),
    },
    readAt: Object.fromEntries(parts.map(({ readAt }) => readAt)),
  }
}
