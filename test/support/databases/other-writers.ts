import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import type { DatabaseConnection } from './database-server.ts'

/** A database that other systems have filled for a year, and what it held before we came. */
export interface FilledDatabase {
  readonly login: DatabaseConnection
  readonly database: string
  /** Servers that the rows are of. */
  readonly ips: readonly string[]
  /** Rows of metrics. */
  readonly rows: number
  /** Runs SQL in the database as an administrator. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>
  /** Tables with rows of others that are gone or no longer what they were, each with their number. */
  changedRows(): Promise<readonly string[]>
  /** Columns and keys of the three tables, as the server describes them. */
  describeTables(): Promise<readonly string[]>
  drop(): Promise<void>
}

const SAMPLES = 'howso_server_performance_metrics'
const TABLES = [SAMPLES, 'plat_service_monitoring', 'operation_analysis_summary'] as const

/** As other systems made them (product specification §4), with the two indexes that they made. */
const DDL = [
  `create table ${SAMPLES} (id varchar(20) not null, ip varchar(50) not null, collect_time datetime not null,
    cpu_usage decimal(5,2), memory_usage decimal(5,2), disk_usage decimal(5,2), cpu_status varchar(20),
    memory_status varchar(20), disk_status varchar(20), network_status varchar(20), bk_cloud_id int,
    insert_time datetime not null, primary key (id), key idx_ip (ip), key idx_collect_time (collect_time))
    engine=InnoDB default charset=utf8mb4`,
  `create table plat_service_monitoring (id varchar(20) not null, batch_id varchar(50) not null, platform varchar(100),
    server_name varchar(100), server_ip varchar(50), service_name varchar(100), service_id varchar(100), port int,
    status varchar(20), process_status varchar(20), response_time varchar(50), start_cmd text, stop_cmd text,
    insert_time datetime, local_ip varchar(500), hostname varchar(100), os_type varchar(50), primary key (id))
    engine=InnoDB default charset=utf8mb4`,
  `create table operation_analysis_summary (id varchar(20) not null, report_date date not null,
    report_type varchar(20) not null, operation_daily text, exception_analysis text, exception_data longtext,
    risk_prediction text, operation_suggestion text, key_focus text, moderate_focus text, created_at datetime,
    primary key (id)) engine=InnoDB default charset=utf8mb4`,
]

const SERVERS = 50
/** Documentation addresses (RFC 5737): nobody answers there. */
const ipOf = (n: number): string => `192.0.2.${n + 1}`
const DIGITS = `(${Array.from({ length: 10 }, (_, n) => `select ${n} as n`).join(' union all ')})`
const ROWS_PER_FILL = 100_000
const YEAR_SECONDS = 365 * 86_400

/** 100,000 rows: every server in turn, a word of one language in one column and of the other in the next. */
const fillSamples = (part: number, rows: number): string => {
  const k = `(a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000 + ${part * ROWS_PER_FILL})`
  const at = `utc_timestamp() - interval cast((${rows} - 1 - k) * ${YEAR_SECONDS / rows} as signed) second`
  return `insert into ${SAMPLES}
    select cast(1900000000000000000 + k * 250000000000 as char), concat('192.0.2.', 1 + k % ${SERVERS}),
      ${at}, k % 100, 20 + k % 45, k % 78,
      if(k % 100 > 70, 'warning', 'normal'), 'normal', if(k % 78 > 70, '警告', '正常'), null, if(k % 3 = 0, null, 0),
      ${at}
    from (select ${k} as k from ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} d, ${DIGITS} e) numbers`
}

const FILL_OTHERS = [
  `insert into plat_service_monitoring
    select cast(1900000000000000000 + k as char), concat('batch-', k % 20), '训练平台', 'gpu', '192.0.2.1', 'api', 'api-1', 80,
      '正常', 'running', '12.3ms', 'systemctl start api', 'systemctl stop api', '2026-01-01 08:00:00', null, 'gpu-1', 'linux'
    from (select a.n + b.n * 10 + c.n * 100 as k from ${DIGITS} a, ${DIGITS} b, ${DIGITS} c) numbers`,
  `insert into operation_analysis_summary
    select cast(1900000000000000000 + k as char), '2026-01-01' - interval k day, if(k % 7 = 0, '周报', '日报'), '一切正常',
      null, '{}', '无', '无', null, '磁盘', '2026-01-01 08:00:00'
    from (select a.n + b.n * 10 + c.n * 100 as k from ${DIGITS} a, ${DIGITS} b, ${DIGITS} c) numbers where k < 365`,
]

