import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import { openStore } from '../../src/store/open-store.ts'
import { buildSample } from '../../src/store/testing/samples-of-domain.ts'
import { databaseFromEnvironment } from '../support/databases/database-from-environment.ts'
import { type FilledDatabase, fillDatabase, startOtherWriter } from '../support/databases/other-writers.ts'
import { createInstallation, type Installation, runCommand, startProduct } from '../support/product.ts'

const forgetSamplesNow = fileURLToPath(new URL('./forget-samples-now.ts', import.meta.url))
const THEIR_ROWS = 500_000
const OWN_OLD_ROWS = 2_500
const OWN_NEW_ROWS = 100
const LONGEST_BLOCK_MS = 1_000
const DEADLINE_MS = 600_000
const DAY_MS = 86_400_000
/** This machine, in a network that may have no address but loopback. */
const HERE = '127.0.0.1'
const SAMPLES = 'howso_server_performance_metrics'

async function command(installation: Installation, ...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runCommand(installation, ...args, '--json', '--lang', 'en')
  assert.equal(exitCode, 0, `${args.join(' ')}\n${stdout.slice(0, 2_000)}${stderr.slice(0, 2_000)}`)
  return JSON.parse(stdout)
}

/** Rows of samples that are neither theirs from before nor the other writer's. */
const countOurs = async ({ query, rows }: FilledDatabase): Promise<number> => {
  const [all] = await query(`select count(*) as n from ${SAMPLES} where ip <> '192.0.2.250'`)
  return Number(all?.['n']) - rows
}

/** Samples of ours on the servers of the others, among their rows: old ones, and some of today. */
async function storeOwnSamples({ login, database, ips }: FilledDatabase): Promise<void> {
  const settings = { ...login, database, charset: 'utf8mb4', poolSize: 2, timeZone: 'UTC' } as const
  const store = await openStore({ kind: 'mysql', ...settings }, { clock: systemClock, logger: silentLogger })
  const write = async (rows: number, newestMs: number) =>
    await store.samples.insert(
      Array.from({ length: rows }, (_, n) =>
        buildSample(ips[n % ips.length] ?? '', new Date(newestMs - n * 60_000).toISOString()),
      ),
    )
  try {
    await write(OWN_OLD_ROWS, Date.now() - 40 * DAY_MS)
    await write(OWN_NEW_ROWS, Date.now())
  } finally {
    await store.close()
  }
}

/** Inspects everything and reads the results on the command line and over HTTP, as a user would. */
async function useIt(installation: Installation, filled: FilledDatabase): Promise<void> {
  const servers = filled.ips.length + 1
  const full = (await command(installation, 'inspect', 'full', '--scope', 'all', '--quiet')) as {
    data: { servers: { ip: string }[] }
  }
  assert.equal(full.data.servers.length, servers)
  const system = (await command(installation, 'inspect', 'system')) as {
    data: { totals: { servers: number } }
  }
  // And the one server that is known only from the other writer's metrics.
  assert.equal(system.data.totals.servers, servers + 1)
  const summary = (await command(installation, 'inspect', 'summary', '--quiet')) as { success: boolean }
  assert.equal(summary.success, true)
  const product = startProduct(installation, 'up')
  try {
    await product.until(/Ctrl\+C/, 120_000)
    const address = `http://127.0.0.1:${installation.webPort}`
    const page = await fetch(address, { signal: AbortSignal.timeout(30_000) })
    const html = await page.text()
    assert.ok(
      filled.ips.some((ip) => html.includes(ip)),
      'the page names an adopted server',
    )
    const report = await fetch(`${address}/api/ai-report`, { signal: AbortSignal.timeout(30_000) })
    assert.equal(report.status, 200)
    // Time for some cycles, which find that another system writes the samples here.
    await sleep(6_000)
  } finally {
    assert.equal(await product.stop(), 0)
  }
}

