import type { ProcessMemory, ProcessShare } from '../../../domain/facts/memory.ts'
import { redactText } from '../../../lib/redact.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import { parsePathLines } from '../../formats/path-lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'

const MAX_PROCESSES = 20
const MAX_COMMAND_LENGTH = 300

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** procps prints kB; BusyBox prints `1234` (kB), `12m` or `1.2g`. */
function parseResident(word: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)([mgt]?)$/.exec(word)
  const unit = UNIT_BYTES[match?.[2] ?? '']
  return match?.[1] === undefined || unit === undefined ? null : Math.round(Number(match[1]) * unit)
}

/** Returns the seconds of ps's `[[dd-]hh:]mm:ss` (IEEE Std 1003.1, ps, etime), or null. */
function parseElapsed(word: string): number | null {
  const match = /^(?:(?:(\d{1,6})-)?(\d{1,4}):)?(\d{1,4}):(\d{1,2})$/.exec(word)
  if (match === null) return null
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => parseCount(part) ?? 0)
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
}

const SHARE_PATH = /^\/proc\/(\d{1,10})\/smaps_rollup$/
const SHARE_LINE = /^(Pss|SwapPss):\s{1,40}(\d{1,15}) kB$/

/** Returns the proportional shares of `/proc/PID/smaps_rollup` (proc(5)), largest first. */
export function parseProcessShares({ stdout }: RawSection): Parsed<readonly ProcessShare[]> {
  const bytes = new Map<string, number>()
  for (const { path, value } of parsePathLines(stdout)) {
    const pid = SHARE_PATH.exec(path)?.[1]
    const [, name, kilobytes] = SHARE_LINE.exec(value.trimEnd()) ?? []
    if (pid !== undefined && name !== undefined) bytes.set(`${name} ${pid}`, Number(kilobytes) * 1024)
  }
  const shares = [...bytes].flatMap(([key, proportionalBytes]) => {
    const [name, pid] = key.split(' ')
    if (name !== 'Pss') return []
    return [{ pid: Number(pid), proportionalBytes, swappedBytes: bytes.get(`SwapPss ${pid}`) ?? null }]
  })
  if (shares.length === 0) return { absent: 'unparseable', why: 'no Pss line' }
  return { value: shares.sort((a, b) => b.proportionalBytes - a.proportionalBytes || a.pid - b.pid) }
}

/** `now` less the elapsed time; null where that is no date. */
function startOf(elapsedSeconds: number | null, now: Date): Date | null {
  if (elapsedSeconds === null) return null
  const startedAt = new Date(now.getTime() - elapsedSeconds * 1000)
  return Number.isNaN(startedAt.getTime()) ? null : startedAt
}

/** Memory by which a process is ranked. */
const heldBytes = (process: Pick<ProcessMemory, 'proportionalBytes' | 'residentBytes'>): number =>
  process.proportionalBytes ?? process.residentBytes

/**
 * Returns the processes that hold most memory first, at most 20; kernel threads (no resident memory) are left out.
 * `shares` are the proportional shares that could be read; `now` dates the start. Secrets in arguments are redacted
 * here, before anything else sees them.
 */
export function parseProcesses(
  { stdout }: RawSection,
  shares: readonly ProcessShare[],
  now: Date,
): Parsed<readonly ProcessMemory[]> {
  const shareByPid = new Map(shares.map((share) => [share.pid, share]))
  const found = linesOf(stdout).flatMap((line) => {
    const match = /^\s*(\d{1,10})\s+(\S{1,64})\s+(\S{1,20})\s+(\S{1,20})\s+(\S.*)$/.exec(line)
    if (match === null) return []
    const [, pid, user = '', resident = '', elapsed = '', command = ''] = match
    const residentBytes = parseResident(resident)
    if (residentBytes === null || residentBytes === 0) return []
    const share = shareByPid.get(Number(pid))
    return [
      {
        pid: Number(pid),
        user,
        residentBytes,
        proportionalBytes: share?.proportionalBytes ?? null,
        swappedBytes: share?.swappedBytes ?? null,
        elapsed,
        command,
      },
    ]
  })
  if (found.length === 0) return { absent: 'unparseable', why: 'ps printed no process line' }
  const value = found
    .sort((a, b) => heldBytes(b) - heldBytes(a) || a.pid - b.pid)
    .slice(0, MAX_PROCESSES)
    .map(({ elapsed, command, ...process }) => {
      const elapsedSeconds = parseElapsed(elapsed)
      return {
        ...process,
        elapsedSeconds,
        startedAt: startOf(elapsedSeconds, now),
        command: redactText(command).slice(0, MAX_COMMAND_LENGTH).trimEnd(),
      }
    })
  return { value }
}
