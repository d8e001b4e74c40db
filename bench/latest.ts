import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../src/lib/clock.ts'
import { silentLogger } from '../src/lib/logger.ts'
import { openStore } from '../src/store/open-store.ts'
import type { Store } from '../src/store/repositories.ts'
import { openBenchDatabase } from './bench-database.ts'
import { costFigure, type Figure, limitFigure, median, timeMs } from './figure.ts'
import { justAfter, SAMPLE_COLUMNS, SERVER_COUNT, sampleRow, TIME_ZONE } from './sample-rows.ts'

const VS_WINDOW_BAR = 100
/** Ten times the rows may cost 1.5 times as long, or anything below the limit. */
const GROWTH_BAR = 1.5
const LIMIT_MS = 150
const RUNS = 5
const SQLITE_TRANSACTION_ROWS = 100_000

/** The usual way to a list of the newest rows: number those of each address above a limit and keep the first. */
const WINDOW_QUERY = `select * from (
  select m.*, row_number() over (partition by ip order by collect_time desc) as place
  from howso_server_performance_metrics as m
  where cpu_usage > 70 or memory_usage > 70 or disk_usage > 80
) as numbered where place = 1`

/** Median of five, after one run that warms the caches and shows that the answer is whole. */
async function timeLatest(store: Store, rows: number): Promise<number> {
  const read = () => store.samples.latestPerServer(justAfter(rows - 1))
  const { samples, ahead } = await read()
  assert.deepEqual([samples.length, ahead.length], [SERVER_COUNT, 0])
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) times.push(await timeMs(read))
  return median(times)
}

/** Loads a tenth of the rows, measures, loads the rest and measures again. */
async function measureGrowth(
  store: Store,
  rows: number,
  load: (from: number, to: number) => Promise<void>,
): Promise<{ readonly fewMs: number; readonly manyMs: number }> {
  const few = Math.ceil(rows / 10 / SERVER_COUNT) * SERVER_COUNT
  await load(0, few)
  const fewMs = await timeLatest(store, few)
  await load(few, rows)
  return { fewMs, manyMs: await timeLatest(store, rows) }
}

/** `growth` holds also when ten times the rows stay below the limit: there noise is more than growth. */
function growthFigures(name: string, fewMs: number, manyMs: number): readonly Figure[] {
  const growth = costFigure(`latest.${name}.growth`, manyMs, fewMs, Number((1 / GROWTH_BAR).toFixed(3)))
  return [
    limitFigure(`latest.${name}.ms`, manyMs, LIMIT_MS),
    { ...growth, holds: growth.holds === true || manyMs <= LIMIT_MS },
  ]
}

async function measureMariadb(rows: number): Promise<readonly Figure[]> {
  const database = await openBenchDatabase()
  try {
    const { connection, store } = database
    const { fewMs, manyMs } = await measureGrowth(store, rows, database.loadMany)
    const windowMs = await timeMs(() => connection.query(WINDOW_QUERY))
    return [
      costFigure('latest.mysql.vs_window', manyMs, windowMs, VS_WINDOW_BAR),
      ...growthFigures('mysql', fewMs, manyMs),
    ]
  } finally {
    await database.close()
  }
}

function loadSqlite(path: string, from: number, to: number): void {
  const database = new DatabaseSync(path)
  try {
    const places = SAMPLE_COLUMNS.map(() => '?').join(', ')
    const insert = database.prepare(
      `insert into howso_server_performance_metrics (${SAMPLE_COLUMNS.join(', ')}) values (${places})`,
    )
    // Built again afterwards: for millions of rows that is many times faster.
    const indexes = database
      .prepare(
        `select name, sql from sqlite_schema
        where type = 'index' and tbl_name = 'howso_server_performance_metrics' and sql is not null`,
      )
      .all()
    for (const { name } of indexes) database.exec(`drop index ${name}`)
    for (let at = from; at < to; at += SQLITE_TRANSACTION_ROWS) {
      database.exec('begin')
      for (let n = at; n < Math.min(to, at + SQLITE_TRANSACTION_ROWS); n += 1) insert.run(...sampleRow(n))
      database.exec('commit')
    }
    for (const index of indexes) database.exec(String(index['sql']))
  } finally {
    database.close()
  }
}

async function measureSqlite(rows: number): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-bench-'))
  const path = join(directory, 'bench.db')
  const store = await openStore(
    { kind: 'sqlite', path, timeZone: TIME_ZONE },
    { clock: systemClock, logger: silentLogger, largeTableRows: Number.MAX_SAFE_INTEGER },
  )
  try {
    await store.migrate()
    const { fewMs, manyMs } = await measureGrowth(store, rows, async (from, to) => loadSqlite(path, from, to))
    return growthFigures('sqlite', fewMs, manyMs)
  } finally {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The newest sample of each of 5,000 servers out of `rows` samples, against the window query over the table. */
export async function benchLatest({
  rows = 10_000_000,
}: {
  readonly rows?: number
}): Promise<readonly Figure[]> {
  return [...(await measureMariadb(rows)), ...(await measureSqlite(rows))]
}
