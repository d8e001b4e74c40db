import type { ProbeName } from '../domain/inspection.ts'
import { PROBE_NAMES } from '../domain/inspection.ts'
import type { Text } from '../domain/text.ts'
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
