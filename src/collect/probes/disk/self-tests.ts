import type { SmartSelfTests } from '../../../domain/facts/disk.ts'

/** One entry of a self-test log. */
export interface SelfTest {
  readonly kind: string | null
  readonly outcome: SmartSelfTests['lastOutcome']
  readonly atPowerOnHours: number | null
}

/**
 * Returns what a status of a self-test log means. Sources: the words of smartmontools' ataprint.cpp, scsiprint.cpp and
 * nvmeprint.cpp.
 */
export function selfTestOutcome(status: string): SelfTest['outcome'] {
  if (/in progress/i.test(status)) return 'running'
  if (/abort|interrupt|cancel|reset/i.test(status)) return 'aborted'
  if (/without error/i.test(status)) return 'passed'
  if (/fail|fatal|error|damage/i.test(status)) return 'failed'
  if (/^\s{0,9}completed/i.test(status)) return 'passed'
  return 'unknown'
}

/** Returns the log in short, newest entry first in; null when the log holds none. */
export function summariseSelfTests(tests: readonly SelfTest[]): SmartSelfTests | null {
  const [last] = tests
  if (last === undefined) return null
  return {
    lastOutcome: last.outcome,
    lastKind: last.kind,
    lastAtPowerOnHours: last.atPowerOnHours,
    failedCount: tests.filter(({ outcome }) => outcome === 'failed').length,
  }
}
