import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { z } from 'zod'
import { makeContext, type TestContext } from '../../test/support/make-context.ts'
import type { Actor } from '../domain/actor.ts'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import { createJsonCache } from '../lib/json-cache.ts'
import { silentLogger } from '../lib/logger.ts'
import type { CallOptions, Door } from './call.ts'
import { openDoor } from './open-door.ts'
import { createResultCache } from './result-cache.ts'
import { type AnyOperation, defineOperation } from './service-definition.ts'

const ADMIN: Actor = { kind: 'local_administrator', name: 'local', surface: 'http' }
const SENDER: Actor = { kind: 'token', name: 'sender', surface: 'http', scopes: ['send'] }
const EXPIRY_MS = 10_000

let world: TestContext
let directory = ''
let runs = 0
let isAway = false

const base = {
  serviceId: null,
  title: text('样例', 'Sample'),
  description: text('样例', 'A sample'),
  keywords: ['sample'],
  idempotent: true,
  input: z.strictObject({ limit: z.number().max(9).default(5).describe('n') }),
  output: z.strictObject({ runs: z.number(), limit: z.number() }),
  message: ({ runs: n }: { runs: number }) => text(`第 ${n} 次`, `run ${n}`),
  toMarkdown: () => '',
  run: (_context: unknown, { limit }: { limit: number }) => {
    if (isAway) return Promise.reject(new AppError('DATABASE_UNAVAILABLE', text('不在', 'away')))
    runs += 1
    return Promise.resolve({ runs, limit })
  },
} as const

const operations: Record<string, AnyOperation> = {
  count: defineOperation({ ...base, name: 'count', command: ['count'], effect: 'read', isCacheable: true }),
  plain: defineOperation({ ...base, name: 'plain', command: ['plain'], effect: 'read' }),
  change: defineOperation({ ...base, name: 'change', command: ['change'], effect: 'change' }),
}

function open(expiryMs = EXPIRY_MS, version = '1'): Door {
  const { clock } = world
  const files = createJsonCache({ directory, maxBytes: 1e6, maxFiles: 9, clock, logger: silentLogger })
  return openDoor({
    services: {},
    operations,
    context: {
      ...world.context,
      processes: { list: () => [] },
      doctor: async () => [],
      connectionNames: { credentials: [], jumpHosts: [] },
    },
    redactInput: () => '{}',
    cache: createResultCache({ files, expiryMs, clock, version }),
  })
}

/** Which run the answer is of; the code of a failure. */
async function ask(door: Door, name: string, input: unknown = {}, options: CallOptions = {}) {
  const envelope = await door.call(ADMIN, name, input, { mayBeCached: true, ...options })
  return envelope.success ? z.object({ runs: z.number() }).parse(envelope.data).runs : envelope.code
}

beforeEach(async () => {
  world = await makeContext()
  directory = mkdtempSync(join(tmpdir(), 'smart-ops-results-'))
  runs = 0
  isAway = false
})
afterEach(async () => {
  await world.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('the cache of results', () => {
  it('gives an equal call the same answer, as of when it was made, in every process, until it expires', async () => {
    const door = open()
    const first = await door.call(ADMIN, 'count', {}, { mayBeCached: true })
    world.clock.advance(EXPIRY_MS - 1)
    const second = await open().call(ADMIN, 'count', { limit: 5 }, { mayBeCached: true })
    assert.deepEqual(second, first)
    world.clock.advance(1)
    assert.equal(await ask(door, 'count'), 2)
    assert.equal((await world.context.store.audit.list(10)).length, 3, 'a call answered so is audited too')
  })

  it('tells input, language and version apart', async () => {
    const door = open()
    assert.equal(await ask(door, 'count'), 1)
    assert.equal(await ask(door, 'count', { limit: 6 }), 2)
    assert.equal(await ask(door, 'count', {}, { language: 'zh' }), 3)
    assert.equal(await ask(open(EXPIRY_MS, '2'), 'count'), 4)
    assert.equal(await ask(door, 'count'), 1)
  })

  it('serves only who agrees, and only what is made to be kept', async () => {
    const door = open()
    assert.equal(await ask(door, 'count'), 1)
    assert.equal(await ask(door, 'count', {}, { mayBeCached: false }), 2)
    assert.equal(await ask(door, 'plain'), 3)
    assert.equal(await ask(door, 'plain'), 4)
    assert.equal(await ask(open(0), 'count'), 5)
    assert.equal(await ask(door, 'count', { limit: 10 }), 'INPUT_INVALID')
    const refused = await door.call(SENDER, 'count', {}, { mayBeCached: true })
    assert.equal(refused.success ? 'OK' : refused.code, 'FORBIDDEN')
  })

  it('forgets when something was changed', async () => {
    const door = open()
    assert.equal(await ask(door, 'count'), 1)
    assert.equal(await ask(open(), 'change'), 2)
    assert.equal(await ask(door, 'count'), 3)
  })

  it('keeps no failure; while the database is away an answer is given until it expires and no longer', async () => {
    const door = open()
    isAway = true
    assert.equal(await ask(door, 'count'), 'DATABASE_UNAVAILABLE')
    assert.deepEqual(readdirSync(directory), [])
    isAway = false
    assert.equal(await ask(door, 'count'), 1)
    isAway = true
    world.clock.advance(EXPIRY_MS - 1)
    assert.equal(await ask(door, 'count'), 1)
    world.clock.advance(1)
    assert.equal(await ask(door, 'count'), 'DATABASE_UNAVAILABLE')
  })
})
