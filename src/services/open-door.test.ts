import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { makeContext, type TestContext } from '../../test/support/make-context.ts'
import type { Actor } from '../domain/actor.ts'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { Door } from './call.ts'
import { openDoor } from './open-door.ts'
import { type AnyOperation, defineOperation } from './service-definition.ts'

const ADMIN: Actor = { kind: 'local_administrator', name: 'local', surface: 'cli' }
const READER: Actor = { kind: 'token', name: 'reader', surface: 'mcp', scopes: ['read'] }

const base = {
  serviceId: null,
  title: text('样例', 'Sample'),
  description: text('样例', 'A sample'),
  keywords: ['sample'],
  idempotent: true,
  message: () => text('好', 'done'),
  toMarkdown: () => '',
} as const

const operations: Record<string, AnyOperation> = {
  double: defineOperation({
    ...base,
    name: 'double',
    command: ['double'],
    effect: 'read',
    input: z.strictObject({
      count: z.number().int().max(10).describe('n'),
      password: z.string().optional().describe('p'),
    }),
    output: z.strictObject({ doubled: z.number() }),
    run: async (_context, { count }) => ({ doubled: count * 2 }),
  }),
  change: defineOperation({
    ...base,
    name: 'change',
    command: ['change'],
    effect: 'change',
    input: z.strictObject({}),
    output: z.strictObject({}),
    run: async () => ({}),
  }),
  lies: defineOperation({
    ...base,
    name: 'lies',
    command: ['lies'],
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ count: z.number() }),
    run: async () => ({ count: Number.NaN }),
  }),
  waits: defineOperation({
    ...base,
    name: 'waits',
    command: ['waits'],
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({}),
    run: async ({ signal }) => {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      return {}
    },
  }),
  breaks: defineOperation({
    ...base,
    name: 'breaks',
    command: ['breaks'],
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({}),
    run: async () => {
      throw new AppError('SERVER_UNKNOWN', text('没有', 'not there'), { details: { field: 'ips' } })
    },
  }),
}

let world: TestContext
let door: Door

before(async () => {
  world = await makeContext()
  const context = {
    ...world.context,
    processes: { list: () => [] },
    doctor: async () => [],
    connectionNames: { credentials: [], jumpHosts: [] },
  }
  door = openDoor({ services: {}, operations, context, redactInput: (input) => JSON.stringify(input ?? {}) })
})

after(async () => {
  await world.close()
})

const lastAudit = async () => (await world.context.store.audit.list(1))[0]

test('a good call gives data, a message in the language asked for, a local timestamp, and an audit row', async () => {
  const envelope = await door.call(ADMIN, 'double', { count: 3 }, { language: 'zh' })
  assert.deepEqual(envelope, {
    success: true,
    message: '好',
    timestamp: '2026-03-02 09:00:00',
    data: { doubled: 6 },
  })
  const row = await lastAudit()
  assert.deepEqual(
    [row?.operation, row?.outcome, row?.actor.name, row?.effect],
    ['double', 'OK', 'local', 'read'],
  )
})

test('input that does not fit is refused before anything runs, and audited', async () => {
  const envelope = await door.call(ADMIN, 'double', { count: 11, extra: 1 })
  assert.ok(!envelope.success)
  assert.equal(envelope.code, 'INPUT_INVALID')
  assert.match(envelope.error, /count: found 11.*at most 10/)
  assert.match(envelope.error, /extra: found 1/)
  assert.equal((await lastAudit())?.outcome, 'INPUT_INVALID')
})

test('an actor without the scope is refused', async () => {
  const envelope = await door.call(READER, 'change', {})
  assert.ok(!envelope.success && envelope.code === 'FORBIDDEN')
  assert.equal((await lastAudit())?.outcome, 'FORBIDDEN')
  assert.equal((await door.call(READER, 'double', { count: 1 })).success, true)
})

test('an unknown name is refused with the names there are', async () => {
  const envelope = await door.call(ADMIN, 'doubel', {})
  assert.ok(!envelope.success && envelope.code === 'OPERATION_UNKNOWN')
  assert.match(envelope.error, /double, change/)
})

test('a result that does not match the output schema is a defect, never passed on', async () => {
  const envelope = await door.call(ADMIN, 'lies', {})
  assert.ok(!envelope.success && envelope.code === 'INTERNAL')
})

test('an aborted call reads CANCELLED', async () => {
  const stop = new AbortController()
  const calling = door.call(ADMIN, 'waits', {}, { signal: stop.signal })
  setImmediate(() => stop.abort())
  const envelope = await calling
  assert.ok(!envelope.success && envelope.code === 'CANCELLED')
})

test("an operation's own error keeps its code, hint and details", async () => {
  const envelope = await door.call(ADMIN, 'breaks', {}, { language: 'en' })
  assert.ok(!envelope.success)
  assert.deepEqual(
    [envelope.code, envelope.error, envelope.details],
    ['SERVER_UNKNOWN', 'not there', { field: 'ips' }],
  )
  assert.match(envelope.hint, /servers list/)
})

test('a call is answered even when its audit row cannot be stored, and the log holds the row', async () => {
  const logged: unknown[] = []
  const logger = {
    ...world.context.logger,
    error: (fields: Record<string, unknown>) => void logged.push(fields),
  }
  const audit = {
    ...world.context.store.audit,
    append: async () => await Promise.reject(new Error('disk full')),
  }
  const context = {
    ...world.context,
    logger,
    store: { ...world.context.store, audit },
    processes: { list: () => [] },
    doctor: async () => [],
    connectionNames: { credentials: [], jumpHosts: [] },
  }
  const broken = openDoor({
    services: {},
    operations,
    context,
    redactInput: (input) => JSON.stringify(input),
  })
  assert.equal((await broken.call(ADMIN, 'double', { count: 1 })).success, true)
  assert.equal(logged.length, 1)
})
