import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type HandClock, makeContext, type TestContext } from '../../../test/support/make-context.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Envelope, FailureEnvelope } from '../../domain/envelope.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import type { Door } from '../../services/call.ts'
import { openDoor } from '../../services/open-door.ts'
import * as operations from '../registry.ts'

const ADMIN: Actor = { kind: 'local_administrator', name: 'root', surface: 'cli' }
const READER: Actor = { kind: 'token', name: 'reader', surface: 'http', scopes: ['read'] }

let world: TestContext
let door: Door
let clock: HandClock

before(async () => {
  world = await makeContext()
  clock = world.clock
  const context = {
    ...world.context,
    processes: { list: () => [] },
    doctor: async () => [],
    connectionNames: { credentials: ['ops', 'root-key'], jumpHosts: ['gate'] },
  }
  door = openDoor({ services: {}, operations, context, redactInput: (input) => JSON.stringify(input ?? {}) })
})

after(async () => {
  await world.close()
})

async function ask(name: string, input: unknown): Promise<Readonly<Record<string, unknown>>> {
  const envelope: Envelope = await door.call(ADMIN, name, input)
  assert.ok(envelope.success, JSON.stringify(envelope))
  // The door has checked the data against the operation's output schema, an object.
  return envelope.data as Readonly<Record<string, unknown>>
}

async function refused(name: string, input: unknown, actor = ADMIN): Promise<FailureEnvelope> {
  const envelope: Envelope = await door.call(actor, name, input)
  assert.ok(!envelope.success, `${name} accepted ${JSON.stringify(input)}`)
  return envelope
}

async function rowsOf(name: string, input: unknown, key = 'servers') {
  const rows = (await ask(name, input))[key]
  assert.ok(Array.isArray(rows))
  // Rows of an output schema are objects.
  return rows as Readonly<Record<string, unknown>>[]
}

const sampleOf = (ip: string, overrides: Partial<MetricSample> = {}): Omit<MetricSample, 'id'> => ({
  bkCloudId: 0,
  ip,
  collectedAt: clock.now(),
  cpuPercent: 30,
  memoryPercent: 40,
  diskPercent: 50,
  cpuStatus: null,
  memoryStatus: null,
  diskStatus: null,
  networkStatus: null,
  insertedAt: clock.now(),
  ...overrides,
})

const WHOLE = {
  name: '数据库主机 一号',
  group: '生产/数据库',
  transport: 'ssh',
  enabled: true,
  port: 2222,
  credential: 'ops',
  jump_host: 'gate',
  tags: ['db', '核心'],
  os: 'Kylin V10',
  role: 'MySQL',
  maintenance_windows: [
    { weekdays: [6, 7], from: '22:00', to: '02:00', time_zone: 'Asia/Shanghai' },
    { start_at: '2026-05-01T00:00:00+08:00', end_at: '2026-05-02T00:00:00+08:00' },
  ],
  owner: '运维一组',
  serial_number: 'SN-1',
  rack: 'A-07',
  rack_unit: 12,
  warranty_end_day: '2028-02-29',
  note: 'first line\nsecond line',
  thresholds: { memory_percent: 85, mounts: { '/data files': 97.5 } },
}

test('a server comes back with every field it was added with', async () => {
  await ask('servers_add', { ip: '10.1.0.1', bk_cloud_id: 3, ...WHOLE })
  const { server, inspection, sample } = await ask('servers_show', { ip: '10.1.0.1', bk_cloud_id: 3 })
  assert.deepEqual([inspection, sample], [null, null])
  // The output schema says that it is an object.
  const { server_id, registered_at, ...kept } = server as Readonly<Record<string, unknown>>
  assert.match(String(server_id), /^\d{19}$/)
  assert.equal(registered_at, '2026-03-02 09:00:00')
  assert.deepEqual(kept, {
    ip: '10.1.0.1',
    bk_cloud_id: 3,
    ...WHOLE,
    maintenance_windows: [
      WHOLE.maintenance_windows[0],
      { start_at: '2026-04-30T16:00:00.000Z', end_at: '2026-05-01T16:00:00.000Z' },
    ],
    thresholds: {
      cpu_percent: null,
      memory_percent: 85,
      disk_percent: null,
      network_percent: null,
      mounts: { '/data files': 97.5 },
    },
  })
})

