import { existsSync, mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { aptInstall } from './apt-install.ts'
import { type DatabaseConnection, type DatabaseServer, runToEnd, startServer } from './database-server.ts'
import { findFreePort } from './free-port.ts'

const PACKAGES = ['mariadb-server-core', 'mariadb-client-core']
const READY_DEADLINE_MS = 30_000
const USER = 'tester'
const PASSWORD = 'tester-pw'

/** Returns the path of a program in PATH or in the administrators' folders, which a user's PATH may lack. */
function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

async function requireProgram(name: string, logDir: string): Promise<string> {
  const known = findProgram(name)
  if (known !== null) return known
  await aptInstall(PACKAGES, logDir)
  const installed = findProgram(name)
  if (installed === null) throw new Error(`${PACKAGES.join(' and ')} are installed, but there is no ${name}`)
  return installed
}

/** A MariaDB that may be killed and started again on the same data and port. */
export interface MariadbPlace {
  /** The same for every start. */
  readonly connection: DatabaseConnection
  /** Throws when the server does not become ready. */
  start(): Promise<DatabaseServer>
}

interface MariadbOptions {
  /** True: what was committed outlives a kill, as in production. False: it may not, which is faster. */
  readonly isDurable: boolean
}

/**
 * Makes fresh data for a MariaDB under `dir`, on 127.0.0.1 and a free port; installs Debian's packages when the machine
 * has none. Starts nothing. Throws when that cannot be done.
 */
export async function prepareMariadb(dir: string, { isDurable }: MariadbOptions): Promise<MariadbPlace> {
  mkdirSync(dir, { recursive: true })
  const server = await requireProgram('mariadbd', dir)
  const install = await requireProgram('mariadb-install-db', dir)
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []
  const dataDir = join(dir, 'data')
  await runToEnd(
    [
      install,
      '--no-defaults',
      `--datadir=${dataDir}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
      ...asRoot,
    ],
    { logPath: join(dir, 'install.log'), deadlineMs: READY_DEADLINE_MS },
  )
  const initPath = join(dir, 'init.sql')
  await writeFile(
    initPath,
    `CREATE USER IF NOT EXISTS '${USER}'@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';\nGRANT ALL ON *.* TO '${USER}'@'127.0.0.1' WITH GRANT OPTION;\n`,
  )
  const connection = { host: '127.0.0.1', port: await findFreePort(), user: USER, password: PASSWORD }
  const command: [string, ...string[]] = [
    server,
    '--no-defaults',
    `--datadir=${dataDir}`,
    `--socket=${join(dir, 'sock')}`,
    `--pid-file=${join(dir, 'pid')}`,
    `--port=${connection.port}`,
    '--bind-address=127.0.0.1',
    `--init-file=${initPath}`,
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--skip-name-resolve',
    `--innodb-flush-log-at-trx-commit=${isDurable ? 1 : 0}`,
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=16M',
    '--performance-schema=OFF',
    ...asRoot,
  ]
  const start = async () =>
    await startServer({
      command,
      logPath: join(dir, 'server.log'),
      connection,
      deadlineMs: READY_DEADLINE_MS,
    })
  return { connection, start }
}

/** Starts a MariaDB with fresh data under `dir`. Throws when that cannot be done. */
export async function startMariadb(dir: string): Promise<DatabaseServer> {
  const place = await prepareMariadb(dir, { isDurable: false })
  return await place.start()
}
