import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AppError } from '../domain/errors.ts'
import type { Environment } from './environment.ts'
import { loadConfig } from './load-config.ts'

const PLANTED = 'Hunter2-planted-Zx9'

const load = (yaml: string, env: Environment = {}) =>
  loadConfig({
    env: { SMART_OPS_CONFIG: 'ops.yaml', ...env },
    cwd: '/srv/ops',
    readFile: () => Buffer.from(yaml),
  })

function refusal(yaml: string, env: Environment = {}): string {
  try {
    load(yaml, env)
  } catch (error) {
    assert.ok(error instanceof AppError, String(error))
    assert.equal(error.code, 'CONFIG_INVALID')
    assert.ok(!JSON.stringify([error.text, error.details, error.stack]).includes(PLANTED))
    return error.text.en
  }
  throw new assert.AssertionError({ message: 'the configuration was accepted' })
}

const FLEET = `ssh:
  defaults:
    user: ops
    port: 2222
    credential: fleet
    connect_seconds: 3
  credentials:
    fleet:
      private_key: file:keys/id_ed25519
      passphrase: env:SMART_OPS_KEY_PASS
    old:
      user: admin
      password: encrypted:old-servers
      try_keyboard_interactive: true
  jump_hosts:
    outer:
      host: 192.0.2.1
    inner:
      host: bastion.example.com
      port: 2200
      credential: old
      via: outer
  concurrency: 100
`

describe('section ssh', () => {
  it('reads credentials and jump hosts by name', () => {
    const { ssh } = load(FLEET, { SMART_OPS_KEY_PASS: 'x', SMART_OPS_SSH_DEFAULTS_PORT: '2022' })
    assert.deepEqual(ssh.defaults, {
      user: 'ops',
      port: 2022,
      credential: 'fleet',
      connectDeadlineMs: 3000,
      loginDeadlineMs: 15_000,
      silenceDeadlineMs: 100_000,
      commandDeadlineMs: 600_000,
      keepAliveMs: 30_000,
      maxChannelsPerHost: 4,
    })
    assert.deepEqual(Object.fromEntries(ssh.credentials), {
      fleet: {
        user: null,
        privateKey: { scheme: 'file', path: '/srv/ops/keys/id_ed25519' },
        passphrase: { scheme: 'env', name: 'SMART_OPS_KEY_PASS' },
        password: null,
        useAgent: false,
        tryKeyboardInteractive: false,
      },
      old: {
        user: 'admin',
        privateKey: null,
        passphrase: null,
        password: { scheme: 'encrypted', name: 'old-servers' },
        useAgent: false,
        tryKeyboardInteractive: true,
      },
    })
    assert.deepEqual(ssh.jumpHosts.get('inner'), {
      host: 'bastion.example.com',
      port: 2200,
      credential: 'old',
      via: 'outer',
    })
    assert.equal(ssh.jumpHosts.get('outer')?.via, null)
    assert.equal(ssh.concurrency, 100)
    assert.equal(ssh.concurrencyPerJumpHost, 32)
  })

  it('tells every key of an entry with its source, a secret as ***', () => {
    const told = new Map(load(FLEET).effective.map((one) => [one.keyPath, one]))
    assert.deepEqual(told.get('ssh.jump_hosts.inner.port'), {
      keyPath: 'ssh.jump_hosts.inner.port',
      value: 2200,
      source: 'ops.yaml:20',
    })
    assert.equal(told.get('ssh.credentials.old.password')?.value, '***')
    assert.equal(told.get('ssh.credentials.old.agent')?.source, 'default')
  })

  it('takes empty sections for absent ones', () => {
    const { ssh } = load('ssh:\n  defaults:\n  credentials:\n  jump_hosts:\n')
    assert.equal(ssh.credentials.size + ssh.jumpHosts.size, 0)
  })

  it('says in line and column which name nobody defined', () => {
    const english = refusal(
      FLEET.replace('credential: fleet', 'credential: flet').replace('via: outer', 'via: x'),
    )
    assert.match(
      english,
      /ops\.yaml:5:17 ssh\.defaults\.credential: ssh\.credentials has no flet, did you mean fleet\?/,
    )
    assert.match(
      english,
      /ops\.yaml:22:12 ssh\.jump_hosts\.inner\.via: ssh\.jump_hosts has no x; defined: outer, inner/,
    )
    assert.match(
      refusal('', { SMART_OPS_SSH_DEFAULTS_CREDENTIAL: 'none' }),
      /SMART_OPS_SSH_DEFAULTS_CREDENTIAL ssh\.defaults\.credential: ssh\.credentials has no none; defined: \(there are none\)/,
    )
  })

  it('says which jump hosts form a loop, once', () => {
    const hosts = (vias: Record<string, string>) =>
      `ssh:\n  jump_hosts:\n${Object.entries(vias)
        .map(([name, via]) => `    ${name}: { host: 10.0.0.1, via: ${via} }\n`)
        .join('')}`
    const english = refusal(hosts({ entry: 'a', a: 'b', b: 'c', c: 'a' }))
    assert.match(
      english,
      /ops\.yaml:6:\d+ ssh\.jump_hosts\.c\.via: the jump hosts form a loop: a → b → c → a; allowed/,
    )
    assert.match(english, /1 problem:/)
    assert.match(refusal(hosts({ self: 'self' })), /self → self/)
    assert.match(refusal(hosts({ a: 'b', b: 'a', c: 'd', d: 'c' })), /2 problems/)
  })

  it('refuses a clear-text secret without showing it', () => {
    const english = refusal(`ssh:\n  credentials:\n    fleet:\n      password: ${PLANTED}\n`)
    assert.match(
      english,
      /ops\.yaml:4:17 ssh\.credentials\.fleet\.password: invalid value; found a clear text \(hidden\)/,
    )
    assert.match(
      refusal(`ssh:\n  credentials:\n    fleet: ${PLANTED}\n`),
      /ops\.yaml:3:12 ssh\.credentials\.fleet: must be a mapping .*found a text; allowed keys: user, private_key/,
    )
  })

  it('refuses unknown keys and impossible names inside entries', () => {
    const english = refusal(
      'ssh:\n  credentials:\n    fleet: { privat_key: env:K, agent: true }\n  jump_hosts:\n    -x: { host: h }\n    y: { port: 22 }\n  default:\n',
    )
    assert.match(
      english,
      /ops\.yaml:3:14 ssh\.credentials\.fleet\.privat_key: unknown key, did you mean private_key\?/,
    )
    assert.match(english, /ops\.yaml:5:5 ssh\.jump_hosts\.-x: invalid name; allowed: a name of letters/)
    assert.match(english, /ssh\.jump_hosts\.y\.host: invalid value; found nothing/)
    assert.match(english, /ops\.yaml:7:3 ssh\.default: unknown key, did you mean defaults\?/)
  })

  it('refuses a credential that cannot log in', () => {
    const english = refusal(
      'ssh:\n  credentials:\n    a: {}\n    b: { passphrase: env:P, agent: true }\n    c: { agent: true, try_keyboard_interactive: true }\n',
    )
    assert.match(english, /ops\.yaml:3:5 ssh\.credentials\.a: has no way to log in/)
    assert.match(english, /ops\.yaml:4:10 ssh\.credentials\.b\.passphrase: is only used with private_key/)
    assert.match(english, /ssh\.credentials\.c\.try_keyboard_interactive: answers with password/)
  })
})

