import type { ProcessMemory } from '../../../domain/facts/memory.ts'
import { redactText } from '../../../lib/redact.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
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

/**
 * Returns the processes with the largest resident memory first, at most 20; kernel threads (no resident memory) are
 * left out. Secrets in arguments are redacted here, before anything else sees them.
 */
export function parseProcesses({ stdout }: RawSection): Parsed<readonly ProcessMemory[]> {
  const found = linesOf(stdout).flatMap((line) => {
    const match = /^\s*(\d{1,10})\s+(\S{1,64})\s+(\S{1,20})\s+(\S{1,20})\s+(\S.*)$/.exec(line)
    if (match === null) return []
    const [pid, user, resident, elapsed, command] = match.slice(1)
    const residentBytes = parseResident(resident ?? '')
    if (residentBytes === null || residentBytes === 0) return []
    return [
      { pid: Number(pid), user: user ?? '', residentBytes, elapsed: elapsed ?? '', command: command ?? '' },
    ]
  })
  if (found.length === 0) return { absent: 'unparseable', why: 'ps printed no process line' }
  const value = found
    .sort((a, b) => b.residentBytes - a.residentBytes || a.pid - b.pid)
    .slice(0, MAX_PROCESSES)
    .map(({ pid, user, residentBytes, elapsed, command }) => ({
      pid,
      user,
      residentBytes,
      elapsedSeconds: parseElapsed(elapsed),
      command: redactText(command).slice(0, MAX_COMMAND_LENGTH).trimEnd(),
    }))
  return { value }
}
