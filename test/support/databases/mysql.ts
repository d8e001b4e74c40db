import { existsSync, globSync, mkdirSync } from 'node:fs'
import { cp, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DatabaseServer, runToEnd, startServer } from './database-server.ts'
import { findFreePort } from './free-port.ts'

const FETCH_DEADLINE_MS = 300_000
const INITIALISE_DEADLINE_MS = 120_000
const READY_DEADLINE_MS = 60_000
/** The newest Debian is not a pinned version; anything older is not the MySQL that these tests are about. */
const OLDEST_VERSION = [8, 4] as const
const USER = 'tester'
const PASSWORD = 'tester-pw'

/** Downloads into a folder of this process and moves it into place, so that the cache is whole or absent. */
async function fetchOnce(root: string): Promise<void> {
  if (existsSync(join(root, 'VERSION'))) return
  const fresh = `${root}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  try {
    const script = fileURLToPath(new URL('./fetch-mysql.sh', import.meta.url))
    await runToEnd(['sh', script, fresh], { logPath: `${fresh}.log`, deadlineMs: FETCH_DEADLINE_MS })
    await rm(root, { recursive: true, force: true })
    await rename(fresh, root)
  } finally {
    await rm(fresh, { recursive: true, force: true })
    await rm(`${fresh}.log`, { force: true })
  }
}

/** Returns the server's command line up to what differs between initialising and serving. */
function serverCommand(root: string, dir: string): [string, ...string[]] {
  const loader = globSync('usr/lib*/{ld-linux-*.so.*,*-linux-gnu/ld-linux-*.so.*}', { cwd: root })[0]
  const libraries = globSync('usr/lib/*-linux-gnu', { cwd: root })[0]
  if (loader === undefined || libraries === undefined)
    throw new Error(`${root} has no loader or no libraries`)
  return [
    join(root, loader),
    '--library-path',
    join(root, libraries),
    join(root, 'usr/sbin/mysqld'),
    '--no-defaults',
    `--basedir=${join(root, 'usr')}`,
    `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
    `--lc-messages-dir=${join(root, 'usr/share/mysql')}`,
    `--character-sets-dir=${join(root, 'usr/share/mysql/charsets')}`,
    `--datadir=${join(dir, 'data')}`,
    `--tmpdir=${join(dir, 'tmp')}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    '--mysqlx=OFF',
    '--secure-file-priv=NULL',
    '--skip-log-bin',
    '--skip-name-resolve',
    '--innodb-redo-log-capacity=67108864',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=0',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_0900_ai_ci',
    '--performance-schema=OFF',
  ]
}

/** Initialising takes seconds, copying the result a tenth of one: the first run leaves its data as a template. */
async function prepareData(root: string, dir: string): Promise<void> {
  const template = join(root, 'template')
  const dataDir = join(dir, 'data')
  if (!existsSync(template)) {
    await runToEnd(
      [...serverCommand(root, dir), '--initialize-insecure', `--log-error=${join(dir, 'init.err')}`],
      {
        logPath: join(dir, 'init.log'),
        deadlineMs: INITIALISE_DEADLINE_MS,
      },
    )
    await rm(join(dataDir, 'auto.cnf'), { force: true })
    const fresh = `${template}.${process.pid}`
    await cp(dataDir, fresh, { recursive: true })
    if (existsSync(template)) await rm(fresh, { recursive: true })
    else await rename(fresh, template)
    return
  }
  await cp(template, dataDir, { recursive: true })
}

const isNewEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1])
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim().slice(0, 300)

/**
 * Starts a real MySQL with fresh data under `dir`, on 127.0.0.1 and a free port, and prints its version. The program is
 * downloaded into `rootCacheDir` once. When it cannot be had, prints one line `NOTICE mysql→mariadb: <reason>` and
 * returns null. Throws when a downloaded server does not start or is older than 8.4.
 */
export async function startMysql(rootCacheDir: string, dir: string): Promise<DatabaseServer | null> {
  const root = resolve(rootCacheDir)
  try {
    await fetchOnce(root)
  } catch (error) {
    process.stdout.write(`NOTICE mysql→mariadb: ${firstLine(error)}\n`)
    return null
  }
  const place = resolve(dir)
  mkdirSync(join(place, 'tmp'), { recursive: true })
  await prepareData(root, place)
  const initPath = join(place, 'init.sql')
  await writeFile(
    initPath,
    `CREATE USER IF NOT EXISTS '${USER}'@'127.0.0.1' IDENTIFIED WITH caching_sha2_password BY '${PASSWORD}';\nGRANT ALL ON *.* TO '${USER}'@'127.0.0.1' WITH GRANT OPTION;\n`,
  )
  const port = await findFreePort()
  const server = await startServer({
    command: [
      ...serverCommand(root, place),
      `--socket=${join(place, 'sock')}`,
      `--pid-file=${join(place, 'pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--init-file=${initPath}`,
    ],
    logPath: join(place, 'server.log'),
    connection: { host: '127.0.0.1', port, user: USER, password: PASSWORD },
    deadlineMs: READY_DEADLINE_MS,
  })
  process.stdout.write(`MySQL ${server.version}\n`)
  if (isNewEnough(server.version)) return server
  await server.stop()
  throw new Error(`MySQL ${server.version} is older than ${OLDEST_VERSION.join('.')}`)
}
