import type { Actor } from '../domain/actor.ts'
import type { AuditEntry } from '../domain/audit.ts'
import type { ProbeName, ServerInspection } from '../domain/inspection.ts'
import type { KnownHost, ShownHostKey } from '../domain/known-host.ts'
import type {
  ExceededSince,
  MetricBaseline,
  MetricSample,
  MetricsReading,
  MetricValues,
} from '../domain/metrics.ts'
import type { FlowName, ProgressEvent, Run, RunState, StepChoice } from '../domain/run.ts'
import type { InventoryServer, Server, ServerChange } from '../domain/server.ts'
import type { SudoRefusal } from '../domain/sudo-refusal.ts'
import type { Text } from '../domain/text.ts'
import type { ReportTypeWords } from './report-type-words.ts'
import type { StatusWords } from './status-words.ts'

/** The identity of a machine: the same address in two cloud areas is two machines. */
export interface ServerIdentity {
  readonly bkCloudId: number
  readonly ip: string
}

export interface ServerRepository {
  /** All servers, by ip then bkCloudId. */
  list(): Promise<readonly InventoryServer[]>
  find(identity: ServerIdentity): Promise<InventoryServer | null>
  findById(id: string): Promise<InventoryServer | null>
  /** Returns the stored server; registering (bkCloudId, ip) again changes nothing and returns what is there. */
  register(server: Omit<Server, 'id'>): Promise<InventoryServer>
  /**
   * Adds all or none, and returns them in the order given. Throws SERVER_EXISTS naming both of each pair when an
   * identity is in the inventory already or is given twice.
   */
  insertMany(servers: readonly Omit<InventoryServer, 'id'>[]): Promise<readonly InventoryServer[]>
  /** Writes what the change holds and nothing else; returns the server as it is then, null for an unknown id. */
  update(id: string, change: ServerChange): Promise<InventoryServer | null>
  /** Returns false for an unknown id. */
  setEnabled(id: string, enabled: boolean): Promise<boolean>
  /**
   * Takes a server out of the inventory, with the counters that its next metrics would have been computed from.
   * Its samples, inspections and reports stay. Returns false for an unknown id.
   */
  remove(id: string): Promise<boolean>
}

export interface KnownHostRepository {
  find(host: string, port: number): Promise<KnownHost | null>
  /** All hosts, by name then port. */
  list(): Promise<readonly KnownHost[]>
  /**
   * Records a key on first sight and notes when the same one was seen again. A different key changes nothing:
   * what is recorded is returned, for the caller to compare.
   */
  record(shown: ShownHostKey): Promise<KnownHost>
  /** Drops the record, so that the next key is taken as the first; false when there is none. */
  forget(host: string, port: number): Promise<boolean>
}

/** The latest sample of one server and how far it lies ahead of the clock, when it was ignored for that. */
export interface LatestSamples {
  readonly samples: readonly MetricSample[]
  /** Servers that have samples later than `notAfter`; those samples are not in `samples`. */
  readonly ahead: readonly (ServerIdentity & { readonly collectedAt: Date })[]
}

export interface MetricSampleRepository {
  /** Stores samples; ids are given by the store. Returns them as stored. */
  insert(samples: readonly Omit<MetricSample, 'id'>[]): Promise<readonly MetricSample[]>
  /**
   * Stores samples under the ids they have; those that are stored already are left out, so that repeating the call
   * doubles nothing. Returns how many went in. Ids come from {@link Store.reserveIds}.
   */
  insertOnce(samples: readonly MetricSample[]): Promise<number>
  /**
   * Deletes samples that we stored and that were collected before the instant, oldest first, at most `limit`, in
   * transactions of at most 500 rows. Rows of other writers are never touched. Returns how many went.
   */
  deleteOwnOlderThan(before: Date, limit: number): Promise<number>
  /** Latest sample per (bkCloudId, ip) not after the instant, ties by highest id; by skip scan, never a table scan. */
  latestPerServer(notAfter: Date): Promise<LatestSamples>
  /** Samples of one server in [since, until], oldest first. */
  history(server: ServerIdentity, since: Date, until: Date): Promise<readonly MetricSample[]>
  /** Servers with a sample in [since, until] above any given limit (percent), with their peaks in that span. */
  exceeding(
    limits: { readonly cpuPercent: number; readonly memoryPercent: number; readonly diskPercent: number },
    since: Date,
    until: Date,
  ): Promise<
    readonly (ServerIdentity & {
      readonly peakCpuPercent: number | null
      readonly peakMemoryPercent: number | null
      readonly peakDiskPercent: number | null
      readonly lastExceededAt: Date
    })[]
  >
}

