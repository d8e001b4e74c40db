import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AuditEntry } from '../../domain/audit.ts'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { silentLogger } from '../../lib/logger.ts'
import type { Store } from '../repositories.ts'
import { createSqliteDatabase, TestClock, type TestDatabase } from '../testing/test-databases.ts'
import { spoolAudit } from './audit-spool.ts'
import { createMetricsRecorder } from './metrics-recorder.ts'
import { createSpool } from './spool.ts'

const clock = new TestClock()
const ports = { clock, logger: silentLogger }

let database: TestDatabase
let real: Store
let directory = ''

before(async () => {
  database = await createSqliteDatabase()
  real = await database.open({ clock })
  await real.migrate()
  directory = mkdtempSync(join(tmpdir(), 'smart-ops-audit-spool-'))
})

after(async () => {
  await real.close()
  await database.drop()
  rmSync(directory, { recursive: true, force: true })
})

const call = (n: number): Omit<AuditEntry, 'id'> => ({
  at: new Date(clock.now().getTime() + n),
  actor: { kind: 'token', name: '张三', surface: 'mcp', scopes: ['read'] },
  operation: 'service_001_system_inspection',
  effect: 'read',
  input: JSON.stringify({ call: n }),
  outcome: 'DATABASE_UNAVAILABLE',
  durationMs: n,
})

test('audit entries of an outage are stored once and in order when the database is back', async () => {
  let isAway = false
  let asked = 0
  const away = () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', text('不在', 'away')))
  const losing: Store = {
    ...real,
    audit: {
      ...real.audit,
      insertOnce: async (entries) => {
        if (!isAway) return await real.audit.insertOnce(entries)
        asked += 1
        // As when the answer to a commit is lost: it is done, and nobody hears of it.
        if (asked % 2 === 1) await real.audit.insertOnce(entries)
        return await away()
      },
    },
  }
  const spool = createSpool({ directory, maxBytes: 1_000_000, segmentBytes: 2_000, ...ports })
  const store = spoolAudit(losing, { spool, ...ports })
  const recorder = createMetricsRecorder({ store, spool, ...ports })

  await store.audit.append(call(0))
  assert.deepEqual(readdirSync(directory), [])
  isAway = true
  for (let n = 1; n <= 30; n += 1) {
    await store.audit.append(call(n))
    if (n % 5 === 0) clock.move(6_000)
  }
  assert.equal(asked, 6, 'the database is asked again only after a pause')
  await assert.rejects(recorder.replay(), (error) => error instanceof AppError)
  const other = createSpool({ directory, maxBytes: 1_000_000, ...ports })
  await assert.rejects(createMetricsRecorder({ store, spool: other, ...ports }).replay())
  isAway = false
  assert.equal((await recorder.replay()).rejected, 0)
  assert.deepEqual(readdirSync(directory), [])
  const stored = await real.audit.list(100)
  assert.deepEqual(
    stored.map(({ input }) => input),
    Array.from({ length: 31 }, (_, n) => JSON.stringify({ call: 30 - n })),
  )
  assert.deepEqual(stored[30]?.actor, call(0).actor)
})

test('an entry that fits nowhere is refused, so that the caller can leave it in the log', async () => {
  const full = createSpool({ directory, maxBytes: 10, ...ports })
  const refusing: Store = {
    ...real,
    audit: {
      ...real.audit,
      insertOnce: () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', text('不在', 'away'))),
    },
  }
  await assert.rejects(
    spoolAudit(refusing, { spool: full, ...ports }).audit.append(call(99)),
    (error) => error instanceof AppError && error.code === 'SPOOL_FULL',
  )
})