async function connect(login: DatabaseConnection): Promise<Connection> {
  return await createConnection({ ...login, dateStrings: true })
}

async function rowsOf(connection: Connection, sql: string): Promise<readonly Record<string, unknown>[]> {
  const [rows] = await connection.query(sql)
  return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
}

/** Makes the database and fills it; `rows` is a multiple of 100,000. A copy for comparison lies beside it. */
export async function fillDatabase(
  login: DatabaseConnection,
  database: string,
  rows: number,
): Promise<FilledDatabase> {
  const copy = `${database}_copy`
  const connection = await connect(login)
  for (const name of [database, copy]) await connection.query(`create database ${name} character set utf8mb4`)
  await connection.query(`use ${database}`)
  for (const statement of DDL) await connection.query(statement)
  for (let part = 0; part * ROWS_PER_FILL < rows; part += 1) await connection.query(fillSamples(part, rows))
  for (const statement of FILL_OTHERS) await connection.query(statement)
  for (const table of TABLES) {
    await connection.query(`create table ${copy}.${table} like ${table}`)
    await connection.query(`insert into ${copy}.${table} select * from ${table}`)
  }
  const query = async (sql: string) => await rowsOf(connection, sql)
  const columnsOf = async (table: string): Promise<readonly string[]> =>
    (await query(`show columns from ${copy}.${table}`)).map((row) => String(row['Field']))
  return {
    login,
    database,
    ips: Array.from({ length: SERVERS }, (_, n) => ipOf(n)),
    rows,
    query,
    async changedRows() {
      const changed: string[] = []
      for (const table of TABLES) {
        const same = (await columnsOf(table))
          .map((column) => `now.${column} <=> then_.${column}`)
          .join(' and ')
        const [found] = await query(
          `select count(*) as n from ${copy}.${table} then_ left join ${table} now on now.id = then_.id where not (${same})`,
        )
        if (Number(found?.['n']) > 0) changed.push(`${table}: ${String(found?.['n'])} rows`)
      }
      return changed
    },
    async describeTables() {
      const described: string[] = []
      // What an index begins with is said in `Key`, and indexes are added.
      for (const table of TABLES)
        for (const row of await query(`show columns from ${table}`))
          described.push(JSON.stringify({ table, ...row, Key: row['Key'] === 'PRI' }))
      return described
    },
    async drop() {
      for (const name of [database, copy]) await connection.query(`drop database ${name}`)
      await connection.end()
    },
  }
}

/** What another writer, who went on all the time, met with. */
export interface WriterReport {
  /** Rows of `192.0.2.250` that were inserted. */
  readonly rows: number
  readonly longestInsertMs: number
  /** Longest wait for a table's metadata that the server showed; null where it shows none (MySQL). */
  readonly longestMetadataLockMs: number | null
}

const WRITER_PAUSE_MS = 20
const WAITING =
  "select max(time_ms) as ms from information_schema.processlist where state like '%metadata lock%'"

/** Inserts a row every 20 ms until stopped, and looks as often who waits for the lock of a table. */
export async function startOtherWriter({
  login,
  database,
}: FilledDatabase): Promise<() => Promise<WriterReport>> {
  const writer = await connect(login)
  await writer.query(`use ${database}`)
  const observer = await connect(login)
  const [version] = await rowsOf(observer, 'select version() as version')
  const isMariadb = /mariadb/i.test(String(version?.['version']))
  let rows = 0
  let longestInsertMs = 0
  let longestMetadataLockMs = 0
  const stopping = new AbortController()
  const writing = (async () => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      await writer.query(
        `insert into ${SAMPLES} (id, ip, collect_time, cpu_usage, cpu_status, bk_cloud_id, insert_time)
         values (?, '192.0.2.250', utc_timestamp(), 12.5, 'normal', 0, utc_timestamp())`,
        [`theirs-${rows}`],
      )
      longestInsertMs = Math.max(longestInsertMs, performance.now() - startedAt)
      rows += 1
      await sleep(WRITER_PAUSE_MS)
    }
  })()
  const observing = (async () => {
    while (isMariadb && !stopping.signal.aborted) {
      const [found] = await rowsOf(observer, WAITING)
      longestMetadataLockMs = Math.max(longestMetadataLockMs, Number(found?.['ms'] ?? 0))
      await sleep(WRITER_PAUSE_MS)
    }
  })()
  return async () => {
    stopping.abort()
    await Promise.all([writing, observing])
    await writer.end()
    await observer.end()
    return {
      rows,
      longestInsertMs: Math.round(longestInsertMs),
      longestMetadataLockMs: isMariadb ? longestMetadataLockMs : null,
    }
  }
}
