import type { MetricSample } from '../domain/metrics.ts'
import { serverKey } from '../domain/server.ts'
import { type Text, text } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import { createLocalTimeZone } from '../lib/local-time.ts'
import { readSnowflake } from '../lib/snowflake.ts'
import { CLOCK_TOLERANCE_MS } from '../pipeline/system-inspection.ts'
import type { DoctorCheck } from '../services/context.ts'
import type { ServerIdentity, Store } from '../store/repositories.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Zones differ by whole and half hours; the few of 45 minutes are left out. */
const SHIFT_STEP_MS = 30 * MINUTE_MS
/** How far from such a step a shift may lie: the age of the newest row and clocks that differ. Ours. */
const TOLERANCE_MS = 10 * MINUTE_MS
/** From UTC-12 to UTC+14 is the longest way between two zones (IANA time zone database 2026a). */
const LONGEST_SHIFT_MS = 26 * HOUR_MS
/** Rows whose writer stopped earlier say nothing of today. Ours. */
const RECENT_MS = 48 * HOUR_MS
/** Of rows that only lag behind, the newest is at most so much older than the shift: else their writer has stopped. Ours. */
const REGULAR_LAG_MS = 3 * MINUTE_MS
/** Rows that only lag behind by more are called old: zones further behind than this are rare. Ours. */
const LONGEST_LAG_MS = 14 * HOUR_MS
/** A writer is called regular by so many samples in an hour, at least. Ours. */
const REGULAR_SAMPLES = 10
/** Lagging servers whose regularity is looked at. */
const SERVERS_LOOKED_AT = 5

interface TimeZoneSettings {
  readonly store: Pick<Store, 'samples'>
  readonly clock: Clock
  /** Zone that the datetime columns of the given tables are read in. */
  readonly configured: string
  /** Zones that are likelier than others, likeliest first. */
  readonly likely: readonly string[]
}

/** What the newest rows say of their writer's zone. */
interface Shift {
  /** Positive: rows are read as later than they were written; a multiple of half an hour, not 0. */
  readonly shiftMs: number
  readonly servers: number
  readonly ofServers: number
  /** False: it may also be that nobody has written for so long. */
  readonly isSure: boolean
}

interface NewestTime extends ServerIdentity {
  readonly collectedAt: Date
}

/**
 * Compares the newest rows' times with the truth, and warns when they are whole or half hours off: then
 * `database.time_zone` is not the zone of whoever writes them. Throws what the store throws.
 */
export async function checkTimeZone(settings: TimeZoneSettings): Promise<DoctorCheck> {
  const { configured } = settings
  const name = 'database.time_zone'
  const found = await findShift(settings)
  if (found === null) {
    const fine = text(
      `${configured};最新样本没有整小时偏差`,
      `${configured}; the newest samples are not whole hours off`,
    )
    return { name, state: 'ok', found: fine, remedy: null }
  }
  const { shiftMs, servers, ofServers } = found
  const by = durationText(Math.abs(shiftMs))
  return {
    name,
    state: 'warning',
    found: text(
      `最新样本的时间按 ${configured} 读出后${shiftMs > 0 ? '超前' : '落后'} ${by.zh}(${ofServers} 台中的 ${servers} 台)`,
      `read in ${configured}, the newest samples are ${by.en} ${shiftMs > 0 ? 'ahead' : 'behind'} (${servers} of ${ofServers} servers)`,
    ),
    remedy: remedyFor(settings, found),
  }
}

async function findShift({ store, clock }: TimeZoneSettings): Promise<Shift | null> {
  const nowMs = clock.now().getTime()
  const { samples, ahead } = await store.samples.latestPerServer(new Date(nowMs + CLOCK_TOLERANCE_MS))
  const recent = samples.filter(({ collectedAt }) => nowMs - collectedAt.getTime() <= RECENT_MS)
  const byIds = recent.flatMap((sample) => shiftAgainstId(sample) ?? [])
  if (byIds.length > 0 && byIds.length * 2 >= recent.length)
    return agreedShift(byIds.map((ms) => nearestStep(ms, TOLERANCE_MS, TOLERANCE_MS)))
  return await shiftAgainstClock(store, { recent, ahead, nowMs })
}

/**
 * Rows ahead of the clock are sure. Rows behind it are only as old as they are unless they come regularly from several
 * servers, and even then their writer may have stopped a whole number of hours ago.
 */
