import type { TimeSyncFacts } from '../../../domain/facts/system.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { parseAsctime } from './asctime.ts'

type Answer = Pick<
  TimeSyncFacts,
  'daemon' | 'isSynchronized' | 'followsOnlyItself' | 'offsetSeconds' | 'stratum' | 'lastUpdateAgeSeconds'
>

const SILENT: Answer = {
  daemon: null,
  isSynchronized: null,
  followsOnlyItself: null,
  offsetSeconds: null,
  stratum: null,
  lastUpdateAgeSeconds: null,
}

/** 16 means without a source (RFC 5905, figure 11); chrony prints 0. */
const stratumOrNull = (stratum: number | null): number | null =>
  stratum !== null && stratum >= 1 && stratum <= 15 ? stratum : null

const fieldsOf = (block: string, separator: string): ReadonlyMap<string, string> =>
  new Map(linesOf(block).flatMap((line) => [splitPair(line, separator) ?? ['', '']]))

/** `chronyc tracking` (chronyc manual): reference 7F7F0101 is its own clock, an update before 1970-01-02 is none. */
function readChrony(block: string, nowSeconds: number | null): Answer {
  const fields = fieldsOf(block, ':')
  const leap = fields.get('Leap status') ?? ''
  const isSynchronized = leap !== '' && !/^not synchroni[sz]ed/i.test(leap)
  const [, amount, side] =
    /^(\d{1,12}\.\d{1,9}) seconds (slow|fast) of NTP time/.exec(fields.get('System time') ?? '') ?? []
  const offset = parseDecimal(amount)
  const updatedAt = parseAsctime(fields.get('Ref time (UTC)') ?? '')
  const updatedSeconds = updatedAt === null ? 0 : updatedAt.getTime() / 1000
  return {
    daemon: 'chronyd',
    isSynchronized,
    followsOnlyItself: isSynchronized
      ? /^(?:7F7F0101|127\.127\.1\.)/i.test(fields.get('Reference ID') ?? '')
      : null,
    offsetSeconds: !isSynchronized || offset === null ? null : side === 'slow' ? 0 - offset : offset,
    stratum: isSynchronized ? stratumOrNull(parseCount(fields.get('Stratum'))) : null,
    lastUpdateAgeSeconds:
      updatedSeconds < 86_400 || nowSeconds === null ? null : Math.max(0, nowSeconds - updatedSeconds),
  }
}

const UNITS_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** The column `when` of ntpq: seconds, or a number with its unit, or `-`. */
function whenSeconds(word: string | undefined): number | null {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd]?)$/.exec(word ?? '') ?? []
  return count === undefined ? null : Number(count) * (UNITS_SECONDS[unit || 's'] ?? 1)
}

/**
 * `ntpq -pn`: the peer marked `*` (or `o`, by its pulses) is followed, 127.127.1.x is the local clock. Its offset, in ms,
 * is what has to be added to our clock (RFC 5905, section 8), so a positive one says that ours is behind.
 */
function readNtpq(block: string): Answer {
  const peers = linesOf(block).map((line) => line.trim().split(/\s+/))
  const peer = peers.find(([remote = '', ...rest]) => /^[*o][\da-f.:[]/i.test(remote) && rest.length === 9)
  if (peer === undefined) return { ...SILENT, daemon: 'ntpd', isSynchronized: false }
  const [remote = '', , stratum, , when, , , , offset] = peer
  const offsetMs = parseDecimal(offset)
  const sourceStratum = parseCount(stratum)
  return {
    daemon: 'ntpd',
    isSynchronized: true,
    followsOnlyItself: remote.slice(1).startsWith('127.127.1.'),
    offsetSeconds: offsetMs === null ? null : 0 - offsetMs / 1000,
    stratum: stratumOrNull(sourceStratum === null ? null : sourceStratum + 1),
    lastUpdateAgeSeconds: whenSeconds(when),
  }
}

const SPAN_UNITS_SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
}

