import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MetricSample } from '../../domain/metrics.ts'
import { readSnowflake } from '../../lib/snowflake.ts'
import type { Store } from '../repositories.ts'
import { defineSuite } from './define-suite.ts'
import { buildSample } from './samples-of-domain.ts'
import type { TestDatabase, TestDialect } from './test-databases.ts'

const SAMPLES = 'howso_server_performance_metrics'
const THEIR_ROWS = 200_000
/** No statement of ours may hold up another writer longer (product specification §4 and its proof). */
const LONGEST_BLOCK_MS = 1000

const DIGITS =
  '(select 0 as n union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)'

/** A year of rows of another writer with ids like ours, from before and after the present. */
async function fillWithTheirRows(database: TestDatabase, isSqlite: boolean): Promise<void> {
  await database.query(`create table ${SAMPLES} (id varchar(20) not null, ip varchar(50) not null,
    collect_time datetime not null, cpu_usage decimal(5,2), memory_usage decimal(5,2), disk_usage decimal(5,2),
    cpu_status varchar(20), memory_status varchar(20), disk_status varchar(20), network_status varchar(20),
    bk_cloud_id int, insert_time datetime not null, primary key (id))`)
  await database.query(`create index idx_ip on ${SAMPLES} (ip)`)
  await database.query(`create index idx_collect_time on ${SAMPLES} (collect_time)`)
  const at = isSqlite
    ? "datetime('2025-03-02 00:00:00', '+' || (k * 157) || ' seconds')"
    : "date_add('2025-03-02 00:00:00', interval k * 157 second)"
  const text = isSqlite ? 'text' : 'char'
  await database.query(`insert into ${SAMPLES}
    select cast(1900000000000000000 + k * 650000000000 as ${text}), ${isSqlite ? "'10.1.0.' || (k % 200)" : "concat('10.1.0.', k % 200)"},
      ${at}, k % 100, k % 90, k % 80, '正常', '警告', '正常', null, 0, ${at}
    from (select a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000 + f.n * 100000 as k
      from ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} d, ${DIGITS} e, (select 0 as n union all select 1) f) numbers
    where k < ${THEIR_ROWS}`)
}

/** A checksum over every column of the rows that are not ours. */
async function checksum(database: TestDatabase, isSqlite: boolean): Promise<string> {
  const columns = [
    'id',
    'ip',
    'collect_time',
    'cpu_usage',
    'memory_usage',
    'disk_usage',
    'cpu_status',
    'memory_status',
    'disk_status',
    'network_status',
    'bk_cloud_id',
    'insert_time',
  ]
  const where = "ip like '10.1.%'"
  if (!isSqlite) {
    const joined = columns.map((column) => `coalesce(${column}, '∅')`).join(', ')
    const [row] = await database.query(
      `select count(*) as n, sum(crc32(concat_ws('|', ${joined}))) as a, bit_xor(cast(crc32(concat_ws('#', ${joined})) as unsigned)) as b from ${SAMPLES} where ${where}`,
    )
    return JSON.stringify(row)
  }
  const rows = await database.query(`select ${columns.join(', ')} from ${SAMPLES} where ${where} order by id`)
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  for (const row of rows) hash.update(JSON.stringify(row))
  return `${rows.length} ${hash.digest('hex')}`
}

/** Inserts a row of another system every few milliseconds until stopped; returns the longest that one took. */
function startSecondWriter(database: TestDatabase): { stop(): Promise<{ longestMs: number; rows: number }> } {
  let isRunning = true
  let longestMs = 0
  let rows = 0
  const running = (async () => {
    while (isRunning) {
      const startedAt = performance.now()
      await database.query(`insert into ${SAMPLES} (id, ip, collect_time, cpu_status, insert_time)
        values ('${rows}-theirs', '10.2.0.1', '2026-03-02 16:00:00', '严重', '2026-03-02 16:00:00')`)
      longestMs = Math.max(longestMs, performance.now() - startedAt)
      rows += 1
      await sleep(5)
    }
  })()
  return {
    async stop() {
      isRunning = false
      await running
      return { longestMs, rows }
    },
  }
}

