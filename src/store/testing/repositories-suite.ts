import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import { EMPTY_INVENTORY_FIELDS } from '../../domain/inventory-fields.ts'
import type { MetricsReading, MetricValues } from '../../domain/metrics.ts'
import { text } from '../../domain/text.ts'
import { defineSuite } from './define-suite.ts'
import { ACTOR, buildInspection, buildServer, refusedMetrics, sensorFacts } from './samples-of-domain.ts'
import type { TestDialect } from './test-databases.ts'

const hasCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code

const READING: MetricsReading = {
  collectedAt: new Date('2026-03-02T08:00:00.007Z'),
  bootId: 'b0',
  uptimeSeconds: 12.5,
  cpu: { totalTicks: 9_007_199_254_740_991, idleTicks: 5, cpuCount: 2 },
  memory: null,
  swap: null,
  disk: null,
  interfaces: [],
  load: null,
  psi: null,
}
const VALUES: MetricValues = {
  collectedAt: READING.collectedAt,
  cpuPercent: null,
  memoryPercent: 33.33,
  diskPercent: 0,
  networkPercent: null,
  gaps: ['cpu: first_reading'],
}

const PAST = {
  baseline: {
    computedAt: READING.collectedAt,
    cpu: null,
    memory: {
      sampleCount: 60,
      spanMs: 3_600_000,
      medianPercent: 30,
      madPercent: 1.5,
      p2Percent: 20,
      p98Percent: 41,
    },
    disk: null,
  },
  exceededSince: { memory: new Date('2026-03-02T07:00:00Z') },
}

