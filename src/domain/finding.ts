import type { Text } from './text.ts'

/** From harmless to act-now. The order is the order of this list. */
export const SEVERITIES = ['info', 'warning', 'urgent', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What a finding is about: a server, and within it a component such as `memory`, `/data`, `sda` or `DIMM_A1`. */
export interface Subject {
  readonly serverId: string
  readonly serverIp: string
  readonly kind:
    | 'server'
    | 'cpu'
    | 'memory'
    | 'dimm'
    | 'filesystem'
    | 'drive'
    | 'sensor'
    | 'network'
    | 'gpu'
    | 'data'
  /** Name within the server; null when the subject is the server itself. */
  readonly component: string | null
}

/** What was run where and when, and what it said: the thing that a number in a report links to. */
export interface Evidence {
  /** Unique within one inspection, for example `memory.meminfo`. */
  readonly id: string
  /** Address of the server it was read on. */
  readonly server: string
  readonly command: string
  readonly at: Date
  /** At most 4,000 characters of the output, secrets redacted. */
  readonly excerpt: string
  /** SHA-256 (hex) of the whole raw output before redaction. */
  readonly rawSha256: string
}

/** One thing wrong (or worth knowing) with its evidence. */
export interface Finding {
  /** `rule` + subject, stable from one inspection to the next, so that the same problem is recognised. */
  readonly id: string
  /** Name of the rule, for example `memory.usage_high`. */
  readonly rule: string
  readonly severity: Severity
  readonly subject: Subject
  readonly since: Date
  /** What is wrong, with the measured values and units. */
  readonly title: Text
  /** Why it matters or where it comes from; null when the title says all. */
  readonly cause: Text | null
  /** What to do next; null when nothing needs doing. */
  readonly nextStep: Text | null
  /** Ids of {@link Evidence} in the same inspection. */
  readonly evidenceIds: readonly string[]
}

/** Sorts the most severe first; equal ones by id, so that the order never depends on chance. */
export const bySeverity = (a: Finding, b: Finding): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
