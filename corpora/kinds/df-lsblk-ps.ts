import {
  type HostRecording,
  readHostRecording,
} from '../../src/collect/recordings/host/read-host-recording.ts'
import type { UptimeRow } from '../../src/collect/recordings/host/uptime-line.ts'
import type { CorpusKind, Facts, Json } from '../corpus-kind.ts'
import { expectedFiles } from '../read-corpus.ts'
import { scoreFacts } from '../score-facts.ts'

const MEMINFO_NAMES = ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapTotal', 'SwapFree']

const table = (rows: readonly Facts[]): Facts => ({ records: rows.length, rows })

const uptimeFacts = (row: UptimeRow) => ({
  time: row.time,
  uptime: row.uptime,
  users: row.users,
  load_1m: row.load1,
  load_5m: row.load5,
  load_15m: row.load15,
  time_hour: row.timeHour,
  time_minute: row.timeMinute,
  time_second: row.timeSecond,
  uptime_days: row.days,
  uptime_hours: row.hours,
  uptime_minutes: row.minutes,
  uptime_total_seconds: row.totalSeconds,
})

function meminfoFacts(values: ReadonlyMap<string, number>): Facts {
  const kilobytes = (name: string): Json => {
    const bytes = values.get(name)
    return bytes === undefined ? null : bytes / 1024
  }
  return {
    kind: 'meminfo',
    records: 1,
    kb: Object.fromEntries(MEMINFO_NAMES.map((name) => [name, kilobytes(name)])),
    available_must_be_estimated: !values.has('MemAvailable'),
  }
}

function recordingFacts(recording: HostRecording): Facts {
  switch (recording.format) {
    case 'meminfo':
      return meminfoFacts(recording.values)
    case 'df': {
      const rows = recording.rows.map(({ source, mount, usedPercent }) => ({
        filesystem: source,
        mount,
        use_pct: usedPercent,
      }))
      return { kind: 'df', data_lines: rows.length, mounts: rows.map(({ mount }) => mount), ...table(rows) }
    }
    case 'lsblk':
      return table(
        recording.rows.map(({ name, type, size, mountPoint }) => ({
          name,
          type,
          size,
          mountpoint: mountPoint,
        })),
      )
    case 'ps': {
      const rows = recording.rows.map(({ pid, user, cpuPercent, memoryPercent, command }) => ({
        pid,
        user,
        cpu_pct: cpuPercent,
        mem_pct: memoryPercent,
        command,
      }))
      return { kind: 'ps', data_lines: rows.length, ...table(rows) }
    }
    case 'mount':
      return table(
        recording.rows.map(({ source, mountPoint, type }) => ({
          filesystem: source,
          mount_point: mountPoint,
          type,
        })),
      )
    case 'free':
      return table(recording.rows.map(({ type, sizes }) => ({ type, ...sizes })))
    case 'uptime':
      return table([uptimeFacts(recording.row)])
    case 'proc_uptime':
      return table([{ up_time: recording.upSeconds, idle_time: recording.idleSeconds }])
    case 'activity':
      return { records: recording.rows.length }
  }
}

function factsOf(contents: string): Facts {
  const recording = readHostRecording(contents)
  return recording === null ? {} : recordingFacts(recording)
}

/** Everyday tools of a machine: df, lsblk, ps, mount, free, uptime, meminfo, and the tables of what counts activity. */
export const dfLsblkPsKind: CorpusKind = {
  kind: 'df-lsblk-ps',
  files: expectedFiles,
  answer: factsOf,
  score(expected, answers) {
    // `jc` is the name of the file from which the facts were taken.
    const fieldsOf = (file: string): readonly string[] =>
      Object.keys(expected.get(file) ?? {}).filter((field) => field !== 'jc')
    const { accuracy, mistakes } = scoreFacts(expected, answers, fieldsOf)
    return { metrics: { facts: accuracy }, mistakes }
  },
}
