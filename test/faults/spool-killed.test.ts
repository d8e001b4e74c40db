import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DeathPlace, deathAt, liveWhole, makeDeathPlace } from './spool-deaths.ts'

let place: DeathPlace

before(async () => {
  place = await makeDeathPlace()
})

after(() => place.remove())

// Every step is tried in the slow suite: here an append that is cut short, and a transaction that nobody hears of.
test('kill -9 in the middle of spooling and of replaying loses and doubles nothing', async () => {
  const died = await Promise.all([deathAt(place, 4, 'half'), deathAt(place, 10, 'after')])
  assert.deepEqual(died, [true, true])
})

test('without any death every sample is stored once', async () => {
  await liveWhole(place)
})