test('one machine is added once, however its address is written', async () => {
  await ask('servers_add', { ip: '2001:DB8:0:0::1', name: 'six' })
  const again = await refused('servers_add', { ip: '2001:db8::1', name: 'six again' })
  assert.equal(again.code, 'SERVER_EXISTS')
  assert.match(again.error, /2001:db8::1.*six again.*already as six, id \d{19}/)
  await ask('servers_add', { ip: '2001:db8::1', bk_cloud_id: 9 })
  assert.equal((await rowsOf('servers_list', { text: '2001:db8' })).length, 2)
})

const BAD: readonly (readonly [field: string, found: unknown, allowed: RegExp])[] = [
  ['ip', '10.0.0.256', /IPv4 or IPv6/],
  ['ip', 'fe80::1%eth0', /without a zone/],
  ['ip', 'host; rm -rf /', /IPv4 or IPv6/],
  ['bk_cloud_id', -1, /from 0 to 2147483647/],
  ['name', '', /1 to 100 characters/],
  ['name', 'x'.repeat(101), /1 to 100 characters/],
  ['name', 'red\u001b[31m', /control/],
  ['name', 'a\u202eb', /control/],
  ['group', ' padded', /blanks/],
  ['port', 0, /from 1 to 65535/],
  ['port', 65_536, /from 1 to 65535/],
  ['port', 22.5, /whole number/],
  ['credential', 'nobody', /ssh\.credentials.*: ops, root-key/],
  ['jump_host', 'nowhere', /ssh\.jump_hosts.*: gate/],
  ['tags', ['a', 'a'], /different tags/],
  ['tags', ['a,b'], /without commas/],
  ['maintenance_windows', [{ weekdays: [0], from: '1:00', to: '2:00', time_zone: 'UTC' }], /HH:MM/],
  ['maintenance_windows', [{ weekdays: [8], from: '01:00', to: '02:00', time_zone: 'UTC' }], /Monday/],
  ['maintenance_windows', [{ weekdays: [1], from: '01:00', to: '02:00', time_zone: 'Mars' }], /IANA/],
  ['maintenance_windows', [{ weekdays: [1], from: '01:00' }], /IANA/],
  ['maintenance_windows', [{ start_at: '2026-05-02T00:00:00Z', end_at: '2026-05-01T00:00:00Z' }], /after/],
  ['maintenance_windows', [{ start_at: '2026-05-01 00:00', end_at: '2026-05-02T00:00:00Z' }], /offset/],
  ['rack_unit', 0, /from 1 to 100/],
  ['warranty_end_day', '2026-02-30', /day that exists/],
  ['warranty_end_day', 'soon', /YYYY-MM-DD/],
  ['note', 'bell\u0007', /control/],
  ['thresholds', { cpu_percent: 101 }, /0 to 100/],
  ['thresholds', {}, /at least one/],
  ['thresholds', { mounts: {} }, /at least one/],
  ['thresholds', { mounts: { data: 90 } }, /mount point/],
  ['thresholds', { mounts: { '/data': 101 } }, /0 to 100/],
]

for (const [field, value, allowed] of BAD)
  test(`${field} ${JSON.stringify(value).slice(0, 60)} is refused with what is allowed`, async () => {
    const before = (await rowsOf('servers_list', { limit: 5000 })).length
    const error = await refused('servers_add', { ip: '10.9.9.9', ...{ [field]: value } })
    assert.equal(error.code, 'INPUT_INVALID')
    assert.ok(error.error.startsWith(`${field}: found ${JSON.stringify(value).slice(0, 60)}`), error.error)
    assert.match(error.error, allowed)
    assert.equal((await rowsOf('servers_list', { limit: 5000 })).length, before)
  })

test('every wrong field is named once, in one answer', async () => {
  const error = await refused('servers_add', { ip: 'x', port: 0, name: '', tags: [''], rack_unit: -1 })
  const { issues } = error.details ?? {}
  assert.ok(Array.isArray(issues))
  assert.deepEqual(
    issues.map((issue: { field: string }) => issue.field),
    ['ip', 'name', 'port', 'tags', 'rack_unit'],
  )
})

