import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { AppError } from '../domain/errors.ts'
import { describeConfig } from './describe-config.ts'
import type { Environment } from './environment.ts'
import { loadConfig } from './load-config.ts'

const CWD = '/srv/ops'
const PLANTED = 'Hunter2-planted-Zx9'

const load = (yaml: string | Uint8Array, env: Environment = {}) =>
  loadConfig({
    env: { SMART_OPS_CONFIG: 'ops.yaml', ...env },
    cwd: CWD,
    readFile: () => (typeof yaml === 'string' ? Buffer.from(yaml) : yaml),
  })

/** Everything an error could show to anyone. */
const everythingIn = (error: AppError): string =>
  [
    error.message,
    error.stack,
    error.text.zh,
    error.text.en,
    JSON.stringify(error.details),
    inspect(error, { depth: 20 }),
  ].join('\n')

function refusal(yaml: string | Uint8Array, env: Environment = {}): AppError {
  try {
    load(yaml, env)
  } catch (error) {
    assert.ok(error instanceof AppError, String(error))
    assert.equal(error.code, 'CONFIG_INVALID')
    return error
  }
  throw new assert.AssertionError({ message: 'the configuration was accepted' })
}

/** Asserts that the English sentences hold each piece, and that there is a Chinese one per English line. */
function assertSays(error: AppError, ...pieces: readonly string[]): void {
  for (const piece of pieces)
    assert.ok(error.text.en.includes(piece), `${JSON.stringify(piece)} is missing in:\n${error.text.en}`)
  assert.equal(error.text.zh.split('\n').length, error.text.en.split('\n').length)
  assert.match(error.text.zh, /[\u4e00-\u9fff]/)
}

