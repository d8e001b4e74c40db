import type { FactsByProbe, ProbeName } from '../domain/inspection.ts'
import type { SectionAbsence } from '../domain/outcome.ts'
import type { Text } from '../domain/text.ts'

/** One marked section of a probe: some shell that prints one thing. */
export interface ProbeSection {
  /** Lower-case word, unique within the probe. */
  readonly name: string
  /** POSIX sh (dash, bash, BusyBox ash), only reads. May call `as_root CMD…` (root or `sudo -n`). No single quotes escape is needed: it is quoted once, in `compose-script.ts`. */
  readonly body: string
  /** The command as a person would type it, for evidence and `probes show`. */
  readonly command: string
  readonly timeoutSeconds: number
  readonly privilege: 'none' | 'root'
  /** What to install or permit when the section is unsupported or denied; null when nothing would help. */
  readonly remedy: Text | null
}

/** What a section printed. */
export interface RawSection {
  readonly stdout: string
  readonly stderr: string
  /** Null when its end marker never came. */
  readonly exitCode: number | null
}

/** A section that ran, or the reason why nothing was read. */
export type RawOutcome = { readonly status: 'ok'; readonly value: RawSection } | SectionAbsence

/** A set of sections and the pure function that turns what they print into facts. */
export interface Probe<Name extends ProbeName = ProbeName> {
  readonly name: Name
  readonly title: Text
  readonly sections: readonly ProbeSection[]
  /** Never throws: what it cannot read becomes `unparseable`. `now` is the controller's clock. */
  parse(raw: Readonly<Record<string, RawOutcome>>, now: Date): FactsByProbe[Name]
}