test('an edit changes what it names, empties what it clears, and leaves the rest', async () => {
  await ask('servers_add', { ip: '10.2.0.1', owner: 'a', tags: ['old'], note: 'keep' })
  await ask('servers_add', { ip: '10.2.0.2', group: 'there' })
  const [first, second] = await rowsOf('servers_edit', {
    ips: ['10.2.0.1', '10.2.0.2'],
    group: 'web',
    enabled: false,
    clear: ['owner', 'tags'],
  })
  assert.deepEqual(
    [first?.['group'], first?.['owner'], first?.['tags'], first?.['note'], first?.['enabled']],
    ['web', null, [], 'keep', false],
  )
  assert.deepEqual([second?.['group'], second?.['note'], second?.['name']], ['web', null, '10.2.0.2'])
})

test('an edit that cannot be done as a whole changes nothing', async () => {
  const gone = await refused('servers_edit', { ips: ['10.2.0.1', '10.2.0.99'], role: 'new' })
  assert.equal(gone.code, 'SERVER_UNKNOWN')
  assert.match(gone.error, /10\.2\.0\.99/)
  const [server] = await rowsOf('servers_list', { text: '10.2.0.1' })
  assert.equal(server?.['role'], null)
  const refusals: readonly (readonly [unknown, RegExp])[] = [
    [{ ips: ['10.2.0.1'] }, /at least one field to change/],
    [{ ips: ['10.2.0.1'], note: 'x', clear: ['note'] }, /clear: found \["note"\]/],
    [{ ips: ['10.2.0.1', '10.2.0.2'], serial_number: 'S' }, /serial_number.*only when one server/],
    [{ ips: ['10.2.0.1'], clear: ['ip'] }, /clear\.0/],
    [{ ips: ['10.2.0.1'], ip: '10.2.0.3' }, /ip: found "10\.2\.0\.3", allowed is one of the fields/],
  ]
  for (const [input, pattern] of refusals) assert.match((await refused('servers_edit', input)).error, pattern)
})

test('what is removed leaves its samples behind and is then known only from metrics', async () => {
  await ask('servers_add', { ip: '10.3.0.1', group: 'gone' })
  await world.context.store.samples.insert([
    sampleOf('10.3.0.1'),
    sampleOf('10.3.0.7', { bkCloudId: 5, cpuPercent: null }),
  ])
  assert.deepEqual(
    (await rowsOf('servers_unlisted', {})).map((row) => [row['ip'], row['bk_cloud_id']]),
    [['10.3.0.7', 5]],
  )
  assert.equal((await rowsOf('servers_remove', { ips: ['10.3.0.1'] }, 'removed')).length, 1)
  assert.equal((await refused('servers_remove', { ips: ['10.3.0.1'] })).code, 'SERVER_UNKNOWN')
  const unlisted = await rowsOf('servers_unlisted', {})
  assert.deepEqual(unlisted[0], {
    ip: '10.3.0.1',
    bk_cloud_id: 0,
    sample: { collected_at: '2026-03-02 09:00:00', cpu_percent: 30, memory_percent: 40, disk_percent: 50 },
  })
  assert.equal(unlisted.length, 2)
})

test('adopting adds what has samples, and nothing else', async () => {
  const [adopted] = await rowsOf('servers_adopt', { ips: ['10.3.0.1'], group: 'web', credential: 'ops' })
  assert.deepEqual(
    [adopted?.['name'], adopted?.['group'], adopted?.['credential'], adopted?.['transport']],
    ['10.3.0.1', 'web', 'ops', 'ssh'],
  )
  const { sample } = await ask('servers_show', { ip: '10.3.0.1' })
  assert.notEqual(sample, null)
  assert.equal((await refused('servers_adopt', { ips: ['10.3.0.1'] })).code, 'SERVER_EXISTS')
  const unknown = await refused('servers_adopt', { ips: ['10.3.0.7'] })
  assert.equal(unknown.code, 'SERVER_UNKNOWN')
  assert.match(unknown.error, /no metric samples of 10\.3\.0\.7 in cloud area 0/)
  await ask('servers_adopt', { ips: ['10.3.0.7'], bk_cloud_id: 5 })
  assert.deepEqual(await rowsOf('servers_unlisted', {}), [])
})

