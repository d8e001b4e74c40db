import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { type MariadbPlace, prepareMariadb } from '../support/databases/mariadb.ts'
import { whyNoFleet } from '../support/fleet/fleet-requirements.ts'
import { type Fleet, startFleet } from '../support/fleet/start-fleet.ts'
import {
  createInstallation,
  type Installation,
  type RunningProduct,
  runCommand,
  startProduct,
} from '../support/product.ts'
import {
  compareCycles,
  longestGapMs,
  type MetricsCycle,
  type MetricsRow,
  readCycles,
  rowsOutOfOrder,
  type Span,
} from './metrics-cycles.ts'

/** Distance between two collections of metrics. */
export const CYCLE_MS = 2_000
/** The product offers what waits every 10 s. */
const REPLAY_DEADLINE_MS = 60_000
const STAYS_EMPTY_MS = 8_000
/** The first look after a start collects twice within so long, whatever the schedule says. */
const FIRST_LOOK_MS = 15_000
/** Only one: looks at the metrics of one machine wait for each other. */
const LOCAL = ['127.0.0.11']
const FLEET_HOSTS = 5
const DATABASE = 'mortal'

/** The product with several servers, on a MariaDB of its own that can be killed and started again. */
export interface MortalDatabase {
  readonly installation: Installation
  /** Servers that are collected from. */
  readonly servers: number
  /** Starts the product and waits until only the schedule collects. */
  startProduct(): Promise<RunningProduct>
  /** kill -9. */
  killDatabase(): Promise<void>
  reviveDatabase(): Promise<void>
  /** Names of the files in the spool. */
  spooled(): readonly string[]
  /** Waits until nothing waits; fails when something still does after a minute. */
  untilReplayed(): Promise<void>
  /** Status of /readyz; null when nobody answers. */
  readiness(): Promise<number | null>
  /** What the log of the product says of its collections. */
  cycles(): readonly MetricsCycle[]
  /** Every collection of the span has one row of every server, in order, with no gap of more than two. */
  assertNothingLost(t: TestContext, span: Span): Promise<void>
  /** Ends everything that is still alive. */
  close(): Promise<void>
}

interface Parts {
  readonly directory: string
  readonly place: MariadbPlace
  readonly fleet: Fleet | null
  readonly installation: Installation
}

const command = async (installation: Installation, ...args: string[]): Promise<void> => {
  const { exitCode, stdout, stderr } = await runCommand(installation, ...args)
  assert.equal(exitCode, 0, `${args.join(' ')}\n${stdout}${stderr}`)
}

async function query(place: MariadbPlace, sql: string): Promise<readonly Record<string, unknown>[]> {
  const connection = await createConnection({ ...place.connection, dateStrings: true })
  try {
    const [rows] = await connection.query(sql)
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
  } finally {
    await connection.end()
  }
}

async function storedRows(place: MariadbPlace): Promise<readonly MetricsRow[]> {
  const sql = `select id, ip, collect_time from ${DATABASE}.howso_server_performance_metrics`
  return (await query(place, sql)).map((row) => ({
    id: BigInt(String(row['id'])),
    ip: String(row['ip']),
    collectedMs: Date.parse(`${String(row['collect_time']).replace(' ', 'T')}Z`),
  }))
}

async function install(
  { connection }: MariadbPlace,
  directory: string,
  fleet: Fleet | null,
): Promise<Installation> {
  const key = join(directory, 'fleet-key')
  writeFileSync(key, fleet?.privateKey ?? '', { mode: 0o600 })
  const credentials = `ssh: { credentials: { ops: { user: ops, private_key: "file:${key}" } } }\n`
  writeFileSync(join(directory, 'smart-ops.yaml'), fleet === null ? '{}\n' : credentials)
  return await createInstallation({
    SMART_OPS_CONFIG: join(directory, 'smart-ops.yaml'),
    SMART_OPS_DATABASE_HOST: connection.host,
    SMART_OPS_DATABASE_PORT: String(connection.port),
    SMART_OPS_DATABASE_USER: connection.user,
    SMART_OPS_DATABASE_DATABASE: DATABASE,
    SMART_OPS_DATABASE_PASSWORD: 'env:MORTAL_DB_PASSWORD',
    SMART_OPS_TIME_ZONE: 'UTC',
    SMART_OPS_SCHEDULES_METRICS: `*/${CYCLE_MS / 1000} * * * * *`,
    MORTAL_DB_PASSWORD: connection.password,
  })
}