async function shiftAgainstClock(
  store: TimeZoneSettings['store'],
  found: {
    readonly recent: readonly NewestTime[]
    readonly ahead: readonly NewestTime[]
    readonly nowMs: number
  },
): Promise<Shift | null> {
  const ahead = found.ahead
    .map((server) => ({ server, ms: server.collectedAt.getTime() - found.nowMs }))
    .filter(({ ms }) => ms <= LONGEST_SHIFT_MS)
    .map(({ server, ms }) => ({ server, step: nearestStep(ms, TOLERANCE_MS, TOLERANCE_MS) }))
  const isAhead = new Set(found.ahead.map(({ bkCloudId, ip }) => serverKey(bkCloudId, ip)))
  const behind = found.recent
    .filter(({ bkCloudId, ip }) => !isAhead.has(serverKey(bkCloudId, ip)))
    .map((server) => ({ server, ms: server.collectedAt.getTime() - found.nowMs }))
    .map(({ server, ms }) => ({ server, step: nearestStep(ms, REGULAR_LAG_MS, MINUTE_MS) }))
  const shift = agreedShift([...ahead, ...behind].map(({ step }) => step))
  if (shift === null || shift.shiftMs > 0) return shift
  if (-shift.shiftMs > LONGEST_LAG_MS) return null
  const lagging = behind.filter(({ step }) => step === shift.shiftMs).map(({ server }) => server)
  return lagging.length > 1 && (await areRegular(store, lagging)) ? { ...shift, isSure: false } : null
}

/**
 * Returns by how much a row's time is later than the instant that its id was made at, which no zone changes; null when
 * the id is no snowflake of the usual epoch (the given tables' ids are, product specification §4).
 */
function shiftAgainstId({ id, collectedAt }: MetricSample): number | null {
  if (!/^[1-9]\d{18}$/.test(id) || BigInt(id) >= 1n << 63n) return null
  const shiftMs = collectedAt.getTime() - readSnowflake(id).at.getTime()
  return Math.abs(shiftMs) <= LONGEST_SHIFT_MS + TOLERANCE_MS ? shiftMs : null
}

/** Returns the half hour that the shift is at most so far below or above; null when there is none. */
function nearestStep(ms: number, belowMs: number, aboveMs: number): number | null {
  const step = Math.round(ms / SHIFT_STEP_MS) * SHIFT_STEP_MS
  return ms >= step - belowMs && ms <= step + aboveMs ? step : null
}

/** Returns the shift that most servers have; null when most have none, or none in common. */
function agreedShift(steps: readonly (number | null)[]): Shift | null {
  for (const shiftMs of new Set(steps)) {
    const servers = steps.filter((step) => step === shiftMs).length
    if (shiftMs !== null && shiftMs !== 0 && servers * 2 > steps.length)
      return { shiftMs, servers, ofServers: steps.length, isSure: true }
  }
  return null
}

/** True when the servers' samples come minute by minute, so that a lag is not just the age of the last one. */
async function areRegular(
  store: TimeZoneSettings['store'],
  servers: readonly NewestTime[],
): Promise<boolean> {
  for (const server of servers.slice(0, SERVERS_LOOKED_AT)) {
    const since = new Date(server.collectedAt.getTime() - HOUR_MS)
    const samples = await store.samples.history(server, since, server.collectedAt)
    if (samples.length < REGULAR_SAMPLES) return false
  }
  return true
}

function durationText(ms: number): Text {
  const hours = Math.floor(ms / HOUR_MS)
  const minutes = Math.round((ms % HOUR_MS) / MINUTE_MS)
  const zh = [hours > 0 ? `${hours} 小时` : '', minutes > 0 ? `${minutes} 分钟` : '']
  const en = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '']
  return text(zh.filter(Boolean).join(' '), en.filter(Boolean).join(' '))
}

function remedyFor({ configured, likely, clock }: TimeZoneSettings, { shiftMs, isSure }: Shift): Text {
  const now = clock.now()
  const zone = fittingZone(offsetMs(configured, now) + shiftMs, likely, now)
  const clockRemedy = text('校准写入方机器的时钟', "Set the clock of the writer's machine")
  if (zone === null) return clockRemedy
  const unless = isSure ? text('', '') : text('若写入方仍在写入:', 'If the writer goes on writing: ')
  return text(
    `${unless.zh}把 database.time_zone 设为写入方的时区,例如 ${zone};若其时区就是 ${configured},则${clockRemedy.zh}`,
    `${unless.en}set database.time_zone to the writer's zone, for example ${zone}; if that is ${configured}, set the clock of the writer's machine`,
  )
}

/** Returns by how much the zone's local clock is ahead of UTC at the instant. */
function offsetMs(timeZone: string, at: Date): number {
  const local = createLocalTimeZone(timeZone).toLocal(at)
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000
}

/** Returns a likely zone with that offset, else the offset itself as the configuration takes it; null when no zone has it. */
function fittingZone(wantedMs: number, likely: readonly string[], at: Date): string | null {
  if (wantedMs < -12 * HOUR_MS || wantedMs > 14 * HOUR_MS) return null
  const known = likely.find((zone) => offsetMs(zone, at) === wantedMs)
  if (known !== undefined) return known
  const minutes = Math.abs(wantedMs) / MINUTE_MS
  const twoDigits = (n: number): string => String(n).padStart(2, '0')
  return `${wantedMs < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
}
