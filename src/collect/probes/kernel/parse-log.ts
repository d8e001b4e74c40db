import type { KernelLogFacts } from '../../../domain/facts/kernel.ts'
import { redactText } from '../../../lib/redact.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { readKernelClock } from '../../formats/kernel-log.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import { type Parsed, unparseable } from '../../section-value.ts'
import { MAX_LINE_CHARACTERS, MAX_LOG_LINES } from './sections.ts'

/**
 * Returns the lines of the kernel's log that may tell of trouble (dmesg of util-linux and BusyBox, journalctl
 * `short-monotonic`). None is an empty list.
 */
export function parseKernelLog({ stdout }: RawSection): Parsed<KernelLogFacts> {
  const blocks = splitBlocks(stdout)
  const log = blocks.get('log')
  if (log === undefined) return unparseable('the output ends before the log')
  const first = blocks.get('first') ?? ''
  const lines = linesOf(log).filter((line) => line.trim() !== '')
  if (lines.length === 0 && first.trim() === '') return { absent: 'no_data', why: 'the kernel log is empty' }
  const { bootAt, instantOf } = readKernelClock(blocks)
  const kept = lines.slice(-MAX_LOG_LINES).map((line) => redactText(line.slice(0, MAX_LINE_CHARACTERS)))
  return { value: { lines: kept, bootAt, logSince: instantOf(first) } }
}