async function forgetSamples(installation: Installation, enabledInAdopted: boolean): Promise<void> {
  const env = { ...installation.env, SMART_OPS_RETENTION_ENABLED_IN_ADOPTED: String(enabledInAdopted) }
  await promisify(execFile)(process.execPath, [forgetSamplesNow], { env, cwd: installation.directory })
}

/** Everything that is done with the database while the other writer goes on. */
async function live(installation: Installation, filled: FilledDatabase): Promise<void> {
  const migrate = async () => (await command(installation, 'db', 'migrate')) as { applied: string[] }
  assert.notDeepEqual((await migrate()).applied, [])
  assert.deepEqual((await migrate()).applied, [])
  const adopted = (await command(installation, 'servers', 'adopt', '--ips', filled.ips.join(','))) as {
    data: { servers: unknown[] }
  }
  assert.equal(adopted.data.servers.length, filled.ips.length)
  await command(installation, 'servers', 'add', HERE, '--transport', 'local')
  await useIt(installation, filled)
  assert.equal(await countOurs(filled), 0, 'where others write the samples we write none')
  await storeOwnSamples(filled)
  await forgetSamples(installation, false)
  assert.equal(await countOurs(filled), OWN_OLD_ROWS + OWN_NEW_ROWS, 'retention is off by default')
  assert.deepEqual(await filled.changedRows(), [])
  await forgetSamples(installation, true)
  assert.equal(await countOurs(filled), OWN_NEW_ROWS)
}

async function adopt(t: TestContext, filled: FilledDatabase): Promise<void> {
  const { login, database } = filled
  const installation = await createInstallation({
    SMART_OPS_DATABASE_HOST: login.host,
    SMART_OPS_DATABASE_PORT: String(login.port),
    SMART_OPS_DATABASE_USER: login.user,
    SMART_OPS_DATABASE_DATABASE: database,
    SMART_OPS_DATABASE_PASSWORD: 'env:ADOPTED_DB_PASSWORD',
    SMART_OPS_TIME_ZONE: 'UTC',
    SMART_OPS_SCHEDULES_METRICS: '*/2 * * * * *',
    ADOPTED_DB_PASSWORD: login.password,
  })
  try {
    const described = await filled.describeTables()
    const stopWriter = await startOtherWriter(filled)
    let report: Awaited<ReturnType<typeof stopWriter>>
    try {
      await live(installation, filled)
    } finally {
      report = await stopWriter()
    }
    t.diagnostic(
      `${report.rows} inserts of the other writer, the longest ${report.longestInsertMs} ms; longest wait for a table's lock ${report.longestMetadataLockMs ?? 'unknown'} ms`,
    )
    assert.ok(report.rows > 500, `only ${report.rows} inserts`)
    assert.ok(report.longestInsertMs < LONGEST_BLOCK_MS, `an insert took ${report.longestInsertMs} ms`)
    assert.ok((report.longestMetadataLockMs ?? 0) < LONGEST_BLOCK_MS)
    assert.deepEqual(await filled.changedRows(), [])
    assert.deepEqual(await filled.describeTables(), described)
    const [written] = await filled.query(
      `select count(*) as n from ${SAMPLES} where ip = '192.0.2.250' and id like 'theirs-%' and cpu_usage = 12.5`,
    )
    assert.equal(Number(written?.['n']), report.rows)
  } finally {
    installation.remove()
  }
}

for (const server of ['MariaDB', 'MySQL'] as const)
  test(`a year of rows of others on ${server} outlives migration, adoption, inspection, report and retention`, {
    timeout: DEADLINE_MS,
  }, async (t) => {
    const login = databaseFromEnvironment(server)
    if (login === null) return t.skip(server)
    const filled = await fillDatabase(login, `adopted_${randomBytes(4).toString('hex')}`, THEIR_ROWS)
    try {
      await adopt(t, filled)
    } finally {
      await filled.drop()
    }
  })