/** The last metrics reading of a server with its counters, so that shares can be computed across restarts. */
export interface StoredReading {
  readonly serverId: string
  readonly reading: MetricsReading
  readonly values: MetricValues
  /** What is usual for the server; null before it was first computed. */
  readonly baseline: MetricBaseline | null
  /** What counted as exceeded with these values. */
  readonly exceededSince: ExceededSince
}

export interface MetricsReadingRepository {
  find(serverId: string): Promise<StoredReading | null>
  list(): Promise<readonly StoredReading[]>
  save(stored: StoredReading): Promise<void>
}

export interface StoredInspection {
  readonly id: string
  /** Null for an inspection outside a run. */
  readonly runId: string | null
  readonly inspection: ServerInspection
}

export interface InspectionRepository {
  /** Saves an inspection; a second one of the same (runId, server) with runId set replaces the first. */
  save(runId: string | null, inspection: ServerInspection): Promise<StoredInspection>
  findByRun(runId: string): Promise<readonly StoredInspection[]>
  /** The newest inspection of one server; null when it was never inspected. */
  latestOf(serverId: string): Promise<StoredInspection | null>
  /** The newest inspection of each server. */
  latestPerServer(): Promise<readonly StoredInspection[]>
  /**
   * The newest inspection of each server that read its sensors, holding the sensor facts and nothing else
   * (no other facts, sections or evidence): read from a column of its own, so that thousands of servers stay cheap.
   */
  latestSensors(): Promise<readonly ServerInspection[]>
  /** The newest inspection of each given server id that holds the given facts; servers without one are left out. */
  latestWith(probe: ProbeName, serverIds: readonly string[]): Promise<readonly StoredInspection[]>
  /**
   * For each server of the inventory among `before`, and each probe, the newest inspection that holds its facts and
   * ended before the given instant, which its server's id leads to. What there is none of is left out. Some queries per
   * 200 servers, each a seek per server.
   */
  previousWith(
    probes: readonly ProbeName[],
    before: ReadonlyMap<string, Date>,
  ): Promise<readonly PreviousInspection[]>
}

/** An inspection as the last one that held a probe's facts; one that is so for several probes is one object. */
export interface PreviousInspection {
  readonly probe: ProbeName
  readonly stored: StoredInspection
}

/** The right to execute a run. `fence` grows with each taking; writes with an older one are refused. */
export interface RunLease {
  readonly runId: string
  readonly owner: string
  readonly fence: number
}

export interface RunRepository {
  create(run: { flow: FlowName; input: unknown; startedBy: Actor; startedAt: Date }): Promise<Run>
  find(id: string): Promise<Run | null>
  /** Newest first. */
  list(limit: number): Promise<readonly Run[]>
  /** Runs in state running whose lease has ended at `now`. */
  listOrphans(now: Date): Promise<readonly Run[]>
  /** Takes the lease when nobody holds it at `now`; null when somebody does or the run has ended. */
  acquire(id: string, owner: string, now: Date, leaseMs: number): Promise<RunLease | null>
  /** Extends the lease; false when it was lost. */
  heartbeat(lease: RunLease, now: Date, leaseMs: number): Promise<boolean>
  /** Gives the lease back without ending the run (graceful stop). */
  release(lease: RunLease): Promise<void>
  /** Each of the following throws AppError RUN_ACTIVE when the lease was lost. */
  enterStep(lease: RunLease, position: number, name: string, at: Date): Promise<void>
  finishStep(
    lease: RunLease,
    position: number,
    step: { output: unknown; choice: StepChoice | null; at: Date },
  ): Promise<void>
  failStep(
    lease: RunLease,
    position: number,
    error: { code: string; message: string },
    at: Date,
  ): Promise<void>
  finish(
    lease: RunLease,
    end: {
      state: Exclude<RunState, 'running'>
      result: unknown
      error: { code: string; message: string } | null
      at: Date
    },
  ): Promise<void>
  /** Returns false when the run has ended or is unknown. */
  requestCancel(id: string): Promise<boolean>
  isCancelRequested(id: string): Promise<boolean>
}

export interface AuditRepository {
  append(entry: Omit<AuditEntry, 'id'>): Promise<void>
  /** Stores entries under the ids they have; repeating the call doubles nothing. Ids come from {@link Store.reserveIds}. */
  insertOnce(entries: readonly AuditEntry[]): Promise<void>
  /** Newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>
}

interface StoredEvent {
  /** Grows, but commit order may differ: readers re-read a window and drop what they have seen. */
  readonly id: string
  readonly event: ProgressEvent
}

