import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CYCLE_MS, createMortalDatabase } from './mortal-database.ts'

/** How long the database stays dead. */
const OUTAGE_MS = Number(process.env['TEST_OUTAGE_SECONDS'] ?? 120) * 1000
const POLL_MS = 1_000

test('a database that is killed for two minutes within running cycles costs no sample and doubles none', async (t) => {
  const mortal = await createMortalDatabase()
  try {
    await mortal.startProduct()
    assert.equal(await mortal.readiness(), 200)
    const fromMs = Date.now()
    await sleep(3 * CYCLE_MS)
    await mortal.killDatabase()
    const deadUntil = performance.now() + OUTAGE_MS
    const answers: (number | null)[] = []
    while (performance.now() < deadUntil) {
      answers.push(await mortal.readiness())
      await sleep(POLL_MS)
    }
    assert.deepEqual([...new Set(answers)], [503], 'alive and not ready, all the time')
    assert.notDeepEqual(mortal.spooled(), [])
    await mortal.reviveDatabase()
    await mortal.untilReplayed()
    assert.equal(await mortal.readiness(), 200)
    const span = { fromMs, toMs: Date.now() - CYCLE_MS }
    assert.ok(
      mortal.cycles().filter(({ startedMs }) => startedMs >= fromMs).length > OUTAGE_MS / CYCLE_MS / 2,
    )
    await mortal.assertNothingLost(t, span)
  } finally {
    await mortal.close()
  }
})
