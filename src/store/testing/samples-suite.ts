import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { MetricSample } from '../../domain/metrics.ts'
import { newestRowsQuery } from '../repositories/latest-samples.ts'
import type { DialectName } from '../store-settings.ts'
import type { Tables } from '../tables.ts'
import { defineSuite } from './define-suite.ts'
import { buildSample, buildServer } from './samples-of-domain.ts'
import type { TestDialect } from './test-databases.ts'

const NOW = new Date('2026-03-02T08:30:00.000Z')
const brief = (samples: readonly MetricSample[]) =>
  samples.map((sample) => [sample.ip, sample.bkCloudId, sample.collectedAt.toISOString(), sample.cpuPercent])

const compiler = {
  sqlite: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  mysql: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  }),
}

/** Returns the store's own query for the newest rows as text without parameters. */
function newestRowsSql(dialect: DialectName, bound: string | null): string {
  const { sql, parameters } = newestRowsQuery(dialect, bound).compile(compiler[dialect])
  return parameters.reduce<string>((text, parameter) => text.replace('?', `'${String(parameter)}'`), sql)
}

/** The given table of metrics. */
export function defineSamplesSuite(dialect: TestDialect): void {
  defineSuite(dialect, 'samples', (context) => {
    test('an empty table has no latest samples', async () => {
      assert.deepEqual(await context().store.samples.latestPerServer(NOW), { samples: [], ahead: [] })
    })

    test('stores local time of the configured zone, whole seconds, two decimals', async () => {
      const { store, database } = context()
      const [stored] = await store.samples.insert([
        buildSample('10.1.0.1', '2026-03-01T16:30:15.900Z', {
          cpuPercent: 33.336,
          memoryPercent: null,
          diskPercent: 0,
        }),
      ])
      assert.deepEqual(
        { ...stored, id: '' },
        {
          ...buildSample('10.1.0.1', '2026-03-01T16:30:15.000Z', {
            cpuPercent: 33.34,
            memoryPercent: null,
            diskPercent: 0,
          }),
          id: '',
        },
      )
      const [row] = await database.query(
        `select * from howso_server_performance_metrics where ip = '10.1.0.1'`,
      )
      assert.equal(row?.['collect_time'], '2026-03-02 00:30:15')
      assert.equal(Number(row?.['cpu_usage']), 33.34)
      assert.equal(row?.['memory_usage'], null)
      assert.equal(Number(row?.['disk_usage']), 0)
      assert.match(String(row?.['id']), /^\d{19}$/)
      assert.deepEqual(await store.samples.history({ ip: '10.1.0.1', bkCloudId: 0 }, new Date(0), NOW), [
        stored,
      ])
      await assert.rejects(
        store.samples.insert([buildSample('10.1.0.1', '2026-03-01T16:30:15Z', { cpuPercent: Number.NaN })]),
        RangeError,
      )
    })

    test('takes the newest per server, of equal times that with the highest id', async () => {
      const { store, database } = context()
      await store.samples.insert([
        buildSample('10.2.0.1', '2026-03-02T08:00:00Z', { cpuPercent: 1 }),
        buildSample('10.2.0.1', '2026-03-02T08:10:00Z', { cpuPercent: 2 }),
        buildSample('10.2.0.1', '2026-03-02T08:05:00Z', { cpuPercent: 3 }),
        buildSample('10.2.0.2', '2026-03-02T08:10:00Z', { cpuPercent: 4 }),
        buildSample('10.2.0.2', '2026-03-02T08:10:00Z', { cpuPercent: 5 }),
      ])
      await database.query(`insert into howso_server_performance_metrics (id, ip, collect_time, cpu_usage, insert_time)
        values ('99', '10.2.0.2', '2026-03-02 16:10:00', 6, '2026-03-02 16:10:00')`)
      const latest = (await store.samples.latestPerServer(NOW)).samples.filter((s) =>
        s.ip.startsWith('10.2.'),
      )
      assert.deepEqual(brief(latest), [
        ['10.2.0.1', 0, '2026-03-02T08:10:00.000Z', 2],
        ['10.2.0.2', 0, '2026-03-02T08:10:00.000Z', 5],
      ])
    })

    test('reports samples from the future and takes the newest that is not', async () => {
      const { store } = context()
      await store.samples.insert([
        buildSample('10.3.0.1', '2026-03-02T08:29:00Z', { cpuPercent: 1 }),
        buildSample('10.3.0.1', '2026-03-02T08:30:01Z', { cpuPercent: 2 }),
        buildSample('10.3.0.1', '2026-03-02T16:29:00Z', { cpuPercent: 3 }),
        buildSample('10.3.0.2', '2026-03-02T09:00:00Z', { cpuPercent: 4 }),
        buildSample('10.3.0.3', '2026-03-02T08:30:00Z', { cpuPercent: 5 }),
      ])
      const { samples, ahead } = await store.samples.latestPerServer(NOW)
      assert.deepEqual(brief(samples.filter((s) => s.ip.startsWith('10.3.'))), [
        ['10.3.0.1', 0, '2026-03-02T08:29:00.000Z', 1],
        ['10.3.0.3', 0, '2026-03-02T08:30:00.000Z', 5],
      ])
      assert.deepEqual(ahead, [
        { ip: '10.3.0.1', bkCloudId: 0, collectedAt: new Date('2026-03-02T16:29:00Z') },
        { ip: '10.3.0.2', bkCloudId: 0, collectedAt: new Date('2026-03-02T09:00:00Z') },
      ])
    })

    test('the same address in two cloud areas is two servers', async () => {
      const { store, database } = context()
      for (const bkCloudId of [0, 7]) await store.servers.register(buildServer('10.4.0.1', { bkCloudId }))
      await store.samples.insert([
        buildSample('10.4.0.1', '2026-03-02T08:20:00Z', { bkCloudId: 7, cpuPercent: 1 }),
        buildSample('10.4.0.1', '2026-03-02T08:21:00Z', { bkCloudId: 7, cpuPercent: 2 }),
        buildSample('10.4.0.1', '2026-03-02T12:00:00Z', { bkCloudId: 7, cpuPercent: 3 }),
        // Known by the rows alone, because both areas have one at the newest time.
        buildSample('10.4.0.2', '2026-03-02T08:20:00Z', { bkCloudId: 1, cpuPercent: 5 }),
        buildSample('10.4.0.2', '2026-03-02T08:20:00Z', { bkCloudId: 2, cpuPercent: 6 }),
        // Known because the inventory has the other area.
        buildSample('10.4.0.3', '2026-03-02T08:20:00Z', { bkCloudId: 3, cpuPercent: 7 }),
        buildSample('10.4.0.3', '2026-03-02T08:10:00Z', { bkCloudId: 4, cpuPercent: 8 }),
      ])
      await store.servers.register(buildServer('10.4.0.3', { bkCloudId: 4 }))
      await database.query(`insert into howso_server_performance_metrics (id, ip, collect_time, cpu_usage, insert_time)
        values ('100', '10.4.0.1', '2026-03-02 16:00:00', 4, '2026-03-02 16:00:00')`)
      const { samples, ahead } = await store.samples.latestPerServer(NOW)
      assert.deepEqual(brief(samples.filter((s) => s.ip.startsWith('10.4.'))), [
        ['10.4.0.1', 0, '2026-03-02T08:00:00.000Z', 4],
        ['10.4.0.1', 7, '2026-03-02T08:21:00.000Z', 2],
        ['10.4.0.2', 1, '2026-03-02T08:20:00.000Z', 5],
        ['10.4.0.2', 2, '2026-03-02T08:20:00.000Z', 6],
        ['10.4.0.3', 3, '2026-03-02T08:20:00.000Z', 7],
        ['10.4.0.3', 4, '2026-03-02T08:10:00.000Z', 8],
      ])
      assert.deepEqual(
        ahead.filter((server) => server.ip === '10.4.0.1'),
        [{ ip: '10.4.0.1', bkCloudId: 7, collectedAt: new Date('2026-03-02T12:00:00Z') }],
      )
      const history = await store.samples.history(
        { ip: '10.4.0.1', bkCloudId: 7 },
        new Date('2026-03-02T08:20:00Z'),
        new Date('2026-03-02T08:21:00Z'),
      )
      assert.deepEqual(
        history.map((sample) => sample.cpuPercent),
        [1, 2],
      )
      const ofNull = await store.samples.history(
        { ip: '10.4.0.1', bkCloudId: 0 },
        new Date('2026-03-02T00:00:00Z'),
        NOW,
      )
      assert.deepEqual(
        ofNull.map((sample) => sample.cpuPercent),
        [4],
      )
    })

    test('finds who was above a limit, with peaks of the span', async () => {
      const { store } = context()
      await store.samples.insert([
        buildSample('10.5.0.1', '2026-03-01T01:00:00Z', { cpuPercent: 70, memoryPercent: 95 }),
        buildSample('10.5.0.1', '2026-03-01T01:10:00Z', { cpuPercent: 70.01, memoryPercent: null }),
        buildSample('10.5.0.1', '2026-03-01T01:20:00Z', { cpuPercent: 69, memoryPercent: 10 }),
        buildSample('10.5.0.1', '2026-03-01T02:00:00Z', { cpuPercent: 99 }),
        buildSample('10.5.0.2', '2026-03-01T01:00:00Z', {
          cpuPercent: 70,
          memoryPercent: 70,
          diskPercent: 80,
        }),
        buildSample('10.5.0.3', '2026-03-01T01:00:00Z', {
          cpuPercent: null,
          memoryPercent: null,
          diskPercent: 81,
          bkCloudId: 2,
        }),
      ])
      const found = await store.samples.exceeding(
        { cpuPercent: 70, memoryPercent: 70, diskPercent: 80 },
        new Date('2026-03-01T01:00:00Z'),
        new Date('2026-03-01T01:30:00Z'),
      )
      assert.deepEqual(
        found.map((row) => ({ ...row })),
        [
          {
            ip: '10.5.0.1',
            bkCloudId: 0,
            peakCpuPercent: 70.01,
            peakMemoryPercent: 95,
            peakDiskPercent: 61.25,
            lastExceededAt: new Date('2026-03-01T01:10:00Z'),
          },
          {
            ip: '10.5.0.3',
            bkCloudId: 2,
            peakCpuPercent: null,
            peakMemoryPercent: null,
            peakDiskPercent: 81,
            lastExceededAt: new Date('2026-03-01T01:00:00Z'),
          },
        ],
      )
    })

    test('a repeated local hour is read as the later one and never hides newer samples', async () => {
      const { openAgain } = context()
      const store = await openAgain({}, 'America/New_York')
      // 2026-11-01 01:30 comes twice: 05:30Z (EDT) and 06:30Z (EST).
      const stored = await store.samples.insert([
        buildSample('10.6.0.1', '2026-11-01T04:30:00Z', { cpuPercent: 1 }),
        buildSample('10.6.0.1', '2026-11-01T06:30:00Z', { cpuPercent: 2 }),
        buildSample('10.6.0.1', '2026-11-01T07:30:00Z', { cpuPercent: 3 }),
      ])
      const server = { ip: '10.6.0.1', bkCloudId: 0 }
      const history = (since: string, until: string) =>
        store.samples.history(server, new Date(since), new Date(until))
      assert.deepEqual(await history('2026-11-01T04:00:00Z', '2026-11-01T08:00:00Z'), stored)
      assert.deepEqual(await history('2026-11-01T04:00:00Z', '2026-11-01T05:45:00Z'), stored.slice(0, 1))
      assert.deepEqual(await history('2026-11-01T05:45:00Z', '2026-11-01T08:00:00Z'), stored.slice(1))
      const latest = await store.samples.latestPerServer(new Date('2026-11-01T05:45:00Z'))
      assert.deepEqual(
        latest.samples.filter((sample) => sample.ip === server.ip),
        stored.slice(0, 1),
      )
    })

    test('rows of other writers with a zero insert_time can be read', async () => {
      const { store, database } = context()
      await database.query(
        dialect.name === 'SQLite'
          ? `insert into howso_server_performance_metrics (id, ip, collect_time, insert_time) values ('101', '10.7.0.1', '2026-03-02 10:00:00', '0000-00-00 00:00:00')`
          : `insert ignore into howso_server_performance_metrics (id, ip, collect_time, insert_time) values ('101', '10.7.0.1', '2026-03-02 10:00:00', '0000-00-00 00:00:00')`,
      )
      const [sample] = await store.samples.history({ ip: '10.7.0.1', bkCloudId: 0 }, new Date(0), NOW)
      assert.deepEqual(sample?.insertedAt, new Date('2026-03-02T02:00:00Z'))
      assert.equal(sample?.cpuPercent, null)
    })

    test('stores thousands of samples at once with ids of their own', async () => {
      const { store } = context()
      const samples = Array.from({ length: 6000 }, (_, n) =>
        buildSample(`10.20.0.${n % 10}`, new Date(NOW.getTime() - 86_400_000 - n * 60_000).toISOString()),
      )
      const stored = await store.samples.insert(samples)
      assert.equal(new Set(stored.map((sample) => sample.id)).size, 6000)
    })

    test('reads the latest samples by jumping through the index', async () => {
      const { database } = context()
      const isSqlite = dialect.name === 'SQLite'
      await database.query(isSqlite ? 'analyze' : 'analyze table howso_server_performance_metrics')
      for (const bound of [null, '2026-03-02 16:30:00']) {
        if (isSqlite) {
          const rows = await database.query(`explain query plan ${newestRowsSql('sqlite', bound)}`)
          const plan = rows.map((row) => String(row['detail']))
          assert.deepEqual(
            plan.filter((line) => /^SCAN (?!address|CONSTANT)/.test(line)),
            [],
            plan.join('\n'),
          )
          const searches = plan.filter((line) => /SEARCH .*idx_ip_collect_time/.test(line))
          assert.ok(searches.length >= 2, plan.join('\n'))
        } else {
          const rows = await database.query(`explain format=traditional ${newestRowsSql('mysql', bound)}`)
          const plan = rows.map((row) => `${String(row['key'])}: ${String(row['Extra'])}`)
          const isLoose = plan.some((line) => /^idx_ip_collect_time: .*Using index for group-by/.test(line))
          assert.ok(isLoose, plan.join('\n'))
        }
      }
    })
  })
}