const countOf = async (database: TestDatabase, where: string): Promise<number> =>
  Number((await database.query(`select count(*) as n from ${SAMPLES} where ${where}`))[0]?.['n'])

/** An adopted database: a year of another writer's rows, and a second writer that goes on. */
async function adopt(
  t: TestContext,
  { database, isSqlite }: { database: TestDatabase; isSqlite: boolean },
): Promise<void> {
  await fillWithTheirRows(database, isSqlite)
  const before = await checksum(database, isSqlite)
  const writer = startSecondWriter(database)
  const store = await database.open()
  try {
    assert.notDeepEqual(await store.migrate(), [])
    assert.deepEqual(await store.migrate(), [])
    assert.equal(await store.isAdopted(), true)
    await useAndTidy(store)
  } finally {
    await store.close()
  }
  const { longestMs, rows } = await writer.stop()
  t.diagnostic(`${rows} inserts of the second writer, the longest took ${Math.round(longestMs)} ms`)
  // The embedded driver is synchronous, and nobody else writes its file: the measure is for servers.
  assert.ok(isSqlite ? rows > 0 : rows > 10)
  assert.ok(longestMs < LONGEST_BLOCK_MS, `an insert of the second writer took ${longestMs} ms`)
  assert.equal(await checksum(database, isSqlite), before)
  assert.equal(await countOf(database, "ip = '10.2.0.1'"), rows)
  assert.equal(await countOf(database, "ip = '10.3.0.1'"), 300)
  assert.equal(
    await countOf(database, "ip = '10.3.0.1' and cpu_status = '正常'"),
    300,
    'our rows speak as the others do',
  )
}

/** Stores 1,500 samples over 25 hours, of which retention takes all but the last 300. */
async function useAndTidy(store: Store): Promise<void> {
  const base = Date.parse('2026-03-01T00:00:00Z')
  for (let from = 0; from < 1500; from += 300)
    await store.samples.insert(
      Array.from({ length: 300 }, (_, n) =>
        buildSample('10.3.0.1', new Date(base + (from + n) * 60_000).toISOString()),
      ),
    )
  const cut = new Date(base + 1200 * 60_000)
  assert.equal(await store.samples.deleteOwnOlderThan(new Date(base), 10_000), 0)
  assert.equal(await store.samples.deleteOwnOlderThan(cut, 700), 600)
  assert.equal(await store.samples.deleteOwnOlderThan(cut, 10_000), 600)
  assert.equal(await store.samples.deleteOwnOlderThan(cut, 10_000), 0)
}

const toStore = async (
  store: Store,
  samples: readonly Omit<MetricSample, 'id'>[],
): Promise<MetricSample[]> => {
  const ids = await store.reserveIds(samples.length)
  return samples.map((sample, index) => ({ ...sample, id: ids[index] ?? '' }))
}

