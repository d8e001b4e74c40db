import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { systemClock } from '../src/lib/clock.ts'
import { silentLogger } from '../src/lib/logger.ts'
import { openStore } from '../src/store/open-store.ts'
import type { Store } from '../src/store/repositories.ts'
import type { DatabaseServer } from '../test/support/databases/database-server.ts'
import { startMariadb } from '../test/support/databases/mariadb.ts'
import { SAMPLE_COLUMNS, sampleRow, TIME_ZONE } from './sample-rows.ts'

/** Enough for the indexes of ten million rows, which is what a server with such a table has. */
const BUFFER_POOL_BYTES = 2 * 1024 ** 3
const LINES_PER_CHUNK = 1_000
const ROWS_PER_LOAD = 500_000
const TABLE = 'howso_server_performance_metrics'

/** A fresh MariaDB with a migrated database, and a connection beside the store for the baselines. */
export interface BenchDatabase {
  readonly store: Store
  readonly connection: Connection
  /** Loads rows [from, to) of `sample-rows.ts` with one LOAD DATA. */
  load(from: number, to: number): Promise<void>
  /** The same for millions of rows, many times faster: takes the secondary indexes away and builds them again. */
  loadMany(from: number, to: number): Promise<void>
  close(): Promise<void>
}

function* lines(from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to; at += LINES_PER_CHUNK) {
    let chunk = ''
    for (let n = at; n < Math.min(to, at + LINES_PER_CHUNK); n += 1) chunk += `${sampleRow(n).join('\t')}\n`
    yield Buffer.from(chunk)
  }
}

/** Returns the clauses of ALTER TABLE that take the secondary indexes away and that add them again. */
async function indexClauses(connection: Connection): Promise<readonly [drop: string, add: string]> {
  const [indexes] = await connection.query<RowDataPacket[]>(
    `select index_name as name, group_concat(column_name order by seq_in_index) as columns
    from information_schema.statistics
    where table_schema = database() and table_name = ? and index_name <> 'PRIMARY' group by index_name`,
    [TABLE],
  )
  return [
    indexes.map(({ name }) => `drop index ${name}`).join(', '),
    indexes.map(({ name, columns }) => `add index ${name} (${columns})`).join(', '),
  ]
}

async function prepare(server: DatabaseServer): Promise<Omit<BenchDatabase, 'close'>> {
  const { host, port, user, password } = server.connection
  const connection = await createConnection({ host, port, user, password })
  await connection.query(`set global innodb_buffer_pool_size = ${BUFFER_POOL_BYTES}`)
  await connection.query('set global local_infile = 1')
  await connection.query('create database bench character set utf8mb4')
  await connection.query('use bench')
  const login = { host, port, user, password, database: 'bench', charset: 'utf8mb4', poolSize: 4 }
  const store = await openStore(
    { kind: 'mysql', ...login, timeZone: TIME_ZONE },
    { clock: systemClock, logger: silentLogger, largeTableRows: Number.MAX_SAFE_INTEGER },
  )
  await store.migrate()
  const load = async (from: number, to: number): Promise<void> => {
    await connection.query({
      sql: `load data local infile 'rows' into table ${TABLE} (${SAMPLE_COLUMNS.join(', ')})`,
      infileStreamFactory: () => Readable.from(lines(from, to)),
    })
  }
  return {
    store,
    connection,
    load,
    loadMany: async (from, to) => {
      const [drop, add] = await indexClauses(connection)
      await connection.query(`alter table ${TABLE} ${drop}`)
      for (let at = from; at < to; at += ROWS_PER_LOAD) await load(at, Math.min(to, at + ROWS_PER_LOAD))
      await connection.query(`alter table ${TABLE} ${add}`)
      await connection.query(`analyze table ${TABLE}`)
    },
  }
}

/** Starts the server under a temporary folder. Throws when there is no MariaDB and it cannot be installed. */
export async function openBenchDatabase(): Promise<BenchDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-bench-'))
  const server = await startMariadb(directory)
  const stop = async (): Promise<void> => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    const prepared = await prepare(server)
    return {
      ...prepared,
      close: async () => {
        await prepared.store.close()
        prepared.connection.destroy()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
