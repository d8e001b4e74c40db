import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { databaseFromEnvironment } from '../support/databases/database-from-environment.ts'
import { createInstallation, runCommand, startProduct } from '../support/product.ts'

for (const server of ['MariaDB', 'MySQL'] as const) {
  test(`the whole first start on ${server}`, async (t) => {
    const login = databaseFromEnvironment(server)
    if (login === null) return t.skip(server)
    const database = `e2e_${randomBytes(4).toString('hex')}`
    const admin = await createConnection({ ...login })
    await admin.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`)
    const installation = await createInstallation({
      SMART_OPS_DATABASE_HOST: login.host,
      SMART_OPS_DATABASE_PORT: String(login.port),
      SMART_OPS_DATABASE_USER: login.user,
      SMART_OPS_DATABASE_DATABASE: database,
      SMART_OPS_DATABASE_PASSWORD: 'env:E2E_DB_PASSWORD',
      E2E_DB_PASSWORD: login.password,
    })
    const product = startProduct(installation, 'up')
    try {
      await product.until(/Ctrl\+C/, 120_000)
      assert.match(product.output(), /巡检结论/)
      const [rows] = await admin.query(
        `SELECT ip, memory_usage, disk_usage FROM ${database}.howso_server_performance_metrics`,
      )
      assert.ok(Array.isArray(rows) && rows.length >= 2)
      const viaCli = await runCommand(installation, 'inspect', 'system', '--json')
      assert.equal(viaCli.exitCode, 0, viaCli.stderr)
      const { data } = JSON.parse(viaCli.stdout) as { data: { totals: { servers: number; stale: number } } }
      assert.deepEqual([data.totals.servers, data.totals.stale], [1, 0])
      const again = await runCommand(installation, 'db', 'migrate', '--json')
      assert.deepEqual(JSON.parse(again.stdout), { applied: [] })
    } finally {
      assert.equal(await product.stop(), 0)
      await admin.query(`DROP DATABASE ${database}`)
      await admin.end()
      installation.remove()
    }
  })
}