export interface LiveEventRepository {
  append(event: ProgressEvent): Promise<void>
  /** Events of one run, oldest first. */
  listByRun(runId: string): Promise<readonly StoredEvent[]>
  deleteOlderThan(before: Date): Promise<number>
}

/** A stored document, such as the hardware summary of one run. */
export interface StoredReport {
  readonly id: string
  readonly kind: 'hardware_summary'
  readonly runId: string | null
  readonly createdAt: Date
  readonly title: Text
  /** The facts document with its texts, as the service returned it. */
  readonly document: unknown
}

export interface ReportRepository {
  /** A report of the same (kind, runId) with runId set replaces the earlier one. */
  save(report: Omit<StoredReport, 'id'>): Promise<StoredReport>
  latest(kind: StoredReport['kind']): Promise<StoredReport | null>
  findByRun(kind: StoredReport['kind'], runId: string): Promise<StoredReport | null>
}

export interface SettingRepository {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  /** Stores the value only when the key is absent; returns what is stored afterwards. */
  setIfAbsent(key: string, value: string): Promise<string>
}

export interface SecretRepository {
  /** Ciphertext as `config/secret` made it; null when absent. */
  get(name: string): Promise<string | null>
  put(name: string, ciphertext: string): Promise<void>
}

export interface ScheduleRepository {
  /** True for exactly one caller per (schedule, fireAt), whatever the number of processes. */
  claim(schedule: string, fireAt: Date): Promise<boolean>
}

export interface SudoRefusalRepository {
  /** What sudo refused on a server, whenever that was; empty for a server that nothing is known of. */
  find(serverId: string): Promise<readonly SudoRefusal[]>
  /** Remembers these instead of what was remembered of the server. */
  replace(serverId: string, refusals: readonly SudoRefusal[]): Promise<void>
}

export interface Repositories {
  readonly servers: ServerRepository
  readonly knownHosts: KnownHostRepository
  readonly sudoRefusals: SudoRefusalRepository
  readonly samples: MetricSampleRepository
  readonly readings: MetricsReadingRepository
  readonly inspections: InspectionRepository
  readonly runs: RunRepository
  readonly audit: AuditRepository
  readonly liveEvents: LiveEventRepository
  readonly reports: ReportRepository
  readonly settings: SettingRepository
  readonly secrets: SecretRepository
  readonly schedules: ScheduleRepository
}

/** An index of a given table with very many rows: it is built by hand, in a quiet hour. */
export interface PendingLargeIndex {
  /** Name of the migration. */
  readonly name: string
  readonly sql: string
  readonly estimatedRows: number
}

/** State of the schema of a database. */
interface SchemaStatus {
  readonly dialect: 'sqlite' | 'mysql'
  /** What the server says of itself, for example `SQLite 3.53.4` or `10.11.19-MariaDB`. */
  readonly serverVersion: string
  readonly applied: readonly string[]
  readonly pending: readonly string[]
  /** Not in `pending`: nothing waits for these, queries are only slower without them. */
  readonly pendingLarge: readonly PendingLargeIndex[]
}

/** An open database. */
export interface Store extends Repositories {
  readonly dialect: 'sqlite' | 'mysql'
  /**
   * Runs repository calls in one short transaction; nothing else may happen inside. Only the repositories that are
   * handed in may be used there: the store's own ones throw. On MySQL `work` runs again after a deadlock.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /**
   * Returns new ids, in growing order. While the database is away they are made under the worker id that this process
   * has; throws AppError DATABASE_UNAVAILABLE when it never had one.
   */
  reserveIds(count: number): Promise<readonly string[]>
  /** True when the given table of metrics held rows of others, and none of ours, when it was first migrated. Throws SCHEMA_OUTDATED before. */
  isAdopted(): Promise<boolean>
  /** Words that we write into the given tables: the configured ones, or those learned from the newest rows. */
  words(): Promise<{ readonly status: StatusWords; readonly reportType: ReportTypeWords }>
  schemaStatus(): Promise<SchemaStatus>
  /** Applies pending migrations; returns their names. Safe to run twice and from two processes at once. */
  migrate(): Promise<readonly string[]>
  /** Returns the SQL of what is missing, indexes of large tables included, as a script for a DBA. */
  pendingSql(): Promise<string>
  /** Throws AppError DATABASE_UNAVAILABLE when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