/** Beside the systems that are already there: whose rows are whose, and in which words. */
export function defineCoexistenceSuite(dialect: TestDialect): void {
  const isSqlite = dialect.name === 'SQLite'
  defineSuite(dialect, 'coexistence', (context) => {
    test('a year of rows of another writer outlives migrations, use and retention, and blocks nobody', async (t) => {
      await adopt(t, { database: await context().createEmpty(), isSqlite })
    })

    test('a database is adopted when it held rows before we came, and only then', async () => {
      const { store, database } = context()
      assert.equal(await store.isAdopted(), false)
      await database.query(
        `insert into ${SAMPLES} (id, ip, collect_time, insert_time) values ('9', '10.9.0.1', '2026-03-02 16:00:00', '2026-03-02 16:00:00')`,
      )
      await store.migrate()
      assert.equal(await store.isAdopted(), false)
      await database.query(`delete from ${SAMPLES}`)
    })

    test('the same samples go in once, also from two processes at the same time', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const samples = await toStore(
        store,
        Array.from({ length: 120 }, (_, n) => buildSample(`10.4.0.${n}`, '2026-03-02T08:00:00Z')),
      )
      assert.equal(await store.samples.insertOnce(samples.slice(0, 30)), 30)
      const [one, two] = await Promise.all([
        store.samples.insertOnce(samples),
        other.samples.insertOnce(samples.toReversed()),
      ])
      assert.equal(one + two, 90)
      assert.equal(await store.samples.insertOnce(samples), 0)
      assert.equal(await countOf(context().database, "ip like '10.4.%'"), 120)
      assert.equal(await store.samples.deleteOwnOlderThan(new Date('2026-03-03T00:00:00Z'), 1000), 120)
    })

    test('a sample whose id another writer took goes in under a new one, and their row stays', async () => {
      const { store, database } = context()
      const [sample] = await toStore(store, [buildSample('10.5.0.1', '2026-03-02T08:00:00Z')])
      assert.ok(sample)
      await database.query(
        `insert into ${SAMPLES} (id, ip, collect_time, insert_time) values ('${sample.id}', '10.5.0.9', '2026-03-02 16:00:00', '2026-03-02 16:00:00')`,
      )
      assert.equal(await store.samples.insertOnce([sample]), 1)
      assert.equal(await countOf(database, "ip like '10.5.%'"), 2)
      assert.equal(await store.samples.deleteOwnOlderThan(new Date('2026-03-03T00:00:00Z'), 1000), 1)
      assert.equal(await countOf(database, "ip = '10.5.0.9'"), 1)
      await database.query(`delete from ${SAMPLES}`)
    })

    test('a row of another writer between two of ours, with our worker id, is not ours', async () => {
      const { store, database } = context()
      const [first, , third] = await toStore(
        store,
        Array.from({ length: 3 }, () => buildSample('10.6.0.1', '2026-03-02T08:00:00Z')),
      )
      assert.ok(first && third)
      const between = String(BigInt(first.id) + 1n)
      assert.equal(readSnowflake(between).workerId, readSnowflake(first.id).workerId)
      await database.query(
        `insert into ${SAMPLES} (id, ip, collect_time, insert_time) values ('${between}', '10.6.0.9', '2026-01-01 16:00:00', '2026-01-01 16:00:00')`,
      )
      await store.samples.insertOnce([first, third])
      assert.equal(await store.samples.deleteOwnOlderThan(new Date('2026-03-03T00:00:00Z'), 1000), 2)
      assert.equal(await countOf(database, "ip = '10.6.0.9'"), 1)
      await database.query(`delete from ${SAMPLES}`)
    })

    test('words of the status columns are learned on writing and understood on reading', async () => {
      const { store, database, clock } = context()
      clock.move(3_600_000)
      const write = (ip: string) =>
        store.samples.insert([buildSample(ip, '2026-03-02T08:00:00Z', { diskStatus: 'critical' })])
      const found = async (ip: string) =>
        (
          await database.query(`select cpu_status as c, disk_status as d from ${SAMPLES} where ip = '${ip}'`)
        )[0]
      const [english] = await write('10.7.0.1')
      assert.deepEqual(await found('10.7.0.1'), { c: 'normal', d: 'critical' })
      await database.query(
        `update ${SAMPLES} set cpu_status = '正常', memory_status = '告警', disk_status = '严重'`,
      )
      clock.move(3_600_000)
      const [chinese] = await write('10.7.0.2')
      assert.deepEqual(await found('10.7.0.2'), { c: '正常', d: '严重' })
      assert.deepEqual([english?.diskStatus, chinese?.diskStatus], ['critical', 'critical'])
      const past = await store.samples.history(
        { bkCloudId: 0, ip: '10.7.0.1' },
        new Date('2026-03-02T00:00:00Z'),
        new Date('2026-03-03T00:00:00Z'),
      )
      assert.deepEqual(
        past.map((sample) => [sample.cpuStatus, sample.memoryStatus]),
        [['normal', 'warning']],
      )
      await database.query(`delete from ${SAMPLES}`)
    })
  })
}
