import type { FailureOrigin } from '../../domain/known-failure.ts'

/** Longest message that is looked at: the kernel cuts its own at 1,024 bytes (LOG_LINE_MAX, kernel/printk/printk.c). */
const MAX_MESSAGE = 1_000

/** One line of a log without its header. */
export interface LogLine {
  /** From 1. */
  readonly number: number
  /** Null where the header has no time, or one without year or zone. */
  readonly at: Date | null
  /** Seconds on the log's own scale, to tell how far two lines are apart; null without a time. */
  readonly seconds: number | null
  /** Seconds since boot, where the header counts them. */
  readonly uptimeSeconds: number | null
  /** Who wrote it; null where the header does not tell. */
  readonly origin: FailureOrigin | null
  readonly message: string
}

/** `[  123.456789]`, `[123.456][ T12]`, with a syslog priority before it. */
const UPTIME = /^(?:<\d{1,4}>)?\[ {0,12}(\d{1,12}\.\d{1,9})\] ?(?:\[ {0,6}[TC]\d{1,10}\] ?)?/
/** `2026-03-02T09:00:00.123456+08:00`, of `dmesg --time-format iso` with a comma; the zone may lack its colon. */
const ISO =
  /^(?:<\d{1,4}>)?(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?(?=[ \t]|$)[ \t]?/
/** RFC 3164: `Mar  2 09:00:00`. */
const SYSLOG = /^(?:<\d{1,4}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) /
/** `dmesg -T`: `[Mon Mar  2 09:00:00 2026]`, in the zone of the server. */
const CTIME = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) \d{4}\] /
/** `host program[pid]: ` after the time of a system log. */
const HOST_AND_PROGRAM = /^[^\s:]{1,253} ([^\s:[\]]{1,64})(?:\[\d{1,10}\])?: /
const HOST_AND_KERNEL = /^[^\s:]{1,253} kernel: /
/** systemd writes into the kernel's log before the system log runs. */
const SYSTEMD_IN_KERNEL_LOG = /^systemd[\w-]{0,30}\[\d{1,10}\]: /

const MONTHS: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]
const MAX_DATE_SECONDS = 8_640_000_000_000

interface Header {
  readonly length: number
  readonly at: Date | null
  readonly seconds: number | null
  readonly uptimeSeconds: number | null
  /** What may follow: host and program, host and `kernel:`, or the message at once. */
  readonly form: 'system' | 'kernel'
}

const dateOf = (seconds: number): Date | null =>
  Number.isFinite(seconds) && Math.abs(seconds) <= MAX_DATE_SECONDS ? new Date(seconds * 1_000) : null

/** Seconds in a year that is not told: differences of lines of one log are right, but across New Year. */
function secondsOfYear(parts: readonly (string | undefined)[]): number | null {
  const [month, day, hour, minute, second] = parts
  const index = MONTHS.indexOf(month ?? '')
  if (index < 0) return null
  return Date.UTC(2000, index, Number(day), Number(hour), Number(minute), Number(second)) / 1_000
}

function readIso(found: RegExpExecArray): Header {
  const [whole, day, time, fraction, zone] = found
  const written = `${day}T${time}.${(fraction ?? '0').slice(0, 3)}`
  const offset = zone === undefined || zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const seconds = Date.parse(`${written}${offset}`) / 1_000
  const known = Number.isFinite(seconds)
  return {
    length: whole.length,
    at: known && zone !== undefined ? dateOf(seconds) : null,
    seconds: known ? seconds : null,
    uptimeSeconds: null,
    form: 'system',
  }
}

function readHeader(line: string, bootAt: Date | null): Header | null {
  const uptime = UPTIME.exec(line)
  if (uptime !== null) {
    const seconds = Number(uptime[1])
    const at = bootAt === null ? null : dateOf(bootAt.getTime() / 1_000 + seconds)
    return { length: uptime[0].length, at, seconds, uptimeSeconds: seconds, form: 'kernel' }
  }
  const iso = ISO.exec(line)
  if (iso !== null) return readIso(iso)
  const dated = SYSLOG.exec(line) ?? CTIME.exec(line)
  if (dated === null) return null
  const [whole, ...parts] = dated
  const form = whole.startsWith('[') ? 'kernel' : 'system'
  return { length: whole.length, at: null, seconds: secondsOfYear(parts), uptimeSeconds: null, form }
}

function splitWriter(rest: string, form: Header['form']): Pick<LogLine, 'origin' | 'message'> {
  const kernel = HOST_AND_KERNEL.exec(rest)
  if (kernel !== null) return { origin: 'kernel', message: rest.slice(kernel[0].length).replace(UPTIME, '') }
  const writer = form === 'system' ? HOST_AND_PROGRAM.exec(rest) : SYSTEMD_IN_KERNEL_LOG.exec(rest)
  if (writer !== null) return { origin: 'service', message: rest.slice(writer[0].length) }
  // A time of its own with neither host nor program: dmesg, or the log file of some service.
  return { origin: form === 'kernel' ? 'kernel' : null, message: rest }
}

/**
 * Returns the line without its header: of dmesg (plain, `-T`, `--time-format iso`), the journal (`short`,
 * `short-iso`, `short-monotonic`), syslog (RFC 3164 and ISO times) or none. `bootAt` places seconds since boot in time.
 */
export function readLogLine(written: string, number: number, bootAt: Date | null): LogLine {
  const line = written.length > MAX_MESSAGE ? written.slice(0, MAX_MESSAGE) : written
  const header = readHeader(line, bootAt)
  if (header === null)
    return { number, at: null, seconds: null, uptimeSeconds: null, origin: null, message: line.trim() }
  const { origin, message } = splitWriter(line.slice(header.length), header.form)
  const { at, seconds, uptimeSeconds } = header
  return { number, at, seconds, uptimeSeconds, origin, message: message.trim() }
}
