import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { type FireClaims, type ScheduledJob, startSchedules } from './schedule.ts'

/** Claims kept in memory: what the unique row does in the database. */
function memoryClaims(): FireClaims {
  const taken = new Set<string>()
  return {
    claim: async (schedule, fireAt) => {
      const key = `${schedule}@${fireAt.toISOString()}`
      if (taken.has(key)) return false
      taken.add(key)
      return true
    },
  }
}

const settings = (claims: FireClaims, signal = new AbortController().signal) => ({
  claims,
  clock: systemClock,
  logger: silentLogger,
  timeZone: 'Asia/Shanghai',
  signal,
})

const everySecond = (run: ScheduledJob['run']): ScheduledJob => ({
  name: 'tick',
  pattern: '* * * * * *',
  run,
})

test('two schedulers with the same claims fire each instant once', async () => {
  const claims = memoryClaims()
  let fired = 0
  const job = everySecond(async () => {
    fired += 1
  })
  const stops = [startSchedules([job], settings(claims)), startSchedules([job], settings(claims))]
  await sleep(3_300)
  for (const stop of stops) await stop()
  assert.ok(fired >= 2 && fired <= 4, `fired ${fired} times in 3.3 s`)
})

test('a job still running is not started again, and stopping waits for it', async () => {
  let running = 0
  let most = 0
  let ended = false
  const job = everySecond(async () => {
    running += 1
    most = Math.max(most, running)
    await sleep(1_600)
    running -= 1
    ended = true
  })
  const stop = startSchedules([job], settings(memoryClaims()))
  await sleep(2_300)
  await stop()
  assert.equal(most, 1)
  assert.equal(ended, true)
  assert.equal(running, 0)
})

test('a job that throws fires again', async () => {
  let fired = 0
  const job = everySecond(async () => {
    fired += 1
    throw new Error('no luck')
  })
  const stop = startSchedules([job], settings(memoryClaims()))
  await sleep(3_200)
  await stop()
  assert.ok(fired >= 2)
})

test('a schedule that is off never fires', async () => {
  let fired = 0
  const stop = startSchedules(
    [
      {
        name: 'off',
        pattern: null,
        run: async () => {
          fired += 1
        },
      },
    ],
    settings(memoryClaims()),
  )
  await sleep(1_200)
  await stop()
  assert.equal(fired, 0)
})
