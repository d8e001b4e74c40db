import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProduct } from '../support/product.ts'
import { CYCLE_MS, createMortalDatabase } from './mortal-database.ts'

const OUTAGE_MS = 20_000

test('a product that is killed while its database is dead loses and doubles nothing that it took', async (t) => {
  const mortal = await createMortalDatabase()
  try {
    const first = await mortal.startProduct()
    const fromMs = Date.now()
    await sleep(2 * CYCLE_MS)
    await mortal.killDatabase()
    await sleep(OUTAGE_MS)
    first.child.kill('SIGKILL')
    const killedMs = Date.now()
    await first.stop()
    const waiting = mortal.spooled()
    assert.notDeepEqual(waiting, [])

    const refused = startProduct(mortal.installation, 'up')
    await refused.until(/ECONNREFUSED/, 60_000)
    assert.notEqual(await refused.stop(), 0)
    assert.deepEqual(mortal.spooled(), waiting)

    await mortal.reviveDatabase()
    const second = await mortal.startProduct()
    await mortal.untilReplayed()
    const againMs = Date.now()
    await sleep(4 * CYCLE_MS)
    const stoppedMs = Date.now()
    assert.equal(await second.stop(), 0)
    // A cycle that is going on at the end, whichever the end, promises nothing.
    const lastEndBefore = (instantMs: number): number => {
      const last = mortal.cycles().findLast(({ endedMs }) => endedMs <= instantMs)
      assert.ok(last)
      return last.endedMs
    }
    await mortal.assertNothingLost(t, { fromMs, toMs: lastEndBefore(killedMs) })
    await mortal.assertNothingLost(t, { fromMs: againMs, toMs: lastEndBefore(stoppedMs) })
  } finally {
    await mortal.close()
  }
})