describe('defaults and precedence', () => {
  it('gives the documented defaults without file and environment', () => {
    const missing = Object.assign(new Error('no file'), { code: 'ENOENT' })
    const config = loadConfig({
      env: {},
      cwd: CWD,
      readFile: () => {
        throw missing
      },
    })
    assert.equal(config.language, 'zh')
    assert.equal(config.timeZone, new Intl.DateTimeFormat().resolvedOptions().timeZone)
    assert.equal(config.dataDirectory, '/srv/ops/data')
    assert.deepEqual(config.log, {
      directory: '/srv/ops/logs',
      level: 'info',
      maxFileBytes: 20_971_520,
      keptFiles: 10,
    })
    assert.deepEqual(config.web, { host: '127.0.0.1', port: 8080, allowedHosts: [] })
    assert.equal(config.mcp.port, 8004)
    assert.equal(config.mcp.token, null)
    assert.deepEqual(config.database, {
      kind: 'sqlite',
      path: '/srv/ops/data/smart-ops.db',
      timeZone: config.timeZone,
      statusWords: 'auto',
      reportTypeWords: 'auto',
    })
    assert.deepEqual(config.thresholds, {
      cpuPercent: 70,
      memoryPercent: 70,
      diskPercent: 80,
      networkPercent: 95,
      groups: new Map(),
      mounts: new Map(),
    })
    assert.deepEqual(config.schedules, { metrics: '* * * * *', fullInspection: '0 6 * * 1' })
    assert.ok(config.effective.every((setting) => setting.source === 'default'))
  })

  it('puts the environment over the file over the defaults, and says where each value is from', () => {
    const config = load('thresholds:\n  memory: 75\n  disk: 85\nlanguage: en\n', {
      SMART_OPS_THRESHOLDS_MEMORY: '60.5',
      SMART_OPS_DATA: 'elsewhere',
      SMART_OPS_WEB_ALLOWED_HOSTS: 'ops.example.com, 10.0.0.5',
    })
    assert.deepEqual(config.thresholds, {
      cpuPercent: 70,
      memoryPercent: 60.5,
      diskPercent: 85,
      networkPercent: 95,
      groups: new Map(),
      mounts: new Map(),
    })
    assert.equal(config.dataDirectory, '/srv/ops/elsewhere')
    assert.deepEqual(config.web.allowedHosts, ['ops.example.com', '10.0.0.5'])
    const sources = new Map(describeConfig(config).map((setting) => [setting.keyPath, setting.source]))
    assert.equal(sources.get('thresholds.memory'), 'env SMART_OPS_THRESHOLDS_MEMORY')
    assert.equal(sources.get('thresholds.disk'), 'ops.yaml:3')
    assert.equal(sources.get('language'), 'ops.yaml:4')
    assert.equal(sources.get('thresholds.cpu'), 'default')
  })

  it('reads the limits of groups and mount points', () => {
    const file =
      'thresholds:\n  groups:\n    数据库: { memory: 90 }\n  mounts:\n    /data files: { disk: 95.5 }\n'
    const config = load(file)
    assert.deepEqual(config.thresholds.groups, new Map([['数据库', { memoryPercent: 90 }]]))
    assert.deepEqual(config.thresholds.mounts, new Map([['/data files', 95.5]]))
    const told = new Map(describeConfig(config).map((setting) => [setting.keyPath, setting]))
    assert.deepEqual(
      [
        told.get('thresholds.groups.数据库.memory')?.value,
        told.get('thresholds.groups.数据库.memory')?.source,
      ],
      [90, 'ops.yaml:3'],
    )
    assert.equal(told.get('thresholds.mounts./data files.disk')?.value, 95.5)
  })

  it('reads ./config/smart-ops.yaml when it exists and SMART_OPS_CONFIG is not set', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'smart-ops-config-'))
    try {
      assert.equal(loadConfig({ env: {}, cwd }).web.port, 8080)
      mkdirSync(join(cwd, 'config'))
      writeFileSync(join(cwd, 'config', 'smart-ops.yaml'), 'web: {port: 9999}\n')
      const config = loadConfig({ env: {}, cwd })
      assert.equal(config.web.port, 9999)
      assert.ok(describeConfig(config).some((setting) => setting.source === 'config/smart-ops.yaml:1'))
    } finally {
      rmSync(cwd, { recursive: true })
    }
  })

  it('takes an empty file, empty sections and a byte order mark', () => {
    assert.equal(load('').web.port, 8080)
    assert.equal(load('web:\nmcp:\n').web.port, 8080)
    assert.equal(load('\uFEFFweb:\n  port: 81\n').web.port, 81)
  })

  it('turns schedules off with off or an empty text, also from the environment', () => {
    assert.equal(load('schedules:\n  metrics: off\n').schedules.metrics, null)
    assert.equal(load("schedules:\n  metrics: ''\n").schedules.metrics, null)
    assert.equal(load('', { SMART_OPS_SCHEDULES_METRICS: '' }).schedules.metrics, null)
    assert.equal(
      load('', { SMART_OPS_SCHEDULES_METRICS: '*/30 * * * * *' }).schedules.metrics,
      '*/30 * * * * *',
    )
  })

  it('counts an empty variable as not set', () => {
    assert.equal(load('web: {port: 81}', { SMART_OPS_WEB_PORT: '' }).web.port, 81)
  })

  it('is frozen all the way down', () => {
    const config = load('web: {allowed_hosts: [a.example.com]}')
    assert.throws(() => Object.assign(config.web, { port: 1 }), TypeError)
    assert.throws(() => Object.assign(config.web.allowedHosts, { 0: 'x' }), TypeError)
    assert.ok(Object.isFrozen(config.effective[0]))
  })
})