test('samples that lie ahead of our clock make a machine known, without a sample', async () => {
  const tomorrow = new Date(clock.now().getTime() + 86_400_000)
  await world.context.store.samples.insert([sampleOf('10.3.0.8', { collectedAt: tomorrow })])
  assert.deepEqual(await rowsOf('servers_unlisted', {}), [{ ip: '10.3.0.8', bk_cloud_id: 0, sample: null }])
})

test('a caller that may only read changes nothing', async () => {
  for (const name of ['servers_add', 'servers_edit', 'servers_remove', 'servers_adopt', 'host_keys_forget'])
    assert.equal((await refused(name, {}, READER)).code, 'FORBIDDEN')
})

test('groups are summed over enabled servers with fresh samples', async () => {
  for (const n of [1, 2, 3, 4]) await ask('servers_add', { ip: `10.4.0.${n}`, group: 'calm' })
  await ask('servers_edit', { ips: ['10.4.0.4'], enabled: false })
  const old = new Date(clock.now().getTime() - 3_600_000)
  await world.context.store.samples.insert([
    sampleOf('10.4.0.1', { cpuPercent: 20, memoryPercent: 70, diskPercent: null }),
    sampleOf('10.4.0.2', { cpuPercent: 40, memoryPercent: 72, diskPercent: null }),
    sampleOf('10.4.0.3', { collectedAt: old, cpuPercent: 99 }),
    sampleOf('10.4.0.4', { cpuPercent: 99 }),
  ])
  const groups = await rowsOf('groups_list', {}, 'groups')
  assert.deepEqual(
    groups.find((row) => row['group'] === 'calm'),
    {
      group: 'calm',
      server_count: 4,
      enabled_count: 3,
      fresh_count: 2,
      cpu: {
        server_count: 2,
        mean_percent: 30,
        threshold_percent: 70,
        may_fail_count: 1,
        is_over_now: false,
      },
      memory: {
        server_count: 2,
        mean_percent: 71,
        threshold_percent: 70,
        may_fail_count: 0,
        is_over_now: true,
      },
      disk: null,
      may_fail_count: 0,
      limited_by: 'memory',
    },
  )
  const unmeasured = groups.find((row) => row['group'] === '生产/数据库')
  assert.deepEqual([unmeasured?.['may_fail_count'], unmeasured?.['limited_by']], [null, null])
  assert.equal(groups.at(-1)?.['group'], null)
})

test('a forgotten host key is recorded anew; an unknown one is named', async () => {
  const { knownHosts } = world.context.store
  const key = { host: '10.1.0.1', port: 2222, keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc' }
  await knownHosts.record({ ...key, at: clock.now() })
  const [row] = await rowsOf('host_keys_list', { host: '10.1.0.1' }, 'host_keys')
  assert.equal(row?.['fingerprint'], 'SHA256:abc')
  assert.deepEqual(await rowsOf('host_keys_list', { host: 'other' }, 'host_keys'), [])
  assert.equal((await refused('host_keys_forget', { host: '10.1.0.1' })).code, 'HOST_KEY_UNKNOWN')
  await ask('host_keys_forget', { host: '10.1.0.1', port: 2222 })
  const other = { ...key, fingerprint: 'SHA256:def', at: clock.now() }
  assert.equal((await knownHosts.record(other)).fingerprint, 'SHA256:def')
})

test('every operation prints a table in both languages', async () => {
  for (const name of ['servers_list', 'servers_unlisted', 'groups_list', 'host_keys_list']) {
    const operation = door.operations.get(name) ?? assert.fail(name)
    const data = await ask(name, {})
    assert.match(operation.toMarkdown(data, 'zh'), /^\| .*\p{Script=Han}/u)
    assert.match(operation.toMarkdown(data, 'en'), /^\| [A-Z]/)
  }
  const shown = await ask('servers_show', { ip: '10.1.0.1', bk_cloud_id: 3 })
  assert.match(
    operations.servers_show.toMarkdown(operations.servers_show.output.parse(shown), 'en'),
    /\| rack_unit \| 12 \|/,
  )
})
