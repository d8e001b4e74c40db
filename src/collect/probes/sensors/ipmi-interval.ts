import type { SensorFacts } from '../../../domain/facts/sensors.ts'
import type { SystemFacts } from '../../../domain/facts/system.ts'
import type { ServerInspection } from '../../../domain/inspection.ts'

/** A BMC answers slowly and some hang when asked often: at most once in this time (product specification §5). */
const IPMI_INTERVAL_MS = 10 * 60_000

/** Ids (`probe.section`) of the sections that ask the BMC with ipmitool, of every probe. */
export const IPMI_SECTION_IDS: readonly string[] = [
  'system.bmc_lan',
  'sensors.ipmi',
  'sensors.ipmi_sel',
  'sensors.bmc',
]

/** With these the BMC was not reached: once the tool is there and permitted, it is asked at once. */
const NOT_ASKED: ReadonlySet<string> = new Set(['unsupported', 'denied'])

/** Returns by section id when the BMC was really asked; what an inspection took over from an earlier one has that one's time. */
export function ipmiAskedAt({
  sections,
  evidence,
}: Pick<ServerInspection, 'sections' | 'evidence'>): ReadonlyMap<string, Date> {
  const asked = new Set(sections.filter(({ status }) => !NOT_ASKED.has(status)).map(({ id }) => id))
  return new Map(
    evidence.filter(({ id }) => IPMI_SECTION_IDS.includes(id) && asked.has(id)).map(({ id, at }) => [id, at]),
  )
}

/** Returns the ids of the sections to leave out of a run at `now`: those asked less than ten minutes ago. A time ahead of `now` does not count. */
export const sectionsToLeaveOut = (askedAt: ReadonlyMap<string, Date>, now: Date): readonly string[] =>
  IPMI_SECTION_IDS.filter((id) => {
    const at = askedAt.get(id)
    if (at === undefined) return false
    const sinceMs = now.getTime() - at.getTime()
    return sinceMs >= 0 && sinceMs < IPMI_INTERVAL_MS
  })

/** Returns the facts of a run that left sections out, with what the BMC said to them the last time. */
export function withEarlierSensors(
  fresh: SensorFacts,
  earlier: SensorFacts,
  leftOut: readonly string[],
): SensorFacts {
  const { ipmi, ipmiStates, ipmiSel, bmc } = earlier
  const has = (id: string): boolean => leftOut.includes(id)
  return {
    ...fresh,
    ...(has('sensors.ipmi') ? { ipmi } : {}),
    ...(has('sensors.ipmi') && ipmiStates !== undefined ? { ipmiStates } : {}),
    ...(has('sensors.ipmi_sel') && ipmiSel !== undefined ? { ipmiSel } : {}),
    ...(has('sensors.bmc') && bmc !== undefined ? { bmc } : {}),
  }
}

/** Returns the facts of a run that left sections out, with the address that the BMC gave the last time. */
export const withEarlierBmcLan = (
  fresh: SystemFacts,
  { bmcLan }: SystemFacts,
  leftOut: readonly string[],
): SystemFacts => (leftOut.includes('system.bmc_lan') && bmcLan !== undefined ? { ...fresh, bmcLan } : fresh)