describe('the database', () => {
  const MYSQL = 'database:\n  host: db.example.com\n  user: ops\n  password: env:DB_PW\n  database: envom\n'

  it('is MySQL when a host is set', () => {
    assert.deepEqual(load(`${MYSQL}  time_zone: Asia/Shanghai\n`).database, {
      kind: 'mysql',
      host: 'db.example.com',
      port: 3306,
      user: 'ops',
      password: { scheme: 'env', name: 'DB_PW' },
      database: 'envom',
      charset: 'utf8mb4',
      poolSize: 10,
      timeZone: 'Asia/Shanghai',
      statusWords: 'auto',
      reportTypeWords: 'auto',
    })
  })

  it('shows the password as *** among the settings', () => {
    const shown = describeConfig(load(MYSQL)).find((setting) => setting.keyPath === 'database.password')
    assert.deepEqual(shown, { keyPath: 'database.password', value: '***', source: 'ops.yaml:4' })
  })

  it('lets the environment replace the whole kind', () => {
    const config = load(MYSQL, { SMART_OPS_DATABASE_SQLITE: 'x.db' })
    assert.equal(config.database.kind, 'sqlite')
    const other = load('database: {sqlite: y.db}', {
      SMART_OPS_DATABASE_HOST: '::1',
      SMART_OPS_DATABASE_USER: 'ops',
      SMART_OPS_DATABASE_PASSWORD: 'file:/run/secrets/db',
      SMART_OPS_DATABASE_DATABASE: 'envom',
    })
    assert.ok(other.database.kind === 'mysql')
    assert.deepEqual(other.database.password, { scheme: 'file', path: '/run/secrets/db' })
  })

  it('refuses both kinds in one place, a host without its companions, and companions without a host', () => {
    assertSays(
      refusal(`${MYSQL}  sqlite: x.db\n`),
      'ops.yaml:2 database.host',
      'conflicts with database.sqlite',
    )
    assertSays(
      refusal('database:\n  host: h\n'),
      'ops.yaml:2 database.user: missing',
      'database.password: missing',
      'env:NAME',
      'database.database: missing',
    )
    assertSays(
      refusal('database:\n  user: ops\n'),
      'ops.yaml:2 database.user',
      'database.host, which is not set',
    )
  })

  it('refuses a password kept in the very database it opens', () => {
    assertSays(
      refusal('database:\n  password: encrypted:db\n'),
      'ops.yaml:2:13 database.password',
      'env:NAME, file:PATH',
    )
  })
})

