import { join, resolve } from 'node:path'
import type { ThresholdPolicy } from '../domain/thresholds.ts'
import { buildSshConfig } from './build-ssh-config.ts'
import type {
  Config,
  DatabaseConfig,
  EffectiveSetting,
  MetricsSourceConfig,
  ReportTypeWordsConfig,
  StatusWordsConfig,
} from './config.ts'
import { isOff } from './key-kinds.ts'
import type { ConfigKey } from './key-list.ts'
import { keysIn } from './key-list.ts'
import type { RawConfig } from './schema.ts'
import type { SecretReference } from './secret.ts'

/** Name of the embedded database's file inside the data directory. */
const SQLITE_FILE = 'smart-ops.db'
const MS_PER_SECOND = 1_000

/** Returns the reference in `env:NAME`, `file:PATH` or `encrypted:NAME`, which the schema has checked. */
function parseReference(written: string, cwd: string): SecretReference {
  const colon = written.indexOf(':')
  const rest = written.slice(colon + 1)
  switch (written.slice(0, colon)) {
    case 'env':
      return { scheme: 'env', name: rest }
    case 'file':
      return { scheme: 'file', path: resolve(cwd, rest) }
    case 'encrypted':
      return { scheme: 'encrypted', name: rest }
    default:
      throw new Error('a secret reference of an unknown scheme passed the schema')
  }
}

function parseStatusWords(written: string): StatusWordsConfig {
  const [normal, warning, critical] = written.split('/')
  if (normal === undefined || warning === undefined || critical === undefined) return 'auto'
  return { normal, warning, critical }
}

function parseReportTypeWords(written: string): ReportTypeWordsConfig {
  const [daily, weekly] = written.split('/')
  return daily === undefined || weekly === undefined ? 'auto' : { daily, weekly }
}

const metricsSource = (written: 'auto' | NonNullable<MetricsSourceConfig>): MetricsSourceConfig =>
  written === 'auto' ? null : written

function buildDatabase(
  raw: RawConfig,
  places: { cwd: string; dataDirectory: string; timeZone: string },
): DatabaseConfig {
  const { database } = raw
  const timeZone = database.time_zone ?? places.timeZone
  const statusWords = parseStatusWords(database.status_words)
  const reportTypeWords = parseReportTypeWords(database.report_type_words)
  const { host, user, password, database: name } = database
  if (host === undefined || user === undefined || password === undefined || name === undefined) {
    const path =
      database.sqlite === undefined
        ? join(places.dataDirectory, SQLITE_FILE)
        : resolve(places.cwd, database.sqlite)
    return { kind: 'sqlite', path, timeZone, statusWords, reportTypeWords }
  }
  return {
    kind: 'mysql',
    host,
    port: database.port,
    user,
    password: parseReference(password, places.cwd),
    database: name,
    charset: database.charset,
    poolSize: database.pool,
    timeZone,
    statusWords,
    reportTypeWords,
  }
}

function effectiveSettings(
  raw: RawConfig,
  sourceOf: (key: ConfigKey) => string,
  computed: Readonly<Record<string, string>>,
): readonly EffectiveSetting[] {
  return keysIn(raw).map((key): EffectiveSetting => {
    let value: unknown = raw
    for (const name of key.path)
      value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
    const source = sourceOf(key)
    if (value === undefined) return { keyPath: key.keyPath, value: computed[key.keyPath] ?? null, source }
    if (key.kind === 'secret') return { keyPath: key.keyPath, value: '***', source }
    if (Array.isArray(value)) return { keyPath: key.keyPath, value: value.map(String), source }
    return { keyPath: key.keyPath, value: isPlain(value) ? value : String(value), source }
  })
}

const isPlain = (value: unknown): value is number | boolean =>
  typeof value === 'number' || typeof value === 'boolean'

/** Freezes plain data through and through and returns it. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(inner)
  }
  return value
}

const buildThresholds = (raw: RawConfig['thresholds']): ThresholdPolicy => ({
  cpuPercent: raw.cpu,
  memoryPercent: raw.memory,
  diskPercent: raw.disk,
  networkPercent: raw.network,
  groups: new Map(
    Object.entries(raw.groups).map(([name, { cpu, memory, disk, network }]) => [
      name,
      {
        ...(cpu === undefined ? {} : { cpuPercent: cpu }),
        ...(memory === undefined ? {} : { memoryPercent: memory }),
        ...(disk === undefined ? {} : { diskPercent: disk }),
        ...(network === undefined ? {} : { networkPercent: network }),
      },
    ]),
  ),
  mounts: new Map(Object.entries(raw.mounts).map(([mount, { disk }]) => [mount, disk])),
})

const schedule = (pattern: string): string | null => (isOff(pattern) ? null : pattern)

/** Returns the frozen configuration for checked values; `sourceOf` tells where a key was set. */
export function buildConfig(
  raw: RawConfig,
  about: { readonly cwd: string; readonly sourceOf: (key: ConfigKey) => string },
): Config {
  const { cwd } = about
  const timeZone = raw.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  const dataDirectory = resolve(cwd, raw.data_directory)
  const database = buildDatabase(raw, { cwd, dataDirectory, timeZone })
  const computed = {
    time_zone: timeZone,
    'database.time_zone': database.timeZone,
    ...(database.kind === 'sqlite' ? { 'database.sqlite': database.path } : {}),
  }
  return deepFreeze({
    language: raw.language,
    timeZone,
    dataDirectory,
    log: {
      directory: resolve(cwd, raw.log.directory),
      level: raw.log.level,
      maxFileBytes: raw.log.max_file_bytes,
      keptFiles: raw.log.kept_files,
    },
    web: { host: raw.web.host, port: raw.web.port, allowedHosts: raw.web.allowed_hosts },
    mcp: {
      host: raw.mcp.host,
      port: raw.mcp.port,
      token: raw.mcp.token === undefined ? null : parseReference(raw.mcp.token, cwd),
      allowedHosts: raw.mcp.allowed_hosts,
      allowedOrigins: raw.mcp.allowed_origins,
    },
    database,
    thresholds: buildThresholds(raw.thresholds),
    schedules: {
      metrics: schedule(raw.schedules.metrics),
      fullInspection: schedule(raw.schedules.full_inspection),
    },
    collection: {
      concurrency: raw.collection.concurrency,
      deadlineMs: raw.collection.deadline_seconds * MS_PER_SECOND,
    },
    ssh: buildSshConfig(raw.ssh, (written) => parseReference(written, cwd)),
    metrics: {
      source: metricsSource(raw.metrics.source),
      groups: new Map(
        Object.entries(raw.metrics.groups).map(([name, { source }]) => [name, metricsSource(source)]),
      ),
    },
    spool: { maxBytes: raw.spool.max_bytes },
    cache: { expiryMs: raw.cache.expiry_seconds * MS_PER_SECOND, maxBytes: raw.cache.max_bytes },
    retention: {
      progressEventDays: raw.retention.progress_event_days,
      samplesDays: raw.retention.samples_days,
      isEnabledInAdopted: raw.retention.enabled_in_adopted,
    },
    knowledge: {
      failuresDirectory:
        raw.knowledge.failures_directory === undefined
          ? null
          : resolve(cwd, raw.knowledge.failures_directory),
    },
    effective: effectiveSettings(raw, about.sourceOf, computed),
  })
}
