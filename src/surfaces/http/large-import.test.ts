import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { stringify } from 'yaml'
import { z } from 'zod'
import { makeContext, type TestContext } from '../../../test/support/make-context.ts'
import { silentLogger } from '../../lib/logger.ts'
import * as operations from '../../operations/registry.ts'
import { openDoor } from '../../services/open-door.ts'
import { createHttpApp, type HttpApp } from './http-app.ts'

const SERVERS = 5_000

let world: TestContext
let app: HttpApp
let url = ''

before(async () => {
  world = await makeContext()
  const door = openDoor({
    services: {},
    operations,
    context: {
      ...world.context,
      processes: { list: () => [] },
      doctor: async () => [],
      connectionNames: { credentials: [], jumpHosts: [] },
    },
    redactInput: () => '{}',
  })
  const nothing = () => Promise.reject(new Error('this test asks for operations only'))
  app = await createHttpApp({
    door,
    actor: { kind: 'local_administrator', name: 'root', surface: 'http' },
    language: 'en',
    version: '1.2.3',
    logger: silentLogger,
    timestamp: () => '2026-03-02 09:00:00',
    allowedHosts: [],
    processes: () => [],
    checkReadiness: async () => [],
    latestReport: nothing,
    renderPage: nothing,
    listRuns: nothing,
    showRun: nothing,
    graceMs: 200,
  })
  ;({ url } = await app.listen({ host: '127.0.0.1', port: 0 }))
})

after(async () => {
  await app.close()
  await world.close()
})

async function call(name: string, body: string) {
  const response = await fetch(`${url}/api/operations/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return { status: response.status, answer: z.looseObject({}).parse(await response.json()) }
}

test('five thousand servers, each with a note, are imported from one YAML document over the web API', async (t) => {
  const yaml = stringify(
    Array.from({ length: SERVERS }, (_, n) => ({
      ip: `10.${n >> 8}.${n & 255}.1`,
      name: `server-${n}`,
      group: `group-${n % 50}`,
      tags: ['production', `rack-${n % 100}`],
      note: `stands in row ${n % 40}, belongs to the people of the floor above, `.repeat(4),
    })),
  )
  const body = JSON.stringify({ content_base64: Buffer.from(yaml).toString('base64'), apply: true })
  assert.ok(body.length > 2 * 1024 ** 2, `the body of ${body.length} bytes shows nothing`)
  const startedAt = performance.now()
  const { status, answer } = await call('servers_import', body)
  t.diagnostic(`${body.length} bytes took ${Math.round(performance.now() - startedAt)} ms`)
  assert.equal(status, 200, JSON.stringify(answer).slice(0, 1000))
  const data = operations.servers_import.output.parse(answer['data'])
  assert.deepEqual([data.to_add.length, data.problems.length], [SERVERS, 0])
  assert.equal((await world.context.store.servers.list()).length, SERVERS)
})

test('an import that is too large is refused with its own limit, and other operations keep theirs', async () => {
  const import413 = await call('servers_import', ' '.repeat(23_000_000))
  assert.deepEqual([import413.status, import413.answer['code']], [413, 'BODY_TOO_LARGE'])
  assert.match(String(import413.answer['error']), /larger than 22465536 bytes/)
  const list413 = await call('servers_list', ' '.repeat(1_100_000))
  assert.deepEqual([list413.status, list413.answer['code']], [413, 'BODY_TOO_LARGE'])
  assert.match(String(list413.answer['error']), /larger than 1048576 bytes/)
})
