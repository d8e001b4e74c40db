import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareIds, createSnowflakeGenerator, readSnowflake, SNOWFLAKE_EPOCH_MS } from './snowflake.ts'

const clockAt = (instants: readonly number[]) => {
  let at = 0
  return { now: () => new Date(instants[Math.min(at++, instants.length - 1)] ?? 0) }
}
const NOW_MS = Date.parse('2026-03-02T08:30:00Z')

test('an id is made of milliseconds, worker and sequence', () => {
  const generator = createSnowflakeGenerator(5, clockAt([SNOWFLAKE_EPOCH_MS + 1]))
  assert.equal(generator.next(), String(2 ** 22 + 5 * 4096))
  assert.equal(generator.next(), String(2 ** 22 + 5 * 4096 + 1))
})

test('ids have 19 digits today and can be read back', () => {
  const id = createSnowflakeGenerator(1023, clockAt([NOW_MS])).next()
  assert.match(id, /^\d{19}$/)
  assert.deepEqual(readSnowflake(id), { at: new Date(NOW_MS), workerId: 1023, sequence: 0 })
})

test('ids only grow, whatever the clock does', () => {
  const jumps = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(jumps, fc.integer({ min: 0, max: 1023 }), (steps, workerId) => {
      const instants = steps.map((step) => NOW_MS + step)
      const generator = createSnowflakeGenerator(workerId, clockAt(instants))
      const ids = instants.map(() => generator.next())
      assert.equal(new Set(ids).size, ids.length)
      assert.deepEqual(ids, ids.toSorted(compareIds))
      assert.ok(ids.every((id) => readSnowflake(id).workerId === workerId))
    }),
  )
})

test('a standing clock does not stop it after 4,096 ids', () => {
  const generator = createSnowflakeGenerator(0, clockAt([NOW_MS]))
  const ids = Array.from({ length: 10_000 }, () => generator.next())
  assert.equal(new Set(ids).size, 10_000)
  assert.equal(readSnowflake(ids.at(-1) ?? '').at.getTime(), NOW_MS + 2)
})

test('refuses worker ids and clocks that do not fit', () => {
  for (const workerId of [-1, 1024, 1.5, Number.NaN])
    assert.throws(() => createSnowflakeGenerator(workerId, clockAt([NOW_MS])), RangeError)
  for (const instant of [SNOWFLAKE_EPOCH_MS - 1, SNOWFLAKE_EPOCH_MS + 2 ** 41, Number.NaN])
    assert.throws(() => createSnowflakeGenerator(0, clockAt([instant])).next(), RangeError)
})

test('orders ids as numbers', () => {
  assert.deepEqual(['100', '20', '99', '1000', '3'].toSorted(compareIds), ['3', '20', '99', '100', '1000'])
})
