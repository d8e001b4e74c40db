import type { BootEvidence, BootFacts, ResetCause } from '../../../domain/facts/system.ts'
import { redactText } from '../../../lib/redact.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { ASCTIME, parseAsctime } from './asctime.ts'

/** A Date holds ±8.64e15 ms (ECMA-262, 21.4.1.1). */
const MAX_DATE_SECONDS = 8_640_000_000_000

/** A boot is written to wtmp by the hardware clock, which may run on local time: no zone is further from UTC than 14 h. */
const SAME_BOOT_MS = 15 * 3_600_000

/** A dump is written while the server crashes, or saved soon after it is up again (kdump, fadump, systemd-pstore). */
const DUMP_SAVED_MS = 30 * 60_000
const DUMP_BEFORE_BOOT_MS = 3_600_000

const MAX_EVIDENCE_CHARACTERS = 300

type End = BootFacts['previousEnded']

/** What one witness says of the end of the boot before. */
interface Testimony {
  readonly end: End
  readonly bootAt: Date | null
  readonly endedAt: Date | null
  readonly evidence: readonly BootEvidence[]
}

const SILENCE: Testimony = { end: 'unknown', bootAt: null, endedAt: null, evidence: [] }

const toEvidence = (source: BootEvidence['source'], line: string): BootEvidence => ({
  source,
  line: redactText(line.trim().slice(0, MAX_EVIDENCE_CHARACTERS)).slice(0, MAX_EVIDENCE_CHARACTERS),
})

const dateOfSeconds = (seconds: number | null): Date | null =>
  seconds === null || seconds > MAX_DATE_SECONDS ? null : new Date(seconds * 1000)

const WTMP_LINE = new RegExp(
  `^(reboot|shutdown)\\s{1,20}system (?:boot|down)\\s.{0,80}?(${ASCTIME})(.{0,60})`,
)

interface WtmpRecord {
  readonly kind: string
  readonly at: Date
  readonly saysCrash: boolean
  readonly line: string
}

/**
 * `last -x -F` (util-linux, sysvinit, wtmpdb), newest first: the present boot, then the end of the one before. A boot
 * that follows a boot had no shutdown between. Nothing is said when wtmp did not record the present boot.
 */
function readWtmp(block: string, lastBootAt: Date | null): Testimony {
  const records = linesOf(block).flatMap((line): readonly WtmpRecord[] => {
    const [, kind = '', time = '', rest = ''] = WTMP_LINE.exec(line) ?? []
    const at = parseAsctime(time)
    return at === null ? [] : [{ kind, at, saysCrash: /\bcrash\b/.test(rest), line }]
  })
  const [present, before] = records
  if (present?.kind !== 'reboot' || before === undefined || lastBootAt === null) return SILENCE
  if (Math.abs(present.at.getTime() - lastBootAt.getTime()) > SAME_BOOT_MS) return SILENCE
  const previous = records.slice(1).find(({ kind }) => kind === 'reboot')
  const isShutdown = before.kind === 'shutdown' && previous?.saysCrash !== true
  return {
    end: isShutdown ? 'shutdown' : 'crash',
    bootAt: previous?.at ?? null,
    endedAt: isShutdown ? before.at : null,
    evidence: records.slice(0, 2).map(({ line }) => toEvidence('wtmp', line)),
  }
}

const JOURNAL_LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\+00:?00 (.*)$/

