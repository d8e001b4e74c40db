import type { ProbeName } from '../domain/inspection.ts'
import { PROBE_NAMES } from '../domain/inspection.ts'
import type { Text } from '../domain/text.ts'
import { lockOf, randomNonce, sectionsOf } from './collector.ts'
import { composeScript } from './compose-script.ts'
import { PROBES } from './probes/index.ts'

/** What `smart-ops probes show` prints of one section. */
interface SectionDescription {
  /** `probe.section`. */
  readonly id: string
  /** As a person would type it. */
  readonly command: string
  readonly privilege: 'none' | 'root'
  readonly timeoutSeconds: number
  /** What to install or permit when it is not available; null when nothing would help. */
  readonly remedy: Text | null
}

/** What `smart-ops probes show` prints of one probe. */
export interface ProbeDescription {
  readonly name: ProbeName
  readonly title: Text
  readonly sections: readonly SectionDescription[]
}

/** Returns every probe with what it runs and the right it needs, in the order in which they run. */
export const describeProbes = (): readonly ProbeDescription[] =>
  PROBE_NAMES.map((name) => ({
    name,
    title: PROBES[name].title,
    sections: PROBES[name].sections.map((section) => ({
      id: `${name}.${section.name}`,
      command: section.command,
      privilege: section.privilege,
      timeoutSeconds: section.timeoutSeconds,
      remedy: section.remedy,
    })),
  }))

/**
 * Returns the very script that a collection of these probes runs, for `smart-ops probes show --script`: it can be
 * carried to a machine without a network and its output be read back later. The markers' nonce is new on every call.
 */
export const renderProbeScript = (
  probeNames: readonly ProbeName[],
  nonce: () => string = randomNonce,
): string => composeScript(sectionsOf(probeNames), nonce(), { lock: lockOf(probeNames) })
