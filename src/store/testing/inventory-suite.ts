import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import { EMPTY_INVENTORY_FIELDS } from '../../domain/inventory-fields.ts'
import { completeDraft, type InventoryServer } from '../../domain/server.ts'
import { defineSuite } from './define-suite.ts'
import { buildInspection, buildSample, buildServer } from './samples-of-domain.ts'
import type { TestDialect } from './test-databases.ts'

const AT = new Date('2026-03-02T01:00:00.123Z')

const DETAILS = {
  port: 2222,
  credential: 'ops',
  jumpHost: 'gate',
  tags: ['核心', 'db 🖥'],
  os: 'Kylin V10',
  role: 'MySQL',
  maintenanceWindows: [
    { weekdays: [6, 7], from: '22:00', to: '02:00', timeZone: 'Asia/Shanghai' },
    { startAt: new Date('2026-05-01T00:00:00.000Z'), endAt: new Date('2026-05-02T00:00:00.000Z') },
  ],
  owner: '运维',
  serialNumber: "O'Brien-1",
  rack: 'A-07',
  rackUnit: 12,
  warrantyEndDay: '2028-02-29',
  note: `line\nline "${'长'.repeat(3000)}"`,
  thresholds: { memoryPercent: 85.5 },
} as const

const newServer = (ip: string, change: Partial<Omit<InventoryServer, 'id'>> = {}) =>
  completeDraft({ bkCloudId: 0, ip, ...change }, AT)

