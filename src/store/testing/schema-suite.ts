import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { Store } from '../repositories.ts'
import { schemaSql } from '../schema-sql.ts'
import { defineSuite } from './define-suite.ts'
import { buildSample } from './samples-of-domain.ts'
import type { TestDatabase, TestDialect } from './test-databases.ts'

const NAMES = MIGRATIONS.map((migration) => migration.name)

async function withStore<T>(
  database: TestDatabase,
  work: (store: Store) => Promise<T>,
  largeTableRows?: number,
): Promise<T> {
  const store = await database.open(largeTableRows === undefined ? {} : { largeTableRows })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function runScript(database: TestDatabase, script: string): Promise<void> {
  for (const statement of script.split(/;\n/)) if (statement.trim() !== '') await database.query(statement)
}

const countRows = async (database: TestDatabase, table: string): Promise<number> =>
  Number((await database.query(`select count(*) as n from ${table}`))[0]?.['n'])

/** Migrations: what they make, what they leave alone, and two of them at once. */
export function defineSchemaSuite(dialect: TestDialect): void {
  const isSqlite = dialect.name === 'SQLite'

  defineSuite(dialect, 'schema', (context) => {
    test('applies everything once and nothing the second time', async () => {
      const database = await context().createEmpty()
      await withStore(database, async (store) => {
        const before = await store.schemaStatus()
        assert.deepEqual(before.applied, [])
        assert.deepEqual(before.pending, NAMES)
        assert.match(before.serverVersion, isSqlite ? /^SQLite 3\.\d+/ : /^(?:MySQL \d+\.|\d+\..*MariaDB)/)
        assert.deepEqual(await store.migrate(), NAMES)
        assert.deepEqual(await store.migrate(), [])
        const after = await store.schemaStatus()
        assert.deepEqual(after.applied, NAMES)
        assert.deepEqual(after.pending, [])
        assert.deepEqual(after.pendingLarge, [])
        assert.equal(await store.pendingSql(), '')
      })
    })

    test('opening does not migrate', async () => {
      const database = await context().createEmpty()
      await withStore(database, async (store) => store.ping())
      await withStore(database, async (store) => assert.deepEqual((await store.schemaStatus()).applied, []))
    })

    test('four that migrate at once apply each migration once', async () => {
      const database = await context().createEmpty()
      const stores = await Promise.all([1, 2, 3, 4].map(() => database.open()))
      const applied = await Promise.all(stores.map((store) => store.migrate()))
      assert.deepEqual(applied.flat().sort(), NAMES)
      for (const store of stores) await store.close()
    })

    test('adopts a filled table of others: rows stay, missing indexes come, present ones are not doubled', async () => {
      const database = await context().createEmpty()
      const suffix = isSqlite ? '' : ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4'
      await database.query(`create table howso_server_performance_metrics (id varchar(20) not null, ip varchar(50) not null,
        collect_time datetime not null, cpu_usage decimal(5,2), memory_usage decimal(5,2), disk_usage decimal(5,2),
        cpu_status varchar(20), memory_status varchar(20), disk_status varchar(20), network_status varchar(20),
        bk_cloud_id int, insert_time datetime not null, extra varchar(10) default 'theirs', primary key (id))${suffix}`)
      await database.query(
        'create index their_own on howso_server_performance_metrics (ip, collect_time, cpu_usage)',
      )
      await database.query(`insert into howso_server_performance_metrics (id, ip, collect_time, cpu_status, insert_time)
        values ('1', '10.0.0.1', '2026-03-02 16:00:00', '正常', '2026-03-02 16:00:01')`)
      await withStore(database, async (store) => {
        await store.migrate()
        const { samples } = await store.samples.latestPerServer(new Date('2026-03-02T09:00:00Z'))
        assert.deepEqual(
          samples.map((sample) => [sample.id, sample.cpuStatus]),
          [['1', 'normal']],
        )
        await store.samples.insert([buildSample('10.0.0.1', '2026-03-02T08:30:00Z')])
      })
      const [row] = await database.query(`select extra from howso_server_performance_metrics where id = '1'`)
      assert.equal(row?.['extra'], 'theirs')
      if (isSqlite) return
      const indexes =
        await database.query(`select distinct index_name as name from information_schema.statistics
        where table_schema = database() and table_name = 'howso_server_performance_metrics' order by index_name`)
      assert.deepEqual(indexes.map((index) => index['name']).sort(), [
        'PRIMARY',
        'idx_disk_usage',
        'idx_memory_usage',
        'their_own',
      ])
    })

    test('names the migration when a table of that name is something else', async () => {
      const database = await context().createEmpty()
      await database.query('create table setting (id int, what int)')
      await withStore(database, async (store) => {
        await assert.rejects(store.migrate(), (error) => {
          assert.ok(error instanceof AppError)
          assert.equal(error.code, 'MIGRATION_FAILED')
          assert.equal(error.details['migration'], '0015-setting')
          assert.match(error.message, /lacks the columns name, content/)
          return true
        })
        assert.deepEqual((await store.schemaStatus()).pending, NAMES.slice(NAMES.indexOf('0015-setting')))
        await database.query('drop table setting')
        assert.deepEqual(await store.migrate(), NAMES.slice(NAMES.indexOf('0015-setting')))
      })
    })

    test('a database made from the printed script needs no migration and works', async () => {
      const database = await context().createEmpty()
      await runScript(database, schemaSql(isSqlite ? 'sqlite' : 'mysql'))
      await withStore(database, async (store) => {
        assert.deepEqual((await store.schemaStatus()).pending, [])
        assert.deepEqual(await store.migrate(), [])
        await store.settings.set('k', 'v')
        await store.inspections.latestPerServer()
      })
    })

    test('what is printed as pending brings a half-made database to the end', async () => {
      const database = await context().createEmpty()
      await withStore(database, async (store) => {
        await store.migrate()
        await database.query('drop table report')
        await database.query(
          `delete from schema_migration where name in ('0013-report', '0005-idx-memory-usage')`,
        )
        const script = await store.pendingSql()
        assert.match(script, /CREATE TABLE IF NOT EXISTS `report`/)
        assert.doesNotMatch(script, /CREATE TABLE IF NOT EXISTS `setting`/)
        await runScript(database, script)
        assert.deepEqual(await store.migrate(), [])
        assert.equal(await store.reports.latest('hardware_summary'), null)
      })
    })

    if (isSqlite) return

    test('the given tables are exactly as specified', async () => {
      const { database } = context()
      const columns = await database.query(`select column_name as c, column_type as t, is_nullable as n
        from information_schema.columns where table_schema = database()
        and table_name = 'howso_server_performance_metrics' order by ordinal_position`)
      assert.deepEqual(
        columns.map((row) => `${row['c']} ${String(row['t']).replace('int(11)', 'int')} ${row['n']}`),
        [
          'id varchar(20) NO',
          'ip varchar(50) NO',
          'collect_time datetime NO',
          'cpu_usage decimal(5,2) YES',
          'memory_usage decimal(5,2) YES',
          'disk_usage decimal(5,2) YES',
          'cpu_status varchar(20) YES',
          'memory_status varchar(20) YES',
          'disk_status varchar(20) YES',
          'network_status varchar(20) YES',
          'bk_cloud_id int YES',
          'insert_time datetime NO',
        ],
      )
      const tables = await database.query(`select table_name as t, engine as e, table_collation as c
        from information_schema.tables where table_schema = database()`)
      assert.equal(tables.length, NAMES.length - 3 + 2)
      for (const table of tables) {
        assert.equal(table['e'], 'InnoDB')
        assert.match(String(table['c']), /^utf8mb4_/)
      }
    })

    test('leaves indexes of a large table to a person, and says with which SQL', async () => {
      const database = await context().createEmpty()
      await withStore(database, async (store) => {
        await store.migrate()
        await store.samples.insert(
          Array.from({ length: 200 }, (_, n) => buildSample(`10.0.0.${n}`, '2026-03-02T08:00:00Z')),
        )
      })
      await database.query('drop index idx_disk_usage on howso_server_performance_metrics')
      await database.query(`delete from schema_migration where name like '%idx%'`)
      await database.query('analyze table howso_server_performance_metrics')
      await withStore(
        database,
        async (store) => {
          const status = await store.schemaStatus()
          assert.deepEqual(status.pending, ['0004-idx-ip-collect-time', '0005-idx-memory-usage'])
          assert.deepEqual(
            status.pendingLarge.map(({ name, sql }) => [name, sql]),
            [
              [
                '0006-idx-disk-usage',
                'CREATE INDEX `idx_disk_usage` ON `howso_server_performance_metrics` (`disk_usage`) ALGORITHM=INPLACE LOCK=NONE',
              ],
            ],
          )
          assert.deepEqual(await store.migrate(), ['0004-idx-ip-collect-time', '0005-idx-memory-usage'])
          assert.match(await store.pendingSql(), /-- about \d+ rows[^\n]*\nCREATE INDEX `idx_disk_usage`/)
          await runScript(database, await store.pendingSql())
          assert.deepEqual((await store.schemaStatus()).pendingLarge, [])
        },
        100,
      )
      assert.equal(await countRows(database, 'howso_server_performance_metrics'), 200)
    })
  })
}
