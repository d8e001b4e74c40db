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

/**
 * Returns the lines of block `log` (dmesg, or `journalctl -o short-monotonic`) with instants made of the blocks
 * `clock` (`date +%s`) and `uptime` (/proc/uptime), and when the line in block `first`, the oldest of the log, was written.
 */
export function readKernelLog(blocks: ReadonlyMap<string, string>): {
  readonly lines: readonly KernelLogLine[]
  readonly logSince: Date | null
} {
  const nowSeconds = parseCount((blocks.get('clock') ?? '').trim())
  const uptimeSeconds = parseDecimal((blocks.get('uptime') ?? '').trim().split(/\s/)[0])
  const timeOf = (seconds: string | undefined): Date | null => {
    if (nowSeconds === null || uptimeSeconds === null || seconds === undefined) return null
    const atMs = Math.round((nowSeconds - uptimeSeconds + Number(seconds)) * 1000)
    return Math.abs(atMs) > MAX_DATE_MS ? null : new Date(atMs)
  }
  const lines = linesOf(blocks.get('log') ?? '').map((line) => {
    const stamp = STAMP.exec(line)
    return { at: timeOf(stamp?.[1]), message: line.slice(stamp?.[0].length ?? 0).trim() }
  })
  return { lines, logSince: timeOf(STAMP.exec(blocks.get('first') ?? '')?.[1]) }
}