/** Adding, changing and removing servers, and host keys. */
export function defineInventorySuite(dialect: TestDialect): void {
  defineSuite(dialect, 'inventory', (context) => {
    test('keeps every field of a server that is added', async () => {
      const { servers } = context().store
      const given = newServer('10.20.0.1', { ...DETAILS, bkCloudId: 4, name: '一号', group: '组' })
      const [added] = await servers.insertMany([given])
      assert.ok(added !== undefined)
      assert.match(added.id, /^\d{19}$/)
      assert.deepEqual(added, { ...given, id: added.id })
      assert.deepEqual(await servers.find({ bkCloudId: 4, ip: '10.20.0.1' }), added)
      assert.deepEqual(await servers.findById(added.id), added)
      assert.equal(await servers.find({ bkCloudId: 0, ip: '10.20.0.1' }), null)
      assert.equal(await servers.findById('1'), null)
      assert.ok((await servers.list()).some((server) => server.id === added.id && server.rackUnit === 12))
    })

    test('adds all or none, naming both of each duplicate', async () => {
      const { servers } = context().store
      const before = (await servers.list()).length
      const [there] = await servers.insertMany([newServer('10.20.1.1', { name: 'there' })])
      await assert.rejects(
        servers.insertMany([
          newServer('10.20.1.2', { name: 'new' }),
          newServer('10.20.1.1', { name: 'meets one that is there' }),
          newServer('10.20.1.2', { name: 'twin' }),
          newServer('10.20.1.2', { name: 'other area', bkCloudId: 1 }),
        ]),
        (error: unknown) => {
          assert.ok(error instanceof AppError)
          assert.equal(error.code, 'SERVER_EXISTS')
          assert.ok(error.message.includes(`already as there, id ${there?.id}`), error.message)
          assert.match(error.message, /10\.20\.1\.2 .* is given twice: new and twin/)
          assert.equal(error.message.includes('other area'), false)
          return true
        },
      )
      assert.equal((await servers.list()).length, before + 1)
      assert.deepEqual(await servers.insertMany([]), [])
    })

    test('of two processes that add the same servers at once one does, whole', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const batch = Array.from({ length: 40 }, (_, n) => newServer(`10.20.2.${n}`))
      const outcomes = await Promise.allSettled([
        store.servers.insertMany(batch),
        other.servers.insertMany(batch.toReversed()),
      ])
      assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1)
      const refused = outcomes.find((outcome) => outcome.status === 'rejected')
      assert.ok(refused?.reason instanceof AppError)
      assert.equal(refused.reason.code, 'SERVER_EXISTS')
      assert.match(refused.reason.message, /10\.20\.2\.\d+ .* in the inventory already|another process/)
      const stored = (await store.servers.list()).filter((server) => server.ip.startsWith('10.20.2.'))
      assert.equal(stored.length, 40)
    })

    test('a change writes what it holds; null empties', async () => {
      const { servers } = context().store
      const [server] = await servers.insertMany([newServer('10.20.3.1', DETAILS)])
      assert.ok(server !== undefined)
      assert.deepEqual(await servers.update(server.id, { name: 'renamed', rack: 'B' }), {
        ...server,
        name: 'renamed',
        rack: 'B',
      })
      assert.deepEqual(await servers.update(server.id, { ...EMPTY_INVENTORY_FIELDS, group: null }), {
        ...server,
        ...EMPTY_INVENTORY_FIELDS,
        name: 'renamed',
      })
      assert.deepEqual(await servers.update(server.id, {}), await servers.findById(server.id))
      assert.equal(await servers.update('1', { name: 'nobody' }), null)
    })

    test('a server that registered by itself gets its details on the first change', async () => {
      const { servers } = context().store
      const registered = await servers.register(buildServer('10.20.3.2'))
      assert.deepEqual(registered.tags, [])
      assert.deepEqual(await servers.update(registered.id, { tags: ['t'], port: 22 }), {
        ...registered,
        tags: ['t'],
        port: 22,
      })
    })

    test('switches a server off and on', async () => {
      const { servers } = context().store
      const [server] = await servers.insertMany([newServer('10.20.3.3', DETAILS)])
      const id = server?.id ?? assert.fail('nothing was added')
      assert.equal(await servers.setEnabled(id, false), true)
      assert.deepEqual(await servers.findById(id), { ...server, enabled: false })
      assert.equal(await servers.setEnabled('1', false), false)
    })

    test('removing takes the inventory entry and nothing else', async () => {
      const { servers, samples, inspections } = context().store
      const [server] = await servers.insertMany([newServer('10.20.4.1', DETAILS)])
      const id = server?.id ?? assert.fail('nothing was added')
      await samples.insert([buildSample('10.20.4.1', '2026-03-02T00:59:00Z')])
      await inspections.save(null, buildInspection(id, '2026-03-02T00:50:00.000Z'))
      assert.equal(await servers.remove(id), true)
      assert.equal(await servers.remove(id), false)
      assert.equal(await servers.findById(id), null)
      const identity = { bkCloudId: 0, ip: '10.20.4.1' }
      const since = new Date('2026-03-02T00:00:00Z')
      assert.equal((await samples.history(identity, since, AT)).length, 1)
      assert.notEqual(await inspections.latestOf(id), null)
      const [again] = await servers.insertMany([newServer('10.20.4.1')])
      assert.deepEqual(again?.tags, [])
    })

    test('finds the newest inspection of one server', async () => {
      const { inspections } = context().store
      assert.equal(await inspections.latestOf('77'), null)
      await inspections.save(null, buildInspection('77', '2026-03-02T08:00:00.000Z'))
      const newest = await inspections.save(null, buildInspection('77', '2026-03-02T09:00:00.000Z'))
      await inspections.save(null, buildInspection('78', '2026-03-02T10:00:00.000Z'))
      assert.deepEqual(await inspections.latestOf('77'), newest)
    })

    test('a host key is recorded once; a changed one changes nothing', async () => {
      const { knownHosts } = context().store
      const key = { host: '10.20.5.1', port: 22, keyType: 'ssh-ed25519', fingerprint: 'SHA256:aA1' }
      const later = new Date(AT.getTime() + 60_000)
      assert.equal(await knownHosts.find('10.20.5.1', 22), null)
      const first = { ...key, firstSeenAt: AT, lastSeenAt: AT }
      assert.deepEqual(await knownHosts.record({ ...key, at: AT }), first)
      assert.deepEqual(await knownHosts.record({ ...key, at: later }), { ...first, lastSeenAt: later })
      assert.deepEqual(await knownHosts.record({ ...key, at: AT }), { ...first, lastSeenAt: later })
      const changed = { ...key, fingerprint: 'SHA256:Aa1', at: new Date(later.getTime() + 1) }
      assert.deepEqual(await knownHosts.record(changed), { ...first, lastSeenAt: later })
      await knownHosts.record({ ...key, port: 2222, at: AT })
      assert.deepEqual(
        (await knownHosts.list()).map(({ host, port }) => [host, port]),
        [
          ['10.20.5.1', 22],
          ['10.20.5.1', 2222],
        ],
      )
      assert.equal(await knownHosts.forget('10.20.5.1', 22), true)
      assert.equal(await knownHosts.forget('10.20.5.1', 22), false)
      assert.equal((await knownHosts.record(changed)).fingerprint, 'SHA256:Aa1')
    })

    test('what sudo refused is remembered per server, replaced as a whole, and gone with the server', async () => {
      const { sudoRefusals, servers } = context().store
      const [server] = await servers.insertMany([newServer('10.20.6.1')])
      const id = server?.id ?? assert.fail('nothing was added')
      assert.deepEqual(await sudoRefusals.find(id), [])
      const refusal = { command: 'smartctl -H -A /dev/sda', refusedAt: AT }
      await sudoRefusals.replace(id, [refusal, { ...refusal, command: 'smartctl -h -a /dev/sda' }])
      await sudoRefusals.replace('another', [refusal])
      assert.equal((await sudoRefusals.find(id)).length, 2)
      await sudoRefusals.replace(id, [refusal])
      assert.deepEqual(await sudoRefusals.find(id), [refusal])
      await servers.remove(id)
      assert.deepEqual(await sudoRefusals.find(id), [])
      assert.deepEqual(await sudoRefusals.find('another'), [refusal])
    })

    test('of two processes that meet a host at once the first key counts', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const key = { host: 'twice', port: 22, keyType: 'ssh-rsa', at: AT }
      const [a, b] = await Promise.all([
        store.knownHosts.record({ ...key, fingerprint: 'SHA256:one' }),
        other.knownHosts.record({ ...key, fingerprint: 'SHA256:two' }),
      ])
      assert.deepEqual(a, b)
    })
  })
}
