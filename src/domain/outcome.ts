/** Why a section of a probe gave no value. */
export type AbsenceStatus = 'no_data' | 'unsupported' | 'denied' | 'timeout' | 'unparseable'

/** A section that gave no value, with what was run and what it said. */
export interface SectionAbsence {
  readonly status: AbsenceStatus
  /** The command as a person would type it. */
  readonly command: string
  /** Null when the command never ended by itself. */
  readonly exitCode: number | null
  /** At most 2,000 characters, secrets redacted. */
  readonly stderr: string
}

/** What one probe section came to: a value, or a reason why there is none. Absent is not zero and not failed. */
export type SectionOutcome<T> = { readonly status: 'ok'; readonly value: T } | SectionAbsence

/** Returns the value, or null where the section gave none. */
export const outcomeValue = <T>(outcome: SectionOutcome<T>): T | null =>
  outcome.status === 'ok' ? outcome.value : null
