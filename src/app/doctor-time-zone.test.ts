import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLocalTime } from '../lib/format-local-time.ts'
import { createSnowflakeGenerator } from '../lib/snowflake.ts'
import { createSqliteDatabase, TestClock } from '../store/testing/test-databases.ts'
import { checkTimeZone } from './doctor-time-zone.ts'

const MINUTE_MS = 60_000
const LIKELY = ['UTC', 'Asia/Shanghai', 'Asia/Kolkata']

interface Writer {
  /** Zone that the writer's clock shows. */
  readonly zone: string
  readonly servers: number
  /** Minutes since the last row. */
  readonly ageMinutes?: number
  /** Minutes between rows. */
  readonly everyMinutes?: number
  readonly ids?: 'snowflake' | 'plain'
}

/** Lets a writer fill an hour (or ten rows) of a database, and returns what the doctor says of it in that zone. */
async function examine(configured: string, writer: Writer | null) {
  const clock = new TestClock()
  const database = await createSqliteDatabase()
  try {
    const store = await database.open({ clock }, configured)
    try {
      await store.migrate()
      if (writer !== null) await database.query(rowsOf(writer, clock))
      return await checkTimeZone({ store, clock, configured, likely: LIKELY })
    } finally {
      await store.close()
    }
  } finally {
    await database.drop()
  }
}

function rowsOf(
  { zone, servers, ageMinutes = 0.5, everyMinutes = 1, ids = 'snowflake' }: Writer,
  clock: TestClock,
): string {
  const values: string[] = []
  const rows = everyMinutes === 1 ? 60 : 10
  for (let n = rows - 1; n >= 0; n -= 1) {
    const at = new Date(clock.now().getTime() - (ageMinutes + n * everyMinutes) * MINUTE_MS)
    const local = formatLocalTime(at, zone)
    const { next } = createSnowflakeGenerator(9, { now: () => new Date(at.getTime() + 2_000) })
    for (let server = 0; server < servers; server += 1) {
      const id = ids === 'snowflake' ? next() : String(values.length + 1)
      values.push(`('${id}', '10.0.0.${server}', '${local}', '${local}')`)
    }
  }
  return `insert into howso_server_performance_metrics (id, ip, collect_time, insert_time) values ${values.join(', ')}`
}

test('rows that are read hours ahead give a warning with a zone that fits', async () => {
  const check = await examine('UTC', { zone: 'Asia/Shanghai', servers: 3 })
  assert.equal(check.state, 'warning')
  assert.match(check.found.en, /read in UTC, the newest samples are 8 h ahead \(3 of 3 servers\)/)
  assert.match(check.found.zh, /按 UTC 读出后超前 8 小时\(3 台中的 3 台\)/)
  assert.match(check.remedy?.en ?? '', /for example Asia\/Shanghai; if that is UTC, set the clock/)
  assert.match(check.remedy?.zh ?? '', /例如 Asia\/Shanghai/)
})

test('rows that are read behind are told from old ones by their ids, of a single server too', async () => {
  const check = await examine('Asia/Shanghai', { zone: 'UTC', servers: 1 })
  assert.equal(check.state, 'warning')
  assert.match(check.found.en, /8 h behind \(1 of 1 servers\)/)
  assert.match(check.remedy?.en ?? '', /^set database\.time_zone .* for example UTC/)
  for (const ageMinutes of [8 * 60, 8 * 60 + 17, 24 * 60, 4 * 24 * 60])
    assert.equal((await examine('UTC', { zone: 'UTC', servers: 3, ageMinutes })).state, 'ok')
})

test('half hours count, and a zone without a likely name is given by its offset', async () => {
  const india = await examine('UTC', { zone: 'Asia/Kolkata', servers: 2 })
  assert.match(india.found.en, /5 h 30 min ahead/)
  assert.match(india.found.zh, /超前 5 小时 30 分钟/)
  assert.match(india.remedy?.en ?? '', /for example Asia\/Kolkata/)
  const fiji = await examine('Asia/Shanghai', { zone: '+09:30', servers: 2 })
  assert.match(fiji.found.en, /1 h 30 min ahead/)
  assert.match(fiji.remedy?.en ?? '', /for example \+09:30/)
})

test('nothing is said of the right zone, of no rows, and of rows that stopped days ago', async () => {
  assert.equal((await examine('Asia/Shanghai', { zone: 'Asia/Shanghai', servers: 3 })).state, 'ok')
  assert.equal((await examine('Asia/Shanghai', null)).state, 'ok')
  const old = { zone: 'UTC', servers: 3, ageMinutes: 3 * 24 * 60 }
  assert.equal((await examine('Asia/Shanghai', old)).state, 'ok')
})

test('without telling ids rows ahead of the clock are sure, of those behind only regular ones of several servers count', async () => {
  const plain = { servers: 3, ids: 'plain' } as const
  const ahead = await examine('UTC', { ...plain, zone: 'Asia/Shanghai' })
  assert.match(ahead.found.en, /8 h ahead \(3 of 3 servers\)/)
  assert.match(ahead.remedy?.en ?? '', /^set/)
  const behind = await examine('Asia/Shanghai', { ...plain, zone: 'UTC' })
  assert.match(behind.found.en, /8 h behind \(3 of 3 servers\)/)
  assert.match(behind.remedy?.en ?? '', /^If the writer goes on writing: set/)
  for (const writer of [
    { ...plain, zone: 'UTC', servers: 1 },
    { ...plain, zone: 'UTC', everyMinutes: 20 },
    { ...plain, zone: 'UTC', ageMinutes: 17 },
    { ...plain, zone: 'Asia/Shanghai', ageMinutes: 24 * 60 + 1 },
  ])
    assert.equal((await examine('Asia/Shanghai', writer)).state, 'ok', JSON.stringify(writer))
})
