/** A command that sudo refused to run without a password. */
export interface SudoRefusal {
  /** With its arguments, as the probe names it: `dmidecode -t 16 -t 17`. */
  readonly command: string
  readonly refusedAt: Date
}

/** How long a refused command is not asked for again (product specification §5): each refusal is an alarm in a log there. */
export const SUDO_SILENCE_MS = 24 * 3_600_000