/** Inventory, readings, settings, audit, events, reports and schedules. */
export function defineRepositoriesSuite(dialect: TestDialect): void {
  defineSuite(dialect, 'repositories', (context) => {
    test('registers a server once, whoever asks and how often', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const both = await Promise.all([
        store.servers.register(buildServer('10.0.0.2')),
        other.servers.register(buildServer('10.0.0.2', { name: 'second' })),
      ])
      assert.equal(both[0].id, both[1].id)
      assert.match(both[0].id, /^\d{19}$/)
      await store.servers.register(buildServer('10.0.0.2', { bkCloudId: 7, group: '数据库', enabled: false }))
      await store.servers.register(buildServer('10.0.0.10'))
      const listed = await store.servers.list()
      assert.deepEqual(
        listed.map((server) => [server.ip, server.bkCloudId]),
        [
          ['10.0.0.10', 0],
          ['10.0.0.2', 0],
          ['10.0.0.2', 7],
        ],
      )
      const { id, ...kept } = listed[2] ?? assert.fail('the third server is missing')
      assert.equal(id.length, 19)
      assert.deepEqual(kept, {
        ...EMPTY_INVENTORY_FIELDS,
        ...buildServer('10.0.0.2', { bkCloudId: 7, group: '数据库', enabled: false }),
      })
    })

    test('keeps the last reading of a server with its dates', async () => {
      const { readings } = context().store
      assert.equal(await readings.find('1'), null)
      await readings.save({ serverId: '1', reading: { ...READING, bootId: 'old' }, values: VALUES, ...PAST })
      await readings.save({ serverId: '1', reading: READING, values: VALUES, ...PAST })
      assert.deepEqual(await readings.find('1'), { serverId: '1', reading: READING, values: VALUES, ...PAST })
      await Promise.all(
        [1, 2, 3].map(() => readings.save({ serverId: '2', reading: READING, values: VALUES, ...PAST })),
      )
      assert.deepEqual(
        (await readings.list()).map((stored) => stored.serverId),
        ['1', '2'],
      )
    })

    test('a reading that an earlier version stored has no baseline', async () => {
      const { store, database } = context()
      await store.readings.save({ serverId: 'old', reading: READING, values: VALUES, ...PAST })
      await database.query(
        `update metric_reading set computed = '{"collectedAt":{"$date":"2026-03-02T08:00:00.000Z"},"gaps":[]}' where server_id = 'old'`,
      )
      const old = await store.readings.find('old')
      assert.equal(old?.baseline, null)
      assert.deepEqual(old?.exceededSince, {})
      await database.query(`delete from metric_reading where server_id = 'old'`)
    })

    test('names table and row when stored JSON cannot be read', async () => {
      const { store, database } = context()
      await store.readings.save({ serverId: 'bad', reading: READING, values: VALUES, ...PAST })
      for (const content of ['{"collectedAt":', '{"collectedAt":"yesterday"}', 'null']) {
        await database.query(`update metric_reading set reading = '${content}' where server_id = 'bad'`)
        await assert.rejects(store.readings.find('bad'), (error) => {
          assert.ok(error instanceof AppError)
          assert.equal(error.code, 'STORED_DATA_INVALID')
          assert.deepEqual(error.details, { table: 'metric_reading', id: 'bad', column: 'reading' })
          return true
        })
      }
      await database.query(`delete from metric_reading where server_id = 'bad'`)
    })

    test('settings and secrets are told apart by case and replaced in place', async () => {
      const { settings, secrets } = context().store
      assert.equal(await settings.get('k'), null)
      await settings.set('k', 'one')
      await settings.set('K', '大写')
      await settings.set('k', `two 'quoted' \\ "double" 🖥`)
      assert.equal(await settings.get('k'), `two 'quoted' \\ "double" 🖥`)
      assert.equal(await settings.get('K'), '大写')
      assert.equal(await settings.setIfAbsent('k', 'three'), `two 'quoted' \\ "double" 🖥`)
      assert.equal(await settings.setIfAbsent('new', ''), '')
      assert.equal(await secrets.get('s'), null)
      await secrets.put('s', 'v1:abc')
      await secrets.put('s', 'v1:def')
      assert.equal(await secrets.get('s'), 'v1:def')
    })

    test('of many that set an absent setting at once all get the same value', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const stored = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? store : other).settings.setIfAbsent('raced', String(n)),
        ),
      )
      assert.equal(new Set(stored).size, 1)
    })

    test('gives a firing to exactly one of many callers', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const at = new Date('2026-03-02T00:00:00.000Z')
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? store : other).schedules.claim('metrics', at)),
      )
      assert.equal(claims.filter(Boolean).length, 1)
      assert.equal(await store.schedules.claim('metrics', new Date(at.getTime() + 1)), true)
      assert.equal(await store.schedules.claim('full', at), true)
    })

    test('words of report types are learned from the newest rows, or are the configured ones', async () => {
      const { database, clock, store } = context()
      const learned = async () => (await store.words()).reportType
      assert.deepEqual(await learned(), { daily: 'daily', weekly: 'weekly' })
      const write = (id: number, word: string) =>
        database.query(
          `insert into operation_analysis_summary (id, report_date, report_type) values ('${id}', '2026-03-01', '${word}')`,
        )
      await write(1001, 'daily')
      for (const id of [1002, 1003, 1004]) await write(id, '日报')
      assert.deepEqual(await learned(), { daily: '日报', weekly: '周报' })
      for (let id = 2000; id < 2200; id += 1) await write(id, id % 7 === 0 ? 'WEEKLY' : 'DAILY')
      assert.deepEqual(await learned(), { daily: '日报', weekly: '周报' })
      clock.move(3_600_000)
      assert.deepEqual(await learned(), { daily: 'DAILY', weekly: 'WEEKLY' })
      await database.query('delete from operation_analysis_summary')
    })

    test('an audit entry with an id of its own is stored once, and a taken id costs no entry', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      const ids = await store.reserveIds(150)
      const at = (n: number) => new Date(Date.parse('2026-02-01T08:00:00.001Z') + n)
      const entries = ids.map((id, n) => ({
        id,
        at: at(n),
        actor: ACTOR,
        operation: 'servers_add',
        effect: 'change' as const,
        input: `{"ip":"10.0.${n}.1"}`,
        outcome: 'OK',
        durationMs: n,
      }))
      await store.audit.insertOnce(entries.slice(20, 40))
      await Promise.all([store.audit.insertOnce(entries), other.audit.insertOnce(entries.toReversed())])
      const [first] = entries
      assert.ok(first)
      await store.audit.insertOnce([{ ...first, at: at(1000), operation: 'servers_edit' }])
      const listed = (await store.audit.list(1000)).filter(({ input }) => input.startsWith('{"ip":'))
      assert.equal(listed.length, 151)
      assert.deepEqual(listed.slice(1), entries.toReversed())
      assert.equal(listed[0]?.operation, 'servers_edit')
    })

    test('lists audit entries newest first', async () => {
      const { audit } = context().store
      const entry = {
        at: new Date('2026-03-02T08:00:00.001Z'),
        actor: ACTOR,
        operation: 'service_001_system_inspection',
        effect: 'read',
        input: '{"group":"数据库"}',
        outcome: 'OK',
        durationMs: 12.4,
      } as const
      await audit.append(entry)
      await audit.append({ ...entry, at: new Date('2026-03-02T07:00:00.000Z'), outcome: 'INPUT_INVALID' })
      const token = { kind: 'token', name: 't', surface: 'mcp', scopes: ['read', 'collect'] } as const
      await audit.append({ ...entry, at: new Date('2026-03-02T09:00:00.000Z'), actor: token })
      const listed = await audit.list(2)
      assert.deepEqual(
        listed.map(({ id, ...rest }) => rest),
        [
          { ...entry, at: new Date('2026-03-02T09:00:00.000Z'), actor: token, durationMs: 12 },
          { ...entry, durationMs: 12 },
        ],
      )
    })

    test('keeps events of a run in order and forgets old ones', async () => {
      const { liveEvents } = context().store
      const event = (done: number, runId: string | null) => ({
        at: new Date(Date.parse('2026-03-02T08:00:00.000Z') + done),
        runId,
        step: 'collect',
        done,
        total: done === 1 ? null : 3,
        message: text(`第 ${done} 台`, `server ${done}`),
      })
      for (const done of [1, 2, 3]) await liveEvents.append(event(done, 'r1'))
      await liveEvents.append(event(1, null))
      const events = await liveEvents.listByRun('r1')
      assert.deepEqual(
        events.map((stored) => stored.event),
        [event(1, 'r1'), event(2, 'r1'), event(3, 'r1')],
      )
      assert.deepEqual(
        events.map(({ id }) => id),
        events.map(({ id }) => id).toSorted(),
      )
      assert.equal(await liveEvents.deleteOlderThan(new Date('2026-03-02T08:00:00.002Z')), 2)
      assert.equal((await liveEvents.listByRun('r1')).length, 2)
    })

    test('a report of the same run replaces the earlier one, others are added', async () => {
      const { reports } = context().store
      const report = (runId: string | null, createdAt: string) => ({
        kind: 'hardware_summary' as const,
        runId,
        createdAt: new Date(createdAt),
        title: text('摘要', 'Summary'),
        document: { at: new Date(createdAt), rows: [1, null, { n: 0 }] },
      })
      assert.equal(await reports.latest('hardware_summary'), null)
      const first = await reports.save(report('r1', '2026-03-02T08:00:00.000Z'))
      const again = await reports.save(report('r1', '2026-03-02T08:05:00.000Z'))
      assert.equal(again.id, first.id)
      assert.deepEqual(await reports.findByRun('hardware_summary', 'r1'), again)
      assert.equal(await reports.findByRun('hardware_summary', 'r2'), null)
      const apart = await reports.save(report(null, '2026-03-02T08:10:00.000Z'))
      await reports.save(report(null, '2026-03-02T08:09:00.000Z'))
      assert.deepEqual(await reports.latest('hardware_summary'), apart)
    })

    test('finds the newest inspection of each server, by run and by probe', async () => {
      const { inspections } = context().store
      await inspections.save(
        null,
        buildInspection('1', '2026-03-02T08:00:00.000Z', { facts: { sensors: sensorFacts(40) } }),
      )
      const second = await inspections.save(
        'r1',
        buildInspection('1', '2026-03-02T09:00:00.000Z', {
          facts: { sensors: sensorFacts(50), metrics: refusedMetrics },
        }),
      )
      const third = await inspections.save(
        null,
        buildInspection('1', '2026-03-02T10:00:00.000Z', { facts: { metrics: refusedMetrics } }),
      )
      const other = await inspections.save('r1', buildInspection('2', '2026-03-02T07:00:00.000Z'))
      assert.deepEqual(await inspections.latestPerServer(), [third, other])
      assert.deepEqual(await inspections.latestWith('sensors', ['1', '2', 'unknown']), [second])
      assert.deepEqual(await inspections.latestWith('metrics', ['1', '2']), [third])
      assert.deepEqual(await inspections.latestWith('metrics', []), [])
      assert.deepEqual(await inspections.latestSensors(), [
        {
          ...buildInspection('1', '2026-03-02T09:00:00.000Z', { facts: { sensors: sensorFacts(50) } }),
          sections: [],
          evidence: [],
        },
      ])
      const replaced = await inspections.save('r1', buildInspection('1', '2026-03-02T09:30:00.000Z'))
      assert.equal(replaced.id, second.id)
      assert.deepEqual(await inspections.findByRun('r1'), [replaced, other])
      assert.deepEqual(
        (await inspections.latestSensors()).map((found) => found.finishedAt.toISOString()),
        ['2026-03-02T08:00:00.000Z'],
      )
    })

    test('finds what was known of each server before an instant of its own, by probe', async () => {
      const { inspections, servers } = context().store
      const [one, two] = [
        await servers.register(buildServer('10.0.7.1')),
        await servers.register(buildServer('10.0.7.2')),
      ]
      const sensors = { sensors: sensorFacts(40) }
      const both = { ...sensors, metrics: refusedMetrics }
      const save = (serverId: string, at: string, facts: ServerInspection['facts']) =>
        inspections.save(null, buildInspection(serverId, at, { facts }))
      const first = await save(one.id, '2026-03-02T08:00:00.000Z', both)
      const second = await save(one.id, '2026-03-02T09:00:00.000Z', sensors)
      await save(one.id, '2026-03-02T10:00:00.000Z', both)
      const other = await save(two.id, '2026-03-02T10:00:00.000Z', both)
      await save(two.id, '2026-03-02T10:00:00.001Z', both)
      const bounds = (at: string) =>
        new Map([
          [one.id, new Date(at)],
          [two.id, new Date('2026-03-02T10:00:00.001Z')],
          ['404', new Date(at)],
        ])
      const found = async (at: string) =>
        (await inspections.previousWith(['sensors', 'metrics', 'memory'], bounds(at)))
          .map(({ probe, stored }) => [probe, stored] as const)
          .toSorted((a, b) => a[0].localeCompare(b[0]) || a[1].id.localeCompare(b[1].id))
      assert.deepEqual(await found('2026-03-02T10:00:00.000Z'), [
        ['metrics', first],
        ['metrics', other],
        ['sensors', second],
        ['sensors', other],
      ])
      assert.deepEqual(await found('2026-03-02T09:00:00.000Z'), [
        ['metrics', first],
        ['metrics', other],
        ['sensors', first],
        ['sensors', other],
      ])
      assert.deepEqual(await found('2026-03-02T08:00:00.000Z'), [
        ['metrics', other],
        ['sensors', other],
      ])
      assert.deepEqual(await inspections.previousWith(['sensors'], new Map()), [])
      assert.deepEqual(await inspections.previousWith([], bounds('2026-03-02T10:00:00.000Z')), [])
    })

    test('a transaction happens as a whole or not at all', async () => {
      const { store } = context()
      await assert.rejects(
        store.transaction(async (repositories) => {
          await repositories.settings.set('in transaction', '1')
          assert.equal(await repositories.settings.get('in transaction'), '1')
          await repositories.servers.register(buildServer('10.9.9.9'))
          throw new Error('changed my mind')
        }),
        /changed my mind/,
      )
      assert.equal(await store.settings.get('in transaction'), null)
      assert.equal(
        (await store.servers.list()).some((server) => server.ip === '10.9.9.9'),
        false,
      )
      const kept = await store.transaction(async (repositories) => {
        await repositories.settings.set('in transaction', '2')
        return 'kept'
      })
      assert.equal(kept, 'kept')
      assert.equal(await store.settings.get('in transaction'), '2')
    })

    test('the store itself inside a transaction throws instead of waiting for ever', {
      timeout: 10_000,
    }, async () => {
      const { store } = context()
      const inside = /inside a transaction/
      await assert.rejects(
        store.transaction(() => store.settings.get('x')),
        inside,
      )
      await assert.rejects(
        store.transaction(() => store.servers.register(buildServer('10.8.8.8'))),
        inside,
      )
      await assert.rejects(
        store.transaction(() => store.transaction(async () => 1)),
        inside,
      )
      assert.equal(await store.settings.get('x'), null)
    })

    test('twenty transactions at once all happen', async () => {
      const { store, openAgain } = context()
      const other = await openAgain()
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? store : other).transaction(async (repositories) => {
            const count = Number((await repositories.settings.get(`count ${n % 4}`)) ?? 0)
            await repositories.settings.set(`count ${n % 4}`, String(count + 1))
            await repositories.servers.register(buildServer('10.7.7.7', { bkCloudId: n }))
          }),
        ),
      )
      assert.equal((await store.servers.list()).filter((server) => server.ip === '10.7.7.7').length, 20)
    })

    test('answers a ping', async () => {
      await context().store.ping()
    })

    test('says that the schema is missing before it was migrated', async () => {
      const empty = await context().createEmpty()
      const store = await empty.open()
      try {
        await assert.rejects(store.settings.get('k'), hasCode('SCHEMA_OUTDATED'))
        await assert.rejects(store.servers.register(buildServer('10.0.0.1')), hasCode('SCHEMA_OUTDATED'))
      } finally {
        await store.close()
      }
    })
  })
}
