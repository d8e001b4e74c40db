import type { Severity, Subject } from './finding.ts'
import type { Text } from './text.ts'

/** What a failure strikes, in the words of findings. */
export const FAILURE_PARTS = [
  'cpu',
  'memory',
  'drive',
  'filesystem',
  'network',
  'server',
] as const satisfies readonly Subject['kind'][]
export type FailurePart = (typeof FAILURE_PARTS)[number]

/** Who writes the line. Lines of one are never taken for the other's: anyone may write "Machine check" into syslog. */
export const FAILURE_ORIGINS = ['kernel', 'service'] as const
export type FailureOrigin = (typeof FAILURE_ORIGINS)[number]

/**
 * Words by which lines of a kernel log are chosen before they leave a server, lower case, found in any case. Each
 * keyword of a known failure of the kernel holds one of them, else its lines would never arrive.
 */
export const KERNEL_LOG_WORDS = [
  'abort',
  'badness',
  'beyond end',
  'blocked',
  'bug',
  'cannot',
  'card not present',
  'controller is down',
  'corrupt',
  'deadlock',
  'disabl',
  'duplicate address',
  'edac mc',
  'end-to-end',
  'error',
  'errs:',
  'exception',
  'fail',
  'fatal',
  'fault',
  'fell off the bus',
  'fallen off the bus',
  'firmware load',
  'flooding',
  'frozen',
  'general protection',
  'health',
  'illegal operation',
  'info: ',
  'is dead',
  'invalid opcode',
  'kicking',
  'kill',
  'limiting',
  'link down',
  'link is down',
  'lockup',
  'loop down',
  'machine check',
  'mc assert',
  'nobody cared',
  'non-operational',
  'not enough',
  'not responding',
  'offlin',
  'oops',
  'out of memory',
  'over-current',
  'overflow',
  'overwritten',
  'panic',
  'phb',
  'read-only',
  'readonly',
  'rejecting',
  'remov',
  'reset',
  'shut down',
  'shutting down',
  'slow to respond',
  'stack segment',
  'stall',
  'status definitely down',
  'storm',
  'table full',
  'temperature',
  'timeout',
  'timing out',
  'unable',
  'unit hang',
  'unrecover',
  'unstable',
  'warning: ',
  'watchdog',
  'without any active',
  'xid',
] as const

/** A failure whose trace in a log is known. */
export interface KnownFailure {
  /** Lower case with underscores; unique in the catalogue. */
  readonly id: string
  /** Failures that are the same sort of event share one: `oom_kill`, `machine_check`, `drive_io`. */
  readonly sort: string
  readonly title: Text
  readonly severity: Severity
  readonly part: FailurePart
  readonly origin: FailureOrigin
  /** Literal texts, one of which stands in every line that is meant. */
  readonly keywords: readonly string[]
  /** Named groups are the fields of a match. */
  readonly pattern: RegExp
  /** Field that names what was struck; null where the failure strikes the machine as a whole. */
  readonly subject: string | null
  /** Sorts of failure of which this line is a part or a consequence, when one stands close by. */
  readonly partOf: readonly string[]
  /** From so many lines on it is more severe; null where the number says nothing. */
  readonly repeated: { readonly from: number; readonly severity: Severity } | null
  /** Lines sooner than this after boot mean nothing; null where they always do. */
  readonly ignoredUntilUptimeSeconds: number | null
  readonly meaning: Text
  readonly advice: Text
  /** Where the form of the line is from. */
  readonly source: string
}

/** A failure found in a log: the lines of one signature about one subject, with no long pause between them. */
export interface FailureIncident {
  readonly failure: KnownFailure
  /** What was struck; null where the line does not tell. */
  readonly subject: string | null
  /** Fields of the first line. */
  readonly fields: Readonly<Record<string, string>>
  /** The most severe of it, its repetition, its parts and consequences. */
  readonly severity: Severity
  /** Lines of this signature; those of parts and consequences are not counted. */
  readonly count: number
  /** Null where the log has no times that can be placed. */
  readonly firstAt: Date | null
  readonly lastAt: Date | null
  /** The first lines and the last, with those of parts and consequences, in the log's order; at most 12. */
  readonly lines: readonly FailureLine[]
}

/** One line of a log as evidence. */
export interface FailureLine {
  /** From 1. */
  readonly number: number
  /** At most 400 characters, without the header of the log. */
  readonly message: string
}
