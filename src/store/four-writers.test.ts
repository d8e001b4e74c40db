import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { assertFourWritersSucceed, startWriter } from './testing/four-writers.ts'
import { createSqliteDatabase } from './testing/test-databases.ts'

test('four processes write one SQLite file for 3 s and no transaction fails', {
  timeout: 120_000,
}, async (t) => {
  t.diagnostic(await assertFourWritersSucceed(3))
})

test('a writer killed inside a transaction leaves what was committed and nothing else', {
  timeout: 60_000,
}, async () => {
  const database = await createSqliteDatabase()
  assert.ok(database.settings.kind === 'sqlite')
  const child = startWriter([database.settings.path, 'hang', 'victim'], 50_000)
  try {
    const [printed] = await once(child.stdout, 'data')
    assert.equal(String(printed), 'inside\n')
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const store = await database.open()
    try {
      assert.equal(await store.settings.get('uncommitted'), null)
      assert.equal(await store.settings.get('count'), '1')
      await store.transaction((repositories) => repositories.settings.set('count', '2'))
    } finally {
      await store.close()
    }
    assert.deepEqual(await database.query('pragma integrity_check'), [{ integrity_check: 'ok' }])
  } finally {
    child.kill('SIGKILL')
    await database.drop()
  }
})
