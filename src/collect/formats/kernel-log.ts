import { parseCount, parseDecimal } from './count.ts'
import { linesOf } from './lines.ts'

/** A Date holds ±8.64e15 ms (ECMA-262, 21.4.1.1). */
const MAX_DATE_MS = 8_640_000_000_000_000

/** `[  123.456789]`, with `[ T12]` behind it where the kernel names the caller, and `host kernel: ` in the journal. */
const STAMP = /^(?:<\d{1,3}>)?\[\s{0,20}(\d{1,12}\.\d{1,9})\](?:\[[ \w]{1,20}\])? ?(?:\S{1,253} kernel: )?/

/** One line of the kernel log without its stamp. */
export interface KernelLogLine {
  /** Null when the line has no stamp, or clock and uptime are not known. */
  readonly at: Date | null
  readonly message: string
}

/** The clock of a log that counts seconds since boot, by the server's own clock, so that it fits its other times. */
export interface KernelClock {
  /** Null when clock or uptime cannot be read. */
  readonly bootAt: Date | null
  /** Returns when a line was written; null when it has no stamp, or the boot's instant is not known. */
  instantOf(line: string): Date | null
}

/** Returns the clock that the blocks `clock` (`date +%s`) and `uptime` (/proc/uptime) tell. */
export function readKernelClock(blocks: ReadonlyMap<string, string>): KernelClock {
  const nowSeconds = parseCount((blocks.get('clock') ?? '').trim())
  const uptimeSeconds = parseDecimal((blocks.get('uptime') ?? '').trim().split(/\s/)[0])
  const dateOf = (atMs: number): Date | null => (Math.abs(atMs) <= MAX_DATE_MS ? new Date(atMs) : null)
  const bootAt =
    nowSeconds === null || uptimeSeconds === null
      ? null
      : dateOf(Math.round((nowSeconds - uptimeSeconds) * 1_000))
  return {
    bootAt,
    instantOf: (line) => {
      const seconds = STAMP.exec(line)?.[1]
      return seconds === undefined || bootAt === null
        ? null
        : dateOf(Math.round(bootAt.getTime() + Number(seconds) * 1_000))
    },
  }
}

/**
 * Returns the lines of block `log` (dmesg, or `journalctl -o short-monotonic`) with their instants, and when the line in
 * block `first`, the oldest of the log, was written.
 */
export function readKernelLog(blocks: ReadonlyMap<string, string>): {
  readonly lines: readonly KernelLogLine[]
  readonly logSince: Date | null
} {
  const { instantOf } = readKernelClock(blocks)
  const lines = linesOf(blocks.get('log') ?? '').map((line) => ({
    at: instantOf(line),
    message: line.slice(STAMP.exec(line)?.[0].length ?? 0).trim(),
  }))
  return { lines, logSince: instantOf(linesOf(blocks.get('first') ?? '')[0] ?? '') }
}
