import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { inputError } from './describe-input-issues.ts'

const schema = z.strictObject({
  memory_threshold: z.number().gt(0).lte(100).optional(),
  ips: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .min(1)
    .optional(),
  scope: z.enum(['abnormal', 'all']).default('abnormal'),
  run_id: z.string().regex(/^\d+$/).optional(),
})

function describe(input: unknown) {
  const parsed = schema.safeParse(input)
  assert.equal(parsed.success, false)
  return inputError(schema, input, parsed.error as z.ZodError).text
}

test('a value out of range names the field, the value and the range in both languages', () => {
  const { en, zh } = describe({ memory_threshold: 150 })
  assert.equal(en, 'memory_threshold: found 150, allowed is a number, above 0, at most 100')
  assert.equal(zh, 'memory_threshold:收到 150,允许 数字,大于 0,不大于 100')
})

test('a wrong type names what was found', () => {
  assert.match(describe({ memory_threshold: '70' }).en, /^memory_threshold: found "70", allowed is a number/)
})

test('an unknown field is refused with the list of known ones', () => {
  assert.equal(
    describe({ memory_treshold: 70 }).en,
    'memory_treshold: found 70, allowed is one of the fields memory_threshold, ips, scope, run_id',
  )
})

test('an entry of a list is named by its index', () => {
  assert.match(
    describe({ ips: ['10.0.0.1', 'db-01'] }).en,
    /^ips\.1: found "db-01", allowed is .*ipv4.* or .*ipv6/,
  )
})

test('a word outside a choice is shown with the choice', () => {
  assert.equal(
    describe({ scope: 'everything' }).en,
    'scope: found "everything", allowed is one of "abnormal", "all"',
  )
})

test('several problems are told at once', () => {
  const { en } = describe({ memory_threshold: 0, scope: 1, extra: true })
  for (const field of ['memory_threshold', 'scope', 'extra']) assert.match(en, new RegExp(`${field}: found`))
})

test('an input that is no object is described', () => {
  assert.match(describe([1, 2]).en, /^\(input\): found \[1,2\], allowed is an object/)
})

test('whatever is given, the description is made and is short', () => {
  fc.assert(
    fc.property(fc.anything({ maxDepth: 3 }), (input) => {
      const parsed = schema.safeParse(input)
      if (parsed.success) return
      const { en } = inputError(schema, input, parsed.error).text
      assert.ok(en.length > 0)
    }),
    { numRuns: 2_000 },
  )
})
