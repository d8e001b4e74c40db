import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Clock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { openSqliteFile } from '../dialects/sqlite-dialect.ts'
import { openStore, type StoreDependencies } from '../open-store.ts'
import type { Store } from '../repositories.ts'
import type { MysqlSettings, StoreSettings } from '../store-settings.ts'

/** An empty database of one test, and the way to get rid of it. */
export interface TestDatabase {
  readonly settings: StoreSettings
  open(dependencies?: Partial<StoreDependencies>, timeZone?: string): Promise<Store>
  /** Runs SQL as another program would. Rows come back as plain objects. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>
  drop(): Promise<void>
}

/** A kind of database that the suite runs on; `create` is null where it cannot be had. */
export interface TestDialect {
  readonly name: string
  readonly variable: string
  readonly create: (() => Promise<TestDatabase>) | null
}

/** A clock that stands until it is moved. */
export class TestClock implements Clock {
  #nowMs = Date.parse('2026-03-02T08:30:00.250Z')

  now(): Date {
    return new Date(this.#nowMs)
  }

  move(ms: number): void {
    this.#nowMs += ms
  }
}

const TIME_ZONE = 'Asia/Shanghai'

const opener =
  (settings: StoreSettings): TestDatabase['open'] =>
  (dependencies = {}, timeZone = settings.timeZone) =>
    openStore({ ...settings, timeZone }, { clock: new TestClock(), logger: silentLogger, ...dependencies })

/** Returns an empty SQLite database in a folder of its own. */
export async function createSqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'smart-ops-store-'))
  const path = join(folder, 'data', 'test.db')
  const settings: StoreSettings = { kind: 'sqlite', path, timeZone: TIME_ZONE }
  return {
    settings,
    open: opener(settings),
    async query(sql) {
      const database = await openSqliteFile(path)
      try {
        return database
          .prepare(sql)
          .all()
          .map((row) => ({ ...row }))
      } finally {
        database.close()
      }
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Reads `host:port:user:password`; the password may hold colons. */
function parseServer(value: string): Pick<MysqlSettings, 'host' | 'port' | 'user' | 'password'> {
  const [host = '', port = '', user = '', ...password] = value.split(':')
  return { host, port: Number(port), user, password: password.join(':') }
}

async function createServerDatabase(server: string): Promise<TestDatabase> {
  const login = parseServer(server)
  const database = `smart_ops_test_${randomBytes(6).toString('hex')}`
  const asAdministrator = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
    const connection = await createConnection({ ...login, dateStrings: true })
    try {
      const [rows] = await connection.query(sql)
      // A result set is an array of rows; everything else (an OK packet) is of no interest here.
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
    } finally {
      await connection.end()
    }
  }
  await asAdministrator(`create database ${database} character set utf8mb4`)
  const settings: MysqlSettings = {
    kind: 'mysql',
    ...login,
    database,
    charset: 'utf8mb4',
    poolSize: 5,
    timeZone: TIME_ZONE,
  }
  return {
    settings,
    open: opener(settings),
    async query(sql) {
      const connection = await createConnection({ ...login, database, dateStrings: true })
      try {
        const [rows] = await connection.query(sql)
        return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
      } finally {
        await connection.end()
      }
    },
    async drop() {
      await asAdministrator(`drop database ${database}`)
    },
  }
}

const serverDialect = (name: string, variable: string): TestDialect => {
  const server = process.env[variable]
  return {
    name,
    variable,
    create: server === undefined || server === '' ? null : () => createServerDatabase(server),
  }
}

export const SQLITE: TestDialect = { name: 'SQLite', variable: '', create: createSqliteDatabase }

/** The servers that the test runner started, from its environment variables. */
export const SERVERS: readonly TestDialect[] = [
  serverDialect('MariaDB', 'SMART_OPS_TEST_MARIADB'),
  serverDialect('MySQL', 'SMART_OPS_TEST_MYSQL'),
]