describe('each kind of bad input', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'unknown key',
      'web:\n  prot: 1\n',
      ['ops.yaml:2:3 web.prot: unknown key', 'did you mean port', 'allowed: host, port, allowed_hosts'],
    ],
    [
      'unknown key, other case',
      'timeZone: UTC\n',
      ['ops.yaml:1:1 timeZone: unknown key', 'did you mean time_zone'],
    ],
    ['key of another section', 'port: 1\n', ['ops.yaml:1:1 port', 'did you mean web.port or mcp.port']],
    [
      'section of a later part',
      'llm:\n  base_url: x\n',
      ['ops.yaml:1:1 llm: unknown key', 'allowed: language, time_zone'],
    ],
    [
      'wrong type',
      'web:\n  port: "8080"\n',
      ['ops.yaml:2:9 web.port: invalid value; found "8080" (text)', 'an integer from 1 to 65535'],
    ],
    ['number for text', 'database: {user: 12}\n', ['ops.yaml:1:18 database.user', 'found 12 (number)']],
    ['port out of range', 'web: {port: 70000}\n', ['found 70000 (number)', 'an integer from 1 to 65535']],
    ['fraction of a port', 'web: {port: 80.5}\n', ['found 80.5 (number)']],
    [
      'threshold 150',
      'thresholds: {disk: 150}\n',
      ['thresholds.disk', 'found 150', 'above 0 and at most 100'],
    ],
    ['threshold 0', 'thresholds: {disk: 0}\n', ['found 0']],
    [
      'threshold of a group',
      'thresholds: {groups: {db: {disk: 101}}}\n',
      ['thresholds.groups.db.disk', 'found 101', 'above 0 and at most 100'],
    ],
    [
      'threshold of something that is no mount point',
      'thresholds: {mounts: {data: {disk: 90}}}\n',
      ['thresholds.mounts.data', 'invalid name', 'a path that begins with /'],
    ],
    [
      'mount point without its limit',
      'thresholds: {mounts: {/data: {}}}\n',
      ['thresholds.mounts./data.disk'],
    ],
    ['threshold not a number', 'thresholds: {disk: .nan}\n', ['thresholds.disk', 'found NaN']],
    ['word not in the list', 'language: fr\n', ['language: invalid value; found "fr"', 'allowed: zh, en']],
    [
      'unknown time zone',
      'time_zone: Mars/Olympus\n',
      ['time_zone', 'found "Mars/Olympus"', 'Asia/Shanghai'],
    ],
    [
      'bad cron',
      'schedules: {metrics: "61 * * * *"}\n',
      ['schedules.metrics', 'found "61 * * * *"', 'cron fields'],
    ],
    ['a day that never comes', 'schedules: {metrics: "0 0 30 2 *"}\n', ['schedules.metrics']],
    ['host with a port', 'web: {host: "0.0.0.0:80"}\n', ['web.host', 'no port']],
    ['impossible address', 'web: {host: 300.1.1.1}\n', ['web.host', 'found "300.1.1.1"']],
    [
      'origin with a path',
      'mcp: {allowed_origins: ["https://a.example.com/x"]}\n',
      ['mcp.allowed_origins[0]', 'https://ops.example.com'],
    ],
    [
      'item of a list',
      'web:\n  allowed_hosts:\n    - ok.example.com\n    - "a b"\n',
      ['ops.yaml:4:7 web.allowed_hosts[1]', 'found "a b"'],
    ],
    ['one value for a list', 'web: {allowed_hosts: a}\n', ['web.allowed_hosts', 'a list']],
    ['empty value', 'web:\n  port:\n', ['ops.yaml:2', 'web.port', 'found nothing']],
    [
      'list for a section',
      'web: [1]\n',
      ['ops.yaml:1:6 web: must be a mapping', 'found a list', 'allowed keys: host, port'],
    ],
    ['tilde in a path', 'data_directory: ~/data\n', ['data_directory', 'not expanded']],
    [
      'same port twice',
      'mcp: {port: 8080}\n',
      ['ops.yaml:1 mcp.port', 'is the same as web.port (default)', 'two different ports'],
    ],
    [
      'duplicate key',
      'web: {port: 1}\nlog: {}\nweb: {port: 2}\n',
      ['ops.yaml:3:1 web: duplicate key, first at ops.yaml:1:1'],
    ],
    [
      'broken indentation',
      'web:\n\tport: 1\n',
      ['ops.yaml:2:1: YAML syntax error: a tab used as indentation'],
    ],
    ['unclosed quote', 'language: "zh\n', ['YAML syntax error: a colon, quote, bracket or comma is missing']],
    ['two documents', 'language: zh\n---\nlanguage: en\n', ['YAML syntax error: more than one document']],
    ['unknown tag', 'language: !!js/function zh\n', ['ops.yaml:1:11', 'a tag (!…) that is not accepted']],
    ['no mapping at the top', '- a\n', ['ops.yaml:1:1: the top of the file must be a mapping']],
    ['too deep', '['.repeat(20_000), ['nested too deeply']],
    [
      'name of an object method',
      'toString: 1\nconstructor: 2\n__proto__: {port: 1}\n',
      ['toString: unknown key', 'constructor: unknown key', '__proto__: unknown key'],
    ],
  ]
  for (const [name, yaml, pieces] of cases)
    it(name, () => {
      assertSays(refusal(yaml), ...pieces)
    })

  it('refuses aliases that explode', () => {
    const row = (name: string, inner: string): string =>
      `${name}: &${name} [${Array(9).fill(inner).join(',')}]\n`
    const bomb = `${row('a', '1')}${row('b', '*a')}${row('c', '*b')}${row('d', '*c')}${row('e', '*d')}`
    assertSays(refusal(bomb), 'ops.yaml: aliases (*name) expand to more than')
  })

  it('refuses bytes that are not UTF-8, and more than 1 MiB', () => {
    assertSays(
      refusal(Buffer.from('language: zh # \xff', 'latin1')),
      'ops.yaml: the configuration file is not UTF-8',
    )
    assertSays(refusal(Buffer.alloc(1_048_577, '#')), 'larger than the 1048576 bytes allowed')
  })

  it('refuses a file that was asked for and is missing, is a folder or is endless', () => {
    for (const [path, code] of [
      ['/nowhere/ops.yaml', 'ENOENT'],
      ['/', 'ENOTFILE'],
      ['/dev/zero', 'ENOTFILE'],
    ] as const)
      assert.throws(
        () => loadConfig({ env: { SMART_OPS_CONFIG: path }, cwd: CWD }),
        (error) =>
          error instanceof AppError &&
          error.text.en.includes(`${path}: the configuration file cannot be read (${code})`),
      )
  })

  it('refuses tens of thousands of unknown or duplicate keys in good time', () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `key${index}: 1\n`).join('')
    const startedMs = performance.now()
    assertSays(refusal(keys), 'ops.yaml:1:1: 39900 more unknown keys', 'key0: unknown key', 'and 71 more')
    assertSays(refusal(`${keys}${keys}`), 'duplicate key')
    assert.ok(performance.now() - startedMs < 10_000)
  })

  it('lists all problems at once, in the order of the file, the environment after it', () => {
    const error = refusal('web:\n  prot: 1\n  port: x\nlanguage: fr\n', {
      SMART_OPS_MCP_PORT: 'eighty',
      SMART_OPS_WEB_PROT: '1',
    })
    assertSays(error, 'The configuration has 5 problems')
    const places = error.text.en
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(': ')[0])
    assert.deepEqual(places, [
      'ops.yaml:2:3 web.prot',
      'ops.yaml:3:9 web.port',
      'ops.yaml:4:11 language',
      'SMART_OPS_MCP_PORT mcp.port',
      'SMART_OPS_WEB_PROT',
    ])
    assertSays(error, 'found "eighty" (text)', 'did you mean SMART_OPS_WEB_PORT')
  })
})

