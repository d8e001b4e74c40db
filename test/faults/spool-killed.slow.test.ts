import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DeathPlace, deathAt, makeDeathPlace } from './spool-deaths.ts'

let place: DeathPlace

before(async () => {
  place = await makeDeathPlace()
})

after(() => place.remove())

test('kill -9 at each step of spooling and replaying: nothing acknowledged is lost, nothing is doubled', async (t) => {
  let deaths = 0
  for (let step = 1; ; step += 1) {
    const died = await Promise.all(
      (['before', 'half', 'after'] as const).map((when) => deathAt(place, step, when)),
    )
    deaths += died.filter(Boolean).length
    if (!died.includes(true)) break
  }
  t.diagnostic(`${deaths} deaths tried`)
  assert.ok(deaths >= 30, `only ${deaths} deaths were tried`)
})
