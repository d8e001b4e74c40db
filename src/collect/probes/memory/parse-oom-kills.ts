import type { OomFacts, OomKill } from '../../../domain/facts/memory.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount } from '../../formats/count.ts'
import { readKernelLog } from '../../formats/kernel-log.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const MAX_KILLS = 50
/** 2.6.32: `12, UID 500, (java) total-vm`; 3.x–4.x: `12 (java)[, UID 500,] total-vm`; 5.x: `12 (java) total-vm … UID:500`. */
const KILLED = /Killed process (\d{1,10})(?:, UID \d{1,10},)? \((.{1,64}?)\)[, ](.{0,32}?total-vm:.*)$/
const LIMIT_OF = /killed as a result of limit of (\S{1,400})/
const MEMORY_OF_CGROUP = /constraint=CONSTRAINT_MEMCG,/

/** What lines before the kill said of it. */
interface Circumstances {
  readonly invokedBy: string | null
  readonly scope: OomKill['scope']
  readonly cgroup: string | null
}

const NOTHING_KNOWN: Circumstances = { invokedBy: null, scope: null, cgroup: null }

function addCircumstance(known: Circumstances, message: string): Circumstances {
  const invokedBy = /^(.{1,64}?) invoked oom-killer:/.exec(message)?.[1]
  if (invokedBy !== undefined) return { ...NOTHING_KNOWN, invokedBy }
  const limit = LIMIT_OF.exec(message)?.[1] ?? /,oom_memcg=([^,]{1,400})/.exec(message)?.[1]
  if (LIMIT_OF.test(message) || MEMORY_OF_CGROUP.test(message))
    return { ...known, scope: 'cgroup', cgroup: limit ?? known.cgroup }
  if (/constraint=CONSTRAINT_NONE,/.test(message)) return { ...known, scope: 'machine' }
  return scopeOf(message) === null ? known : { ...known, scope: scopeOf(message) }
}

function scopeOf(message: string): OomKill['scope'] {
  if (/^Memory cgroup out of memory/i.test(message)) return 'cgroup'
  return /^Out of memory/i.test(message) ? 'machine' : null
}

/** Sum of the kinds of resident memory that this kernel prints; null when it prints none. */
function residentOf(details: string): number | null {
  const parts = [...details.matchAll(/\b(?:anon|file|shmem)-rss:(\d{1,15})kB/g)].map(([, count]) =>
    Number(count),
  )
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0) * 1024
}

function toKill(killed: RegExpExecArray, known: Circumstances, at: Date | null): OomKill {
  const [message, pid, victim, details = ''] = killed
  const virtual = parseCount(/total-vm:(\d{1,15})kB/.exec(details)?.[1])
  const scope = scopeOf(killed.input.slice(0, killed.index)) ?? known.scope
  return {
    at,
    victim: victim ?? '',
    pid: Number(pid),
    uid: parseCount(/\bUID[: ](\d{1,10})\b/.exec(message)?.[1]),
    residentBytes: residentOf(details),
    virtualBytes: virtual === null ? null : virtual * 1024,
    scope,
    cgroup: scope === 'machine' ? null : known.cgroup,
    invokedBy: known.invokedBy,
  }
}

/**
 * Returns the processes that the kernel killed for lack of memory, from its log (kernel 2.6.32 to 6.x, mm/oom_kill.c).
 * An empty list says that the log, as far back as `logSince`, holds none.
 */
export function parseOomKills({ stdout }: RawSection): Parsed<OomFacts> {
  const blocks = splitBlocks(stdout)
  if (!blocks.has('log')) return unparseable('the output ends before the log')
  const { lines, logSince } = readKernelLog(blocks)
  const kills: OomKill[] = []
  let known = NOTHING_KNOWN
  for (const { at, message } of lines) {
    const killed = KILLED.exec(message)
    if (killed === null) known = addCircumstance(known, message)
    else {
      kills.push(toKill(killed, known, at))
      known = NOTHING_KNOWN
    }
  }
  if (kills.length === 0 && (blocks.get('first') ?? '').trim() === '')
    return { absent: 'no_data', why: 'the kernel log is empty' }
  return { value: { kills: kills.slice(-MAX_KILLS), logSince } }
}
