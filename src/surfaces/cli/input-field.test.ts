import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { type AnyOperation, defineOperation } from '../../services/service-definition.ts'
import { convertValue } from './convert-value.ts'
import { allowedOf, type InputField, inputFieldsOf, positionalFieldsOf } from './input-field.ts'

const operationWith = (shape: z.ZodRawShape): AnyOperation =>
  defineOperation({
    name: 'sample',
    serviceId: null,
    title: text('样', 'sample'),
    description: text('样', 'sample'),
    keywords: [],
    input: z.strictObject(shape),
    output: z.strictObject({}),
    effect: 'read',
    idempotent: true,
    command: ['sample'],
    run: async () => ({}),
    message: () => text('好', 'ok'),
    toMarkdown: () => '',
  })

function onlyField(schema: z.ZodType): InputField {
  const [field] = inputFieldsOf(operationWith({ some_field: schema }))
  assert.ok(field !== undefined)
  return field
}

describe('inputFieldsOf', () => {
  const kinds: readonly (readonly [string, z.ZodType, InputField['kind'], boolean])[] = [
    ['number', z.number(), 'number', false],
    ['int', z.int(), 'number', false],
    ['boolean', z.boolean().default(true), 'boolean', false],
    ['string', z.string().optional(), 'string', false],
    ['date', z.iso.date(), 'string', false],
    ['enum', z.enum(['a', 'b']), 'string', false],
    ['nullable string', z.string().nullable().default(null), 'string', false],
    ['nullable number', z.number().min(1).nullable(), 'number', false],
    ['list of strings', z.array(z.string()), 'string', true],
    [
      'list of either of two kinds of string',
      z.array(z.union([z.ipv4(), z.ipv6()])).optional(),
      'string',
      true,
    ],
    ['list of numbers', z.array(z.number()), 'number', true],
    ['number or string', z.union([z.number(), z.string()]), 'scalar', false],
    ['object', z.strictObject({ a: z.string() }), 'json', false],
    ['list of objects', z.array(z.strictObject({ a: z.string() })), 'json', false],
  ]
  for (const [what, schema, kind, isList] of kinds) {
    it(`reads a ${what} as ${kind}${isList ? ' list' : ''}`, () => {
      const field = onlyField(schema)
      assert.deepEqual([field.kind, field.isList, field.option], [kind, isList, 'some-field'])
    })
  }

  it('reads range, default, requirement and both halves of the description', () => {
    const field = onlyField(z.int().gt(0).max(100).default(70).describe('阈值 / limit, in percent'))
    assert.deepEqual(field, {
      name: 'some_field',
      option: 'some-field',
      isPath: false,
      kind: 'number',
      isList: false,
      isRequired: false,
      description: { zh: '阈值', en: 'limit, in percent' },
      choices: null,
      range: {
        minimum: 0,
        maximum: 100,
        minimumIsExclusive: true,
        maximumIsExclusive: false,
        isInteger: true,
      },
      defaultShown: '70',
    })
    assert.equal(onlyField(z.int().positive()).range?.maximum, null)
  })

  it('says what is allowed in both languages', () => {
    assert.deepEqual(allowedOf(onlyField(z.number().gt(0).lte(100))), {
      zh: '大于 0 且不大于 100 的数字',
      en: 'a number above 0, at most 100',
    })
    assert.deepEqual(allowedOf(onlyField(z.enum(['a', 'b']))), { zh: 'a、b', en: 'one of a, b' })
    assert.deepEqual(allowedOf(onlyField(z.union([z.literal('x'), z.literal(3)]))), {
      zh: 'x、3',
      en: 'one of x, 3',
    })
    assert.equal(onlyField(z.string().describe('no Chinese / here')).description.en, 'no Chinese / here')
  })

  it('refuses definitions that cannot be a command', () => {
    for (const name of ['json', 'lang', 'quiet', 'help', 'no_cache'])
      assert.throws(
        () => inputFieldsOf(operationWith({ [name]: z.string() })),
        /cannot be a command line option/,
      )
    assert.throws(() => inputFieldsOf({ ...operationWith({}), input: z.string() }), /must be an object/)
  })
})

describe('positionalFieldsOf', () => {
  const positional = (shape: z.ZodRawShape): string | null =>
    positionalFieldsOf(operationWith(shape), inputFieldsOf(operationWith(shape)))[0]?.name ?? null

  it('is the only required field, when it is one string', () => {
    assert.equal(positional({ run_id: z.string(), verbose: z.boolean().optional() }), 'run_id')
    assert.equal(positional({ run_id: z.string(), reason: z.string() }), null)
    assert.equal(positional({ ips: z.array(z.string()) }), null)
    assert.equal(positional({ limit: z.number() }), null)
    assert.equal(positional({ run_id: z.string().optional() }), null)
    assert.equal(positional({}), null)
  })
})

describe('convertValue', () => {
  it('converts by the declared type and leaves the rest to the schema', () => {
    assert.equal(convertValue(onlyField(z.number().max(100)), ['150']), 150)
    assert.equal(convertValue(onlyField(z.int()), ['-1.5']), -1.5)
    assert.equal(convertValue(onlyField(z.string()), ['0123']), '0123')
    assert.equal(convertValue(onlyField(z.number()), ['1', '2']), 2)
    assert.deepEqual(convertValue(onlyField(z.array(z.string())), ['a, b', 'c', '']), ['a', 'b', 'c'])
    assert.deepEqual(convertValue(onlyField(z.array(z.number())), ['1,2']), [1, 2])
    assert.equal(convertValue(onlyField(z.union([z.number(), z.string()])), ['7']), 7)
    assert.equal(convertValue(onlyField(z.union([z.number(), z.string()])), ['7x']), '7x')
    assert.deepEqual(convertValue(onlyField(z.strictObject({ a: z.string() })), ['{"a":"b"}']), { a: 'b' })
  })

  for (const word of ['abc', '', '0x10', 'Infinity', 'NaN', '1e999', '1 2', '１']) {
    it(`refuses ${JSON.stringify(word)} as a number`, () => {
      assert.throws(() => convertValue(onlyField(z.number()), [word]), {
        name: 'AppError',
        code: 'INPUT_INVALID',
        message: `Option --some-field cannot be ${JSON.stringify(word)}; allowed: a number.`,
      })
    })
  }

  it('refuses what is not JSON where JSON is due', () => {
    assert.throws(() => convertValue(onlyField(z.strictObject({ a: z.string() })), ['{a}']), {
      code: 'INPUT_INVALID',
    })
  })
})