/** systemd.time(7): `+1.234ms`, `-2min 3.5s`; null for anything else and for spans of weeks and more. */
function parseSpan(words: string | undefined): number | null {
  const span = (words ?? '').slice(0, 60)
  if (!/^[+-]?\d/.test(span)) return null
  let seconds = 0
  for (const part of span.replace(/^[+-]/, '').split(' ')) {
    const [, count, unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)([a-z]{1,5})$/.exec(part) ?? []
    const unitSeconds = SPAN_UNITS_SECONDS[unit]
    if (count === undefined || unitSeconds === undefined) return null
    seconds += Number(count) * unitSeconds
  }
  return span.startsWith('-') ? -seconds : seconds
}

/**
 * What systemd knows: the kernel's flag, and of its own client offset (signed like ntpq's) and the source's stratum. The
 * flag says nothing under a daemon that does not set it, such as chronyd without `rtcsync`.
 */
function readSystemd(timesync: string, timedatectl: string, running: string | null): Answer {
  const client = fieldsOf(timesync, ':')
  const flag = /(?:^|\n)[ \t]{0,40}(?:NTPSynchronized=|(?:NTP|System clock) synchronized: )(yes|no)/.exec(
    timedatectl,
  )?.[1]
  const answered = (parseCount(client.get('Packet count')) ?? 0) > 0
  const daemon = running ?? (answered ? 'systemd-timesyncd' : null)
  const offset = parseSpan(client.get('Offset'))
  const sourceStratum = parseCount(client.get('Stratum'))
  const isOwnClient = daemon === null || daemon === 'systemd-timesyncd'
  return {
    ...SILENT,
    daemon,
    isSynchronized: flag === 'yes' ? true : flag === 'no' && isOwnClient ? false : null,
    offsetSeconds: answered && isOwnClient && offset !== null ? 0 - offset : null,
    stratum: answered && isOwnClient && sourceStratum !== null ? stratumOrNull(sourceStratum + 1) : null,
  }
}

/** A process name is cut to 15 characters by the kernel. */
const daemonName = (line: string): string =>
  line.replace(/^Name:\s{0,10}/, '').replace(/^systemd-timesyn$/, 'systemd-timesyncd')

function zoneOf(block: string): string | null {
  const names = linesOf(block).map((line) => line.trim().split('/zoneinfo/').at(-1) ?? '')
  return names.find((name) => /^[A-Za-z][\w+-]{1,30}(?:\/[\w+-]{1,30}){0,2}$/.test(name)) ?? null
}

function utcOffsetOf(word: string): number | null {
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(word) ?? []
  if (sign === undefined) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) || 0
}

/** Returns how the clock is kept right, by the first of chrony, ntpd and systemd that answered, and the time zone. */
export function parseTimeSync({ stdout }: RawSection): Parsed<TimeSyncFacts> {
  const blocks = splitBlocks(stdout)
  const daemons = blocks.get('daemons')
  if (daemons === undefined) return unparseable('the output ends early')
  const [clock = '', zone = ''] = linesOf(blocks.get('clock') ?? '')
  const running =
    linesOf(daemons)
      .map(daemonName)
      .find((name) => /^[a-z][a-z0-9-]{2,30}$/.test(name)) ?? null
  const chrony = blocks.get('chrony')
  const ntpq = blocks.get('ntpq')
  const answer =
    chrony !== undefined
      ? readChrony(chrony, parseCount(clock.trim()))
      : ntpq !== undefined
        ? readNtpq(ntpq)
        : readSystemd(blocks.get('timesync') ?? '', blocks.get('timedatectl') ?? '', running)
  const adjtime = (blocks.get('adjtime') ?? '').trim()
  return {
    value: {
      ...answer,
      timeZone: zoneOf(blocks.get('zone') ?? ''),
      utcOffsetMinutes: utcOffsetOf(zone.trim()),
      hardwareClockIsLocal: adjtime === 'LOCAL' ? true : adjtime === 'UTC' ? false : null,
    },
  }
}
