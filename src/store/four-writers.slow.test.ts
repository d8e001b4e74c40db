import { test } from 'node:test'
import { assertFourWritersSucceed } from './testing/four-writers.ts'

test('four processes write one SQLite file for 30 s and no transaction fails', {
  timeout: 180_000,
}, async (t) => {
  t.diagnostic(await assertFourWritersSucceed(30))
})
