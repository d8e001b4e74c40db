import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import fc from 'fast-check'
import { createFairQueue } from './fair-queue.ts'

const SLOW_AFTER_MS = 5_000
const STEP_MS = 100

/** Lets everything run that waits for no timer. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Runs one task per duration on a clock of its own; null never ends by itself. */
async function simulate(concurrency: number, durations: readonly (number | null)[], untilMs: number) {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const queue = createFairQueue(concurrency, SLOW_AFTER_MS)
    const began: number[] = []
    const endedAtMs = new Map<number, number>()
    let nowMs = 0
    let running = 0
    let most = 0
    for (const [index, duration] of durations.entries())
      void queue.add(async () => {
        began.push(index)
        running += 1
        most = Math.max(most, running)
        await new Promise<void>((resolve) => {
          if (duration !== null) setTimeout(resolve, duration)
        })
        running -= 1
        endedAtMs.set(index, nowMs)
      })
    for (await settle(); nowMs < untilMs; ) {
      nowMs += STEP_MS
      mock.timers.tick(STEP_MS)
      await settle()
    }
    return { began, endedAtMs, most }
  } finally {
    mock.timers.reset()
  }
}

const steps = fc.integer({ min: 1, max: 200 }).map((count) => count * STEP_MS)

test('whatever tasks take, all end, in bounded number at a time, begun in order', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 5 }),
    fc.array(steps, { minLength: 1, maxLength: 25 }),
    async (concurrency, durations) => {
      const longest = durations.reduce((sum, each) => sum + each, 0)
      const { began, endedAtMs, most } = await simulate(concurrency, durations, longest + STEP_MS)
      assert.equal(endedAtMs.size, durations.length)
      assert.deepEqual(
        began,
        durations.map((_, index) => index),
      )
      assert.ok(most <= 2 * concurrency, `${most} at a time`)
      if (durations.every((each) => each < SLOW_AFTER_MS)) assert.ok(most <= concurrency)
    },
  )
  await fc.assert(property, { numRuns: 40 })
})

test('as many hanging tasks as there are places delay the healthy ones by the slow limit only', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 30 }),
    fc.array(fc.nat(), { maxLength: 5 }),
    async (concurrency, healthy, hangingAt) => {
      const durations: (number | null)[] = Array.from({ length: healthy }, () => STEP_MS)
      for (const at of hangingAt.slice(0, concurrency)) durations.splice(at % (durations.length + 1), 0, null)
      const aloneMs = Math.ceil(healthy / concurrency) * STEP_MS
      // Each hanging one may take its turn after the others: the last of them begins when all healthy ones are done.
      const limitMs = aloneMs * (concurrency + 1) + concurrency * SLOW_AFTER_MS
      const { endedAtMs } = await simulate(concurrency, durations, limitMs + 2 * STEP_MS)
      const late = durations.flatMap((each, index) => (each !== null && !endedAtMs.has(index) ? [index] : []))
      assert.deepEqual(late, [])
    },
  )
  await fc.assert(property, { numRuns: 40 })
})

test('fewer hanging tasks than places do not delay the healthy ones by their deadline', async () => {
  const durations = [null, null, null, ...Array.from({ length: 40 }, () => STEP_MS)]
  const { endedAtMs } = await simulate(4, durations, 4_500)
  assert.equal(endedAtMs.size, 40, 'the fourth place serves them before the hanging ones even count as slow')
  const blocked = await simulate(4, [null, null, null, null, ...durations.slice(3)], SLOW_AFTER_MS + 1_200)
  assert.equal(blocked.endedAtMs.size, 40, 'with all places hanging they come in when these count as slow')
})

test('an error reaches its caller only; what was cleared or aborted before its turn never begins', async () => {
  const queue = createFairQueue(1)
  const begun: string[] = []
  let release: () => void = () => undefined
  const first = queue.add(async () => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    throw new Error('first')
  })
  const controller = new AbortController()
  const note = (name: string) => async (): Promise<string> => {
    begun.push(name)
    return name
  }
  const aborted = queue.add(note('aborted'), { signal: controller.signal, otherwise: () => 'instead' })
  const second = queue.add(note('second'))
  controller.abort()
  assert.equal(await aborted, 'instead')
  release()
  await assert.rejects(first, /first/)
  assert.equal(await second, 'second')
  await queue.onIdle()
  const held = queue.add(() => new Promise<void>((resolve) => setTimeout(resolve, 20)))
  const cleared = queue.add(note('cleared'))
  queue.clear()
  await assert.rejects(cleared, { name: 'AbortError' })
  await queue.onIdle()
  await held
  assert.deepEqual(begun, ['second'])
})

test('onIdle waits for slow tasks too', async () => {
  const queue = createFairQueue(1, 5)
  let hasEnded = false
  void queue.add(async () => {
    await new Promise((resolve) => setTimeout(resolve, 60))
    hasEnded = true
  })
  await queue.add(async () => assert.equal(hasEnded, false, 'the slow one has left its place'))
  await queue.onIdle()
  assert.equal(hasEnded, true)
})
