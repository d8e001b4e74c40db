import { KERNEL_LOG_WORDS } from '../../../domain/known-failure.ts'
import type { ProbeSection } from '../../probe.ts'
import { KERNEL_LOG_REMEDY, kernelLogSh } from '../../shell/kernel-log.ts'

/** Lines that are sent and characters of each; the parser keeps to them. */
export const MAX_LOG_LINES = 2_000
export const MAX_LINE_CHARACTERS = 600
const MAX_LOG_BYTES = 400_000

/** Only lines that may tell of trouble leave the server. */
const LOG = `words='${KERNEL_LOG_WORDS.join('|')}'
${kernelLogSh({ grep: '-iE "$words"', lines: MAX_LOG_LINES, charactersPerLine: MAX_LINE_CHARACTERS, bytes: MAX_LOG_BYTES })}`

/** Sections of the `kernel` probe. */
export const KERNEL_SECTIONS = {
  log: {
    name: 'log',
    body: LOG,
    command: 'dmesg | grep -iE "error|fail|…" (or journalctl -k -b -o short-monotonic)',
    timeoutSeconds: 15,
    privilege: 'none',
    remedy: KERNEL_LOG_REMEDY,
  },
} as const satisfies Record<string, ProbeSection>
