import type { SectionOutcome } from '../outcome.ts'

/** Lines of the kernel's log that may tell of trouble; see `KERNEL_LOG_WORDS` for how they are chosen. */
export interface KernelLogFacts {
  /**
   * As dmesg or the journal prints them, with seconds since boot, secrets redacted; oldest first. At most 2,000 of at
   * most 600 characters: of more the latest.
   */
  readonly lines: readonly string[]
  /** By the server's clock; null where clock or uptime cannot be read. */
  readonly bootAt: Date | null
  /** What happened before is no longer in the log; null where it has no times. */
  readonly logSince: Date | null
}

/** What the `kernel` probe reads. */
export interface KernelFacts {
  readonly log: SectionOutcome<KernelLogFacts>
}
