import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseServer } from '../databases/database-server.ts'
import { startMariadb } from '../databases/mariadb.ts'
import { startMysql } from '../databases/mysql.ts'
import { notice } from './notice.ts'

/** Started databases and where the tests find them. */
export interface TestDatabases {
  /** `SMART_OPS_TEST_MARIADB` and `SMART_OPS_TEST_MYSQL`, each `host:port:user:password`; absent when there is none. */
  readonly env: NodeJS.ProcessEnv
  stop(): Promise<void>
}

/** What tests that need no server get. */
export const NO_DATABASES: TestDatabases = { env: {}, stop: async () => undefined }

/** Where a downloaded MySQL is kept from one run to the next: with the packages, so that it goes when they go. */
export const mysqlCacheOf = (root: string): string => join(root, 'node_modules/.cache/smart-ops/mysql')

/**
 * Downloads MySQL when it is not in the cache, which takes the network that the tests themselves do not have.
 * Returns false, after a notice, when it cannot be had or does not start: MariaDB then stands for it.
 */
export async function prepareMysql(root: string, privateFolder: string): Promise<boolean> {
  const cache = mysqlCacheOf(root)
  if (existsSync(join(cache, 'template'))) return true
  try {
    const server = await startMysql(cache, join(privateFolder, 'mysql-first'))
    await server?.stop()
    return server !== null
  } catch (error) {
    notice(`mysql→mariadb: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    return false
  }
}

const address = ({ connection: { host, port, user, password } }: DatabaseServer) =>
  `${host}:${port}:${user}:${password}`

async function tryMariadb(dir: string): Promise<DatabaseServer | null> {
  try {
    return await startMariadb(dir)
  } catch (error) {
    notice(
      `no MariaDB, tests that need it are skipped: ${error instanceof Error ? error.message : String(error)}`,
    )
    return null
  }
}

/** Starts MariaDB, and MySQL where it has been prepared, with fresh data in the private folder. */
export async function startDatabases(options: {
  readonly privateFolder: string
  /** Null where there is no MySQL. */
  readonly mysqlCache: string | null
}): Promise<TestDatabases> {
  const { privateFolder, mysqlCache } = options
  const mysql = mysqlCache === null ? null : await startMysql(mysqlCache, join(privateFolder, 'mysql'))
  const mariadb = await tryMariadb(join(privateFolder, 'mariadb'))
  return {
    env: {
      ...(mariadb === null ? {} : { SMART_OPS_TEST_MARIADB: address(mariadb) }),
      ...(mysql === null ? {} : { SMART_OPS_TEST_MYSQL: address(mysql) }),
    },
    stop: async () => {
      await Promise.all([mariadb?.stop(), mysql?.stop()])
    },
  }
}
