import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { databaseFromEnvironment } from '../support/databases/database-from-environment.ts'
import { findFreePort } from '../support/databases/free-port.ts'
import { createInstallation, type Installation, runCommand } from '../support/product.ts'

let installation: Installation

before(async () => {
  installation = await createInstallation()
  assert.equal((await runCommand(installation, 'db', 'migrate')).exitCode, 0)
})

after(() => installation.remove())

interface BadCall {
  readonly what: string
  readonly args: readonly string[]
  readonly exitCode: number
  /** What the one error must name: the field or place, the value, what is allowed or to be done. */
  readonly names: readonly RegExp[]
}

const CALLS: readonly BadCall[] = [
  {
    what: 'an unknown argument',
    args: ['services', 'call', 'service_001_system_inspection', '--input', '{"memory_treshold": 70}'],
    exitCode: 2,
    names: [/memory_treshold: found 70/, /memory_threshold/],
  },
  {
    what: 'a wrong type',
    args: ['services', 'call', 'service_001_system_inspection', '--input', '{"memory_threshold": "high"}'],
    exitCode: 2,
    names: [/memory_threshold: found "high"/, /a number/],
  },
  {
    what: 'a threshold of 150',
    args: ['inspect', 'system', '--memory-threshold', '150'],
    exitCode: 2,
    names: [/memory_threshold: found 150/, /at most 100/],
  },
  {
    what: 'an address that is not in the inventory',
    args: ['inspect', 'memory', '--ips', '203.0.113.9'],
    exitCode: 4,
    names: [/203\.0\.113\.9 not in the inventory/, /servers list/],
  },
  {
    what: 'a word that is no address',
    args: ['inspect', 'memory', '--ips', 'db-01'],
    exitCode: 2,
    names: [/ips\.0: found "db-01"/, /ipv4/],
  },
  {
    what: 'a name that is no service',
    args: ['services', 'call', 'service_099_nothing', '--input', '{}'],
    exitCode: 2,
    names: [/service_099_nothing/, /service_001_system_inspection|services list/],
  },
  {
    what: 'input that is not JSON',
    args: ['services', 'call', 'servers_list', '--input', '{x'],
    exitCode: 2,
    names: [/JSON/],
  },
  {
    what: 'a run that does not exist',
    args: ['runs', 'show', '42'],
    exitCode: 4,
    names: [/run_id: there is no run "42"/],
  },
]

for (const { what, args, exitCode, names } of CALLS) {
  test(`${what} gives one clear error`, async () => {
    const result = await runCommand(installation, '--lang', 'en', ...args)
    assert.equal(result.exitCode, exitCode, result.stderr)
    assert.equal(result.stdout, '')
    for (const name of names) assert.match(result.stderr, name)
    assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack trace for a mistake of the caller')
  })
}

test('a configuration with an unknown key stops the start with its place and what is allowed', async () => {
  const path = join(installation.directory, 'bad.yaml')
  writeFileSync(path, 'language: en\nweb:\n  prot: 8080\n')
  const broken = { ...installation, env: { ...installation.env, SMART_OPS_CONFIG: path } }
  const { exitCode, stderr } = await runCommand(broken, 'up', '--lang', 'en')
  assert.equal(exitCode, 78)
  assert.match(stderr, /bad\.yaml:3:3/)
  assert.match(stderr, /web\.prot/)
  assert.match(stderr, /port/)
})

test('a database without our tables says which command makes them', async () => {
  const empty = await createInstallation()
  try {
    const { exitCode, stderr } = await runCommand(empty, 'inspect', 'system', '--lang', 'en')
    assert.equal(exitCode, 69)
    assert.match(stderr, /db migrate/)
  } finally {
    empty.remove()
  }
})

const mysqlSettings = (host: string, port: number, user: string) => ({
  SMART_OPS_DATABASE_HOST: host,
  SMART_OPS_DATABASE_PORT: String(port),
  SMART_OPS_DATABASE_USER: user,
  SMART_OPS_DATABASE_DATABASE: 'nothing_here',
  SMART_OPS_DATABASE_PASSWORD: 'env:TEST_DB_PASSWORD',
  TEST_DB_PASSWORD: 'planted-wrong-password',
})

test('a database that is not there names host and port', async () => {
  const port = await findFreePort()
  const away = { ...installation, env: { ...installation.env, ...mysqlSettings('127.0.0.1', port, 'ops') } }
  const { exitCode, stderr } = await runCommand(away, 'up', '--lang', 'en')
  assert.equal(exitCode, 69)
  assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${port}`))
  assert.doesNotMatch(stderr, /planted-wrong-password/)
})

test('a database that refuses the password names the user, never the password', async (t) => {
  const database = databaseFromEnvironment('MariaDB')
  if (database === null) return t.skip('MariaDB')
  const { host, port, user } = database
  const refused = { ...installation, env: { ...installation.env, ...mysqlSettings(host, port, user) } }
  const { exitCode, stdout, stderr } = await runCommand(refused, 'up', '--lang', 'en')
  assert.equal(exitCode, 69)
  assert.match(stderr, new RegExp(user))
  assert.match(stderr, /database\.password/)
  assert.doesNotMatch(stdout + stderr, /planted-wrong-password/)
})

test('doctor tells what is wrong with the database instead of dying of it', async () => {
  const port = await findFreePort()
  const away = { ...installation, env: { ...installation.env, ...mysqlSettings('127.0.0.1', port, 'ops') } }
  const { exitCode, stdout, stderr } = await runCommand(away, 'doctor', '--json', '--lang', 'en')
  assert.equal(exitCode, 1, stderr)
  const { data } = JSON.parse(stdout) as { data: { checks: { name: string; state: string }[] } }
  assert.equal(data.checks.find(({ name }) => name === 'database')?.state, 'failed')
  assert.equal(data.checks.find(({ name }) => name === 'node')?.state, 'ok')
})
