import type { KernelLogFacts } from '../../../domain/facts/kernel.ts'
import { redactText } from '../../../lib/redact.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import { type Parsed, unparseable } from '../../section-value.ts'
import { MAX_LINE_CHARACTERS, MAX_LOG_LINES } from './sections.ts'

/** A Date holds ±8.64e15 ms (ECMA-262, 21.4.1.1). */
const MAX_DATE_MS = 8_640_000_000_000_000

const SECONDS_SINCE_BOOT = /^(?:<\d{1,3}>)?\[\s{0,20}(\d{1,12}\.\d{1,9})\]/

const dateOf = (atMs: number): Date | null => (Math.abs(atMs) <= MAX_DATE_MS ? new Date(atMs) : null)

/** By the clock of the server, so that it fits other times which the server tells. */
function bootInstant(blocks: ReadonlyMap<string, string>): Date | null {
  const nowSeconds = parseCount((blocks.get('clock') ?? '').trim())
  const uptimeSeconds = parseDecimal((blocks.get('uptime') ?? '').trim().split(/\s/)[0])
  return nowSeconds === null || uptimeSeconds === null
    ? null
    : dateOf(Math.round((nowSeconds - uptimeSeconds) * 1_000))
}

function instantOf(line: string, bootAt: Date | null): Date | null {
  const seconds = SECONDS_SINCE_BOOT.exec(line)?.[1]
  return seconds === undefined || bootAt === null ? null : dateOf(bootAt.getTime() + Number(seconds) * 1_000)
}

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
  const bootAt = bootInstant(blocks)
  const kept = lines.slice(-MAX_LOG_LINES).map((line) => redactText(line.slice(0, MAX_LINE_CHARACTERS)))
  return { value: { lines: kept, bootAt, logSince: instantOf(first, bootAt) } }
}
