import type { AbsenceStatus, SectionAbsence } from '../domain/outcome.ts'
import { redactText } from '../lib/redact.ts'
import type { RawOutcome, RawSection } from './probe.ts'

/** What is known of the run as a whole. */
export interface RunEnd {
  readonly timedOut: boolean
  readonly truncated: boolean
  /** Default: no. */
  readonly connectionLost?: boolean
}

const MAX_STDERR_LENGTH = 2_000

/** 124 and 137 are `timeout`'s (coreutils manual); 143 is a shell ended by TERM under the watchdog. */
const TIMEOUT_CODES: ReadonlySet<number | null> = new Set([124, 137, 143])

const MISSING = /not found|no such file or directory|operation not supported|no such device/i
const DENIED =
  /permission denied|operation not permitted|sudo:|a password is required|not allowed to execute|must be root|access denied/i

/** Returns the absence with its stderr redacted and cut to 2,000 characters. */
export function absence(
  status: AbsenceStatus,
  command: string,
  raw: { readonly exitCode: number | null; readonly stderr: string },
): SectionAbsence {
  // Cut before redacting too, so that a flood costs no time; the second cut keeps the promise of the type.
  const stderr = redactText(raw.stderr.slice(0, 2 * MAX_STDERR_LENGTH)).trim()
  return { status, command, exitCode: raw.exitCode, stderr: stderr.slice(0, MAX_STDERR_LENGTH) }
}

function statusOf(raw: RawSection, end: RunEnd): AbsenceStatus | 'ok' {
  if (TIMEOUT_CODES.has(raw.exitCode)) return 'timeout'
  if (raw.exitCode === null) return end.timedOut ? 'timeout' : 'unparseable'
  if (raw.exitCode === 127) return 'unsupported'
  const blank = raw.stdout.trim() === ''
  if (raw.exitCode === 0) return blank ? 'no_data' : 'ok'
  if (DENIED.test(raw.stderr) && !/command not found/i.test(raw.stderr)) return 'denied'
  if (MISSING.test(raw.stderr)) return 'unsupported'
  return blank ? 'unparseable' : 'ok'
}

/**
 * Returns what a section came to before its parser looks at it.
 * Exit 124, 137, 143, or no end while the run as a whole timed out → `timeout`; 127 or "not found" → `unsupported`;
 * a refused right → `denied`; nothing printed and exit 0 → `no_data`; cut short or failed without a word →
 * `unparseable`; anything else is `ok`, also with a non-zero exit (df and smartctl print and fail at once).
 */
export function classifySection(raw: RawSection | undefined, command: string, end: RunEnd): RawOutcome {
  if (raw === undefined) {
    const stderr = end.timedOut
      ? 'not reached before the deadline'
      : end.truncated
        ? 'lost: the output was longer than allowed'
        : end.connectionLost === true
          ? 'not reached before the connection was lost'
          : 'the section printed no begin marker'
    return absence(end.timedOut ? 'timeout' : 'unparseable', command, { exitCode: null, stderr })
  }
  const status = statusOf(raw, end)
  if (status === 'ok')
    return { status, value: { stdout: raw.stdout, stderr: raw.stderr, exitCode: raw.exitCode } }
  const cut = raw.exitCode === null && !end.timedOut
  return absence(status, command, cut ? { exitCode: null, stderr: `output cut short\n${raw.stderr}` } : raw)
}