/** This machine, and servers of a fleet where one can be had. */
async function registerServers({ installation, fleet }: Parts): Promise<void> {
  await command(installation, 'db', 'migrate')
  for (const ip of LOCAL) await command(installation, 'servers', 'add', ip, '--transport', 'local')
  if (fleet === null) return
  for (let n = 0; n < FLEET_HOSTS; n += 1) {
    const { address, port } = fleet.hostAt(n)
    await command(installation, 'servers', 'add', address, '--port', String(port), '--credential', 'ops')
  }
}

async function readiness({ webPort }: Installation): Promise<number | null> {
  try {
    const url = `http://127.0.0.1:${webPort}/readyz`
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

async function assertNothingLost(t: TestContext, parts: Parts, span: Span): Promise<void> {
  const rows = await storedRows(parts.place)
  const cycles = readCycles(logOf(parts.installation))
  assert.equal(new Set(rows.map(({ ip }) => ip)).size, countServers(parts.fleet))
  assert.deepEqual(compareCycles(cycles, rows, span), [])
  assert.deepEqual(rowsOutOfOrder(rows), [])
  const longest = longestGapMs(rows, span)
  const counted = rows.filter(({ collectedMs }) => collectedMs >= span.fromMs && collectedMs <= span.toMs)
  t.diagnostic(`${counted.length} rows, the longest gap of a server ${longest} ms`)
  assert.ok(longest <= 2 * CYCLE_MS, `a gap of ${longest} ms`)
}

const logOf = ({ directory }: Installation): string => join(directory, 'logs', 'system.log')
const countServers = (fleet: Fleet | null): number => LOCAL.length + (fleet === null ? 0 : FLEET_HOSTS)

/** After a refusal new samples go to the spool for some seconds more, so that empty once is not empty for good. */
async function untilReplayed(spooled: () => readonly string[]): Promise<void> {
  const deadline = performance.now() + REPLAY_DEADLINE_MS
  let emptySince = performance.now()
  while (performance.now() < deadline && performance.now() - emptySince < STAYS_EMPTY_MS) {
    if (spooled().length > 0) emptySince = performance.now()
    await sleep(200)
  }
  assert.deepEqual(spooled(), [])
}

/** Installs the product with its servers on a running MariaDB; starts no product. */
export async function createMortalDatabase(): Promise<MortalDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-mortal-'))
  const place = await prepareMariadb(join(directory, 'mariadb'), { isDurable: true })
  let database = await place.start()
  await query(place, `create database ${DATABASE} character set utf8mb4`)
  const isFleet = whyNoFleet() === null
  const fleet = isFleet ? await startFleet({ directory: join(directory, 'fleet'), hosts: FLEET_HOSTS }) : null
  const installation = await install(place, directory, fleet)
  const parts: Parts = { directory, place, fleet, installation }
  await registerServers(parts)
  const started: RunningProduct[] = []
  const spool = join(installation.directory, 'data', 'spool')
  const spooled = () => (existsSync(spool) ? readdirSync(spool) : [])
  return {
    installation,
    servers: countServers(fleet),
    async startProduct() {
      const product = startProduct(installation, 'up')
      started.push(product)
      await product.until(/Ctrl\+C/, 120_000)
      await sleep(FIRST_LOOK_MS)
      return product
    },
    killDatabase: async () => await database.stop(),
    async reviveDatabase() {
      database = await place.start()
    },
    spooled,
    untilReplayed: async () => await untilReplayed(spooled),
    readiness: async () => await readiness(installation),
    cycles: () => readCycles(logOf(installation)),
    assertNothingLost: async (t, span) => await assertNothingLost(t, parts, span),
    async close() {
      for (const product of started) await product.stop()
      await database.stop()
      await fleet?.stop()
      installation.remove()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