/** What systemd says while it stops everything, and what journald says last. */
const STOPPING =
  /Journal stopped|Reached target .{0,60}(?:shutdown|reboot|power.?off|halt|kexec|umount|unmount all)|Stopped target |Shutting down\.|systemd-shutdown\[|System is (?:rebooting|powering down|halting)|Powering off|Rebooting\./i

const KERNEL_TROUBLE =
  /Kernel panic|\bOops:|\bBUG:|hard LOCKUP|soft lockup|general protection fault|Machine check|Hardware Error|critical temperature/i

/** The last lines of kernel and systemd in the boot before. Lines of the present boot, which an old journalctl shows where nothing is kept, say nothing. */
function readJournal(block: string, lastBootAt: Date | null): Testimony {
  const lines = linesOf(block).flatMap((line) => {
    const [, time = '', said = ''] = JOURNAL_LINE.exec(line) ?? []
    const at = new Date(`${time}Z`)
    return Number.isNaN(at.getTime()) ? [] : [{ at, said, line }]
  })
  const last = lines.at(-1)
  if (last === undefined || lastBootAt === null || last.at.getTime() > lastBootAt.getTime() + 1000)
    return SILENCE
  const startedAgain = lines.findLastIndex(({ said }) => said.includes('Journal started'))
  const stopping = lines.slice(startedAgain + 1).filter(({ said }) => STOPPING.test(said))
  const trouble = lines.filter(({ said }) => KERNEL_TROUBLE.test(said)).slice(-3)
  const shown =
    stopping.length > 0 ? stopping.slice(-1) : trouble.includes(last) ? trouble : [...trouble, last]
  return {
    end: stopping.length > 0 ? 'shutdown' : 'crash',
    bootAt: null,
    endedAt: last.at,
    evidence: shown.map(({ line }) => toEvidence('journal', line)),
  }
}

const BOOT_ROW = /^\s{0,10}-1\s{1,4}[0-9a-f]{32}\s{1,4}\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/

/** `journalctl --list-boots`: when the boot before began. */
function readListedBoot(block: string): Date | null {
  const found = linesOf(block)
    .map((line) => BOOT_ROW.exec(line))
    .find((match) => match !== null)
  const at = new Date(`${found?.[1] ?? ''}T${found?.[2] ?? ''}Z`)
  return Number.isNaN(at.getTime()) ? null : at
}

/** Dumps of the kernel that were written when the boot before ended, in the order of their times. */
function readDumps(
  block: string,
  lastBootAt: Date | null,
  previousBootAt: Date | null,
): readonly BootEvidence[] {
  if (lastBootAt === null) return []
  const bootMs = lastBootAt.getTime()
  const earliestMs =
    previousBootAt === null ? bootMs - DUMP_BEFORE_BOOT_MS : previousBootAt.getTime() + DUMP_SAVED_MS
  return linesOf(block).flatMap((line) => {
    const [, seconds, path = ''] = /^(\d{1,12}) (\/(?:var|sys)\/.*)$/.exec(line) ?? []
    const atMs = Number(seconds) * 1000
    if (!(atMs >= earliestMs && atMs <= bootMs + DUMP_SAVED_MS)) return []
    return [toEvidence(path.startsWith('/var/crash/') ? 'crash_dump' : 'pstore', path)]
  })
}

/** Bits of `bootstatus` (Linux, include/uapi/linux/watchdog.h). */
const RESET_CAUSES: readonly (readonly [number, ResetCause])[] = [
  [0x20, 'watchdog'],
  [0x01, 'overheat'],
  [0x02, 'fan_fault'],
  [0x10, 'power_low'],
  [0x40, 'power_high'],
]

function readWatchdogs(block: string): readonly ResetCause[] | null {
  const said = linesOf(block)
    .map(parseCount)
    .filter((status) => status !== null && status < 2 ** 31)
  if (said.length === 0) return null
  const bits = said.reduce((all: number, status) => all | (status ?? 0), 0)
  return RESET_CAUSES.flatMap(([bit, cause]) => ((bits & bit) === 0 ? [] : [cause]))
}

/**
 * Who kept a crash dump crashed, whatever else was written. Else a shutdown that one witness saw is one: wtmp and journal
 * both lose their ends at times.
 */
function judgeEnd(testimonies: readonly Testimony[], dumps: readonly BootEvidence[]): End {
  if (dumps.some(({ source }) => source === 'crash_dump')) return 'crash'
  const ends = testimonies.map(({ end }) => end)
  if (ends.includes('shutdown')) return 'shutdown'
  return ends.includes('crash') || dumps.length > 0 ? 'crash' : 'unknown'
}

/** Returns the last two boots and how the first of them ended. */
export function parseBoots({ stdout }: RawSection): Parsed<BootFacts> {
  const blocks = splitBlocks(stdout)
  const watchdogs = blocks.get('watchdogs')
  if (watchdogs === undefined) return unparseable('the output ends early')
  const bootSeconds = /^btime (\d{1,15})$/m.exec(blocks.get('stat') ?? '')?.[1]
  const lastBootAt = dateOfSeconds(parseCount(bootSeconds))
  const wtmp = readWtmp(blocks.get('last') ?? '', lastBootAt)
  const journal = readJournal(blocks.get('journal') ?? '', lastBootAt)
  const previousBootAt = wtmp.bootAt ?? readListedBoot(blocks.get('boots') ?? '')
  const dumps = readDumps(blocks.get('dumps') ?? '', lastBootAt, previousBootAt)
  const end = judgeEnd([wtmp, journal], dumps)
  const agreeing = [wtmp, journal].filter((testimony) => testimony.end === end)
  return {
    value: {
      lastBootAt,
      previousBootAt,
      previousEndedAt: agreeing.find(({ endedAt }) => endedAt !== null)?.endedAt ?? null,
      previousEnded: end,
      evidence: [...agreeing.flatMap(({ evidence }) => evidence), ...dumps],
      resetCauses: readWatchdogs(watchdogs),
    },
  }
}