describe('coexistence', () => {
  it('follows how the database was found unless told', () => {
    assert.deepEqual(load('').metrics, { source: null, groups: new Map() })
    const { metrics } = load('metrics:\n  source: both\n  groups:\n    数据库: { source: database }\n')
    assert.deepEqual(metrics, { source: 'both', groups: new Map([['数据库', 'database']]) })
    assert.match(refusal('metrics:\n  source: mysql\n'), /allowed: auto, collect, database, both/)
  })

  it('reads status words', () => {
    assert.deepEqual(load('database:\n  status_words: 正常/警告/严重\n').database.statusWords, {
      normal: '正常',
      warning: '警告',
      critical: '严重',
    })
    for (const wrong of ['a/b', 'a/a/b', 'a/b/', 'a/b/c/d', `a/b/${'x'.repeat(21)}`])
      assert.match(refusal(`database:\n  status_words: ${wrong}\n`), /status_words: invalid value/)
  })

  it('reads words of report types', () => {
    assert.deepEqual(load('database:\n  report_type_words: 日报/周报\n').database.reportTypeWords, {
      daily: '日报',
      weekly: '周报',
    })
    for (const wrong of ['a', 'a/a', 'a/', 'a/b/c', `a/${'x'.repeat(21)}`])
      assert.match(refusal(`database:\n  report_type_words: ${wrong}\n`), /report_type_words: invalid value/)
  })

  it('keeps results for ten seconds unless told', () => {
    assert.deepEqual(load('').cache, { expiryMs: 10_000, maxBytes: 67_108_864 })
    assert.equal(load('cache:\n  expiry_seconds: 0\n').cache.expiryMs, 0)
    assert.match(refusal('cache:\n  expiry_seconds: 301\n'), /allowed: an integer from 0 to 300/)
  })

  it('keeps retention off in adopted databases unless told', () => {
    assert.deepEqual(load('').retention, {
      progressEventDays: 30,
      samplesDays: 30,
      isEnabledInAdopted: false,
    })
    assert.equal(
      load('', { SMART_OPS_RETENTION_ENABLED_IN_ADOPTED: 'true' }).retention.isEnabledInAdopted,
      true,
    )
    assert.match(refusal('', { SMART_OPS_RETENTION_ENABLED_IN_ADOPTED: 'yes' }), /allowed: true or false/)
  })
})
