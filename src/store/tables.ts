/** A row of the given table of metrics; datetime columns are local time of the configured zone. */
export interface MetricSampleRow {
  id: string
  ip: string
  collect_time: string
  cpu_usage: number | null
  memory_usage: number | null
  disk_usage: number | null
  cpu_status: string | null
  memory_status: string | null
  disk_status: string | null
  network_status: string | null
  bk_cloud_id: number | null
  insert_time: string
}

/** A row of the given table of analyses; report_date is a local day, created_at local time of the configured zone. */
interface AnalysisSummaryRow {
  id: string
  report_date: string
  report_type: string
  operation_daily: string | null
  exception_analysis: string | null
  exception_data: string | null
  risk_prediction: string | null
  operation_suggestion: string | null
  key_focus: string | null
  moderate_focus: string | null
  created_at: string | null
}

export interface ServerRow {
  id: string
  bk_cloud_id: number
  ip: string
  name: string
  transport: string
  server_group: string | null
  enabled: number
  registered_at: number
}

export interface ServerDetailRow {
  server_id: string
  port: number | null
  credential: string | null
  jump_host: string | null
  tags: string | null
  os: string | null
  role: string | null
  maintenance_windows: string | null
  owner: string | null
  serial_number: string | null
  rack: string | null
  rack_unit: number | null
  warranty_end_day: string | null
  note: string | null
  thresholds: string | null
}

interface KnownHostRow {
  host: string
  port: number
  key_type: string
  fingerprint: string
  first_seen: number
  last_seen: number
}

interface MetricReadingRow {
  server_id: string
  collected_at: number
  reading: string
  computed: string
}

interface InspectionRow {
  id: string
  run_id: string | null
  server_id: string
  server_ip: string
  started_at: number
  finished_at: number
  document: string
  sensors: string | null
}

interface InspectionProbeRow {
  inspection_id: string
  probe: string
  server_id: string
  finished_at: number
}

export interface RunRow {
  id: string
  flow: string
  state: string
  input: string | null
  started_by: string
  started_at: number
  finished_at: number | null
  cancel_requested: number
  result: string | null
  error: string | null
  lease_owner: string | null
  lease_until: number | null
  fence: number
}

export interface RunStepRow {
  run_id: string
  position: number
  name: string
  state: string
  started_at: number
  finished_at: number | null
  attempts: number
  output: string | null
  choice: string | null
  error: string | null
}

interface LiveEventRow {
  id: string
  run_id: string | null
  at: number
  step: string
  done_count: number
  total_count: number | null
  message: string
}

interface ReportRow {
  id: string
  kind: string
  run_id: string | null
  created_at: number
  title: string
  document: string
}

interface AuditEntryRow {
  id: string
  at: number
  actor: string
  operation: string
  effect: string
  input: string
  outcome: string
  duration_ms: number
}

interface SettingRow {
  name: string
  content: string
}

interface SecretRow {
  name: string
  ciphertext: string
}

interface ScheduleFireRow {
  schedule: string
  fire_at: number
}

interface WorkerLeaseRow {
  worker_id: number
  owner: string
  expires_at: number
}

interface OwnSampleRunRow {
  from_id: string
  to_id: string
  until_at: number
}

interface SudoRefusalRow {
  server_id: string
  refusals: string
}

interface SchemaMigrationRow {
  name: string
  applied_at: number | null
}

interface SchemaMigrationLockRow {
  id: number
  owner: string
  expires_at: number
}

/**
 * Columns of the tables as Kysely sees them. Instants are epoch milliseconds UTC, JSON is text of `lib/typed-json.ts`,
 * booleans are 0 and 1. The given tables keep their names and meanings; see the product specification §4.
 */
export interface Tables {
  howso_server_performance_metrics: MetricSampleRow
  operation_analysis_summary: AnalysisSummaryRow
  server: ServerRow
  server_detail: ServerDetailRow
  known_host: KnownHostRow
  metric_reading: MetricReadingRow
  inspection: InspectionRow
  inspection_probe: InspectionProbeRow
  run: RunRow
  run_step: RunStepRow
  live_event: LiveEventRow
  report: ReportRow
  audit_entry: AuditEntryRow
  setting: SettingRow
  secret: SecretRow
  schedule_fire: ScheduleFireRow
  id_worker_lease: WorkerLeaseRow
  own_sample_run: OwnSampleRunRow
  sudo_refusal: SudoRefusalRow
  schema_migration: SchemaMigrationRow
  schema_migration_lock: SchemaMigrationLockRow
}
