import type { ProbeName, ServerInspection } from './inspection.ts'
import type { Text } from './text.ts'

/** What a change is about; `health` is about findings. */
export const CHANGE_AREAS = [
  'health',
  'memory',
  'drive',
  'raid',
  'cpu',
  'network',
  'gpu',
  'firmware',
  'system',
] as const
export type ChangeArea = (typeof CHANGE_AREAS)[number]

/** Of things: added, removed, moved, changed. Of findings: appeared, worsened, eased, resolved. */
export const CHANGE_KINDS = [
  'appeared',
  'worsened',
  'removed',
  'added',
  'moved',
  'changed',
  'eased',
  'resolved',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** One thing that is not as it was at the last look. */
export interface InspectionChange {
  /** Unique within one comparison: area, thing, and what of it changed. */
  readonly id: string
  readonly area: ChangeArea
  readonly kind: ChangeKind
  /** The whole sentence. */
  readonly title: Text
  /** How it was and is; null where the sentence says it all. */
  readonly from: Text | null
  readonly to: Text | null
  /** The probe whose facts show it; null where that cannot be told. */
  readonly probe: ProbeName | null
  /** When it was looked at before. */
  readonly sinceAt: Date
  /** Ids of evidence in the present inspection. */
  readonly evidenceIds: readonly string[]
}

/** A part of the server that was not read at both looks: what changed there is unknown. */
export interface UncomparedPart {
  readonly area: ChangeArea
  /** `probe.section` */
  readonly sectionId: string
  /** Which look lacks it. */
  readonly unread: 'now' | 'before'
}

/** What is not as it was at the last look at a server. */
export interface InspectionDiff {
  /** When each probe's facts that were compared had been read. */
  readonly readAt: EarlierLook['readAt']
  /** Most telling first. */
  readonly changes: readonly InspectionChange[]
  readonly notCompared: readonly UncomparedPart[]
}

/** What was known of a server before an inspection: each probe as it was last read, which need not be in one look. */
export interface EarlierLook {
  /** The facts, sections and evidence of those looks together. */
  readonly inspection: ServerInspection
  readonly readAt: Readonly<Partial<Record<ProbeName, Date>>>
}