describe('variables', () => {
  it('refuses an unknown SMART_OPS_ variable, and leaves other variables and test variables alone', () => {
    assertSays(
      refusal('', { SMART_OPS_NOPE: '1' }),
      'SMART_OPS_NOPE: unknown variable',
      'SMART_OPS_MASTER_KEY',
    )
    assertSays(refusal('', { SMART_OPS_DATA_DIRECTORY: '1' }), 'unknown variable')
    assert.equal(load('', { SMART_OPS_TEST_X: '1', PORT: '1', SMART_OPS_MASTER_KEY: 'x' }).web.port, 8080)
  })

  it('takes a variable that a secret points to for the holder of the secret', () => {
    const yaml = 'mcp: {token: env:SMART_OPS_MCP_TOKEN}'
    assert.deepEqual(load(yaml, { SMART_OPS_MCP_TOKEN: PLANTED }).mcp.token, {
      scheme: 'env',
      name: 'SMART_OPS_MCP_TOKEN',
    })
    const config = load('', { SMART_OPS_MCP_TOKEN: 'env:SMART_OPS_OWN', SMART_OPS_OWN: PLANTED })
    assert.deepEqual(config.mcp.token, { scheme: 'env', name: 'SMART_OPS_OWN' })
  })

  it('refuses a number with anything around it', () => {
    for (const found of ['80x', '0x50', '1e3', 'NaN', 'Infinity', '٣'])
      assertSays(refusal('', { SMART_OPS_WEB_PORT: found }), 'SMART_OPS_WEB_PORT web.port')
  })
})

describe('a secret in the wrong place', () => {
  const placed: readonly (readonly [string, string, Environment])[] = [
    ['clear text of a secret key', `mcp: {token: ${PLANTED}}`, {}],
    ['clear text that looks like a reference', `mcp: {token: "env:${PLANTED} x"}`, {}],
    ['a list for a secret', `mcp: {token: [${PLANTED}]}`, {}],
    ['a mapping for a secret', `mcp: {token: {value: ${PLANTED}}}`, {}],
    ['value of an unknown key', `mcp: {tokn: ${PLANTED}}`, {}],
    ['text in place of a section', `mcp: ${PLANTED}`, {}],
    ['a name with the secret in it', `mcp: {"token=${PLANTED}": 1}`, {}],
    ['missing blank after the colon', `mcp: {token:${PLANTED}}`, {}],
    ['next to broken syntax', `mcp:\n  token: "${PLANTED}\n  port: 1\n`, {}],
    ['colon missing', `mcp:\n  host: x\n    token ${PLANTED}\n`, {}],
    ['an unknown tag', `mcp:\n  token: !${PLANTED} x\n`, {}],
    ['an unknown alias', `mcp:\n  token: *${PLANTED}\n`, {}],
    ['credentials in a host', `database: {host: "mysql://root:${PLANTED}@h"}`, {}],
    ['a variable of a secret key', '', { SMART_OPS_MCP_TOKEN: PLANTED }],
    ['an unknown variable', '', { SMART_OPS_TOKEN: PLANTED }],
    ['top level text', PLANTED, {}],
  ]
  for (const [name, yaml, env] of placed)
    it(`does not show: ${name}`, () => {
      const shown = everythingIn(refusal(yaml, env))
      assert.ok(!shown.includes(PLANTED), shown)
    })

  it('says what to do about a clear text', () => {
    assertSays(
      refusal(`mcp:\n  token: ${PLANTED}\n`),
      'ops.yaml:2:10 mcp.token: invalid value; found a clear text (hidden)',
      'no secret is ever stored in clear: use env:NAME, file:PATH, encrypted:NAME',
    )
  })
})
