import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import type { SampleDoor } from '../../../test/support/sample-door.ts'
import { createSampleDoor } from '../../../test/support/sample-door.ts'
import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { silentLogger } from '../../lib/logger.ts'
import type { HttpApp } from './http-app.ts'
import { createHttpApp } from './http-app.ts'
import type { HttpPorts } from './http-ports.ts'
import { httpOffers } from './operation-routes.ts'

const ACTOR: Actor = { kind: 'local_administrator', name: 'web', surface: 'http' }
const STYLE = 'body{margin:0}'
const RUN_ID = '1234567890123456789'

interface Running {
  readonly app: HttpApp
  readonly url: string
  readonly door: SampleDoor
}

const portsFor = (door: SampleDoor): HttpPorts => ({
  door,
  actor: ACTOR,
  language: 'zh',
  version: '1.2.3',
  logger: silentLogger,
  timestamp: () => '2026-11-22 18:00:00',
  allowedHosts: ['ops.example.com', 'tunnel.example.com:9000'],
  processes: () => [
    {
      name: 'web',
      state: 'running',
      pid: 42,
      sinceAt: new Date('2026-11-22T10:00:00Z'),
      restarts: 0,
      residentBytes: 1024,
      lastLines: [],
    },
  ],
  checkReadiness: async () => [],
  latestReport: async () => null,
  renderPage: async (language) =>
    `<!doctype html><html lang="${language}"><head><style>${STYLE}</style></head><body>&lt;script&gt;</body></html>`,
  listRuns: async (limit) => ({ success: true, message: '', timestamp: '', data: { limit } }),
  showRun: (runId, { actor, ...options }) => door.call(actor, 'runs_show', { run_id: runId }, options),
  graceMs: 200,
})

async function start(test: TestContext, ports: Partial<HttpPorts> = {}): Promise<Running> {
  const door = createSampleDoor()
  const app = await createHttpApp({ ...portsFor(door), ...ports })
  const { url } = await app.listen({ host: '127.0.0.1', port: 0 })
  test.after(() => app.close())
  return { app, url, door }
}

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** Sends a request whose every header is ours to choose, which fetch does not allow. */
function send(url: string, sent: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: sent.method ?? 'GET', headers: sent.headers ?? {}, agent: false as const }
    const request = httpRequest(url, options, (response) => {
      response.setEncoding('utf8')
      let body = ''
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('error', reject)
    request.end(sent.body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const OPERATION = '/api/operations/service_001_system_inspection'

const post = (url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  send(url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body })

const failure = z.strictObject({
  success: z.literal(false),
  error: z.string().min(1),
  code: z.string().min(1),
  hint: z.string().min(1),
  timestamp: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** Returns the code of a failure envelope after a look at the status and that nothing of the inside shows. */
function codeOf(answer: Answer, status: number): string {
  assert.equal(answer.status, status, answer.body)
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  assert.doesNotMatch(answer.body, /node_modules|\.ts:\d|secret/)
  return failure.parse(JSON.parse(answer.body)).code
}

describe('the web API', () => {
  it('offers every operation under a path of its own and answers with the envelope', async (test) => {
    const { url, door } = await start(test)
    assert.deepEqual(httpOffers(door.operations), [...door.operations.keys()])
    const answer = await post(url + OPERATION, '{"memory_threshold":55}')
    assert.equal(answer.status, 200)
    assert.deepEqual(JSON.parse(answer.body), {
      success: true,
      message: 'done <script>',
      timestamp: '2026-11-22 18:00:00',
      data: { memory_threshold: 55, group: null, at: '2026-11-22T10:00:00.000Z' },
    })
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.deepEqual(door.calls.at(-1)?.actor, ACTOR)
    for (const name of httpOffers(door.operations).filter(
      (offered) => offered !== 'service_005_full_inspection',
    )) {
      const { status } = await post(`${url}/api/operations/${name}`, '{"nonsense":1}')
      assert.equal(status, 400, name)
    }
  })

  it('takes an answer of some seconds ago, unless the client says no-cache', async (test) => {
    const door = createSampleDoor()
    const asked: (boolean | undefined)[] = []
    const { url } = await start(test, {
      door: {
        ...door,
        call: (actor, name, input, options) => {
          asked.push(options?.mayBeCached)
          return door.call(actor, name, input, options)
        },
      },
    })
    assert.equal((await post(url + OPERATION, '{}')).status, 200)
    for (const said of ['max-age=0, No-Cache', 'no-store'])
      assert.equal((await post(url + OPERATION, '{}', { 'cache-control': said })).status, 200)
    assert.deepEqual(asked, [true, false, false])
  })

  it('takes an empty body for no arguments', async (test) => {
    const { url } = await start(test)
    const answer = await post(url + OPERATION, '')
    assert.equal(answer.status, 200)
    assert.match(answer.body, /"memory_threshold":70/)
  })

  it('passes on what the door says of input, unknown runs and unknown operations', async (test) => {
    const { url } = await start(test)
    const unknownField = await post(url + OPERATION, '{"memory":1}')
    assert.equal(codeOf(unknownField, 400), 'INPUT_INVALID')
    assert.match(unknownField.body, /unknown field memory/)
    assert.equal(codeOf(await post(url + OPERATION, '{"memory_threshold":"70"}'), 400), 'INPUT_INVALID')
    assert.equal(codeOf(await post(url + OPERATION, '[1]'), 400), 'INPUT_INVALID')
    assert.equal(codeOf(await post(`${url}/api/operations/runs_show`, '{"run_id":"1"}'), 404), 'RUN_UNKNOWN')
    assert.equal(codeOf(await post(`${url}/api/operations/service_999`, '{}'), 404), 'ROUTE_UNKNOWN')
  })

  it('keeps what a defect says to itself and logs it', async (test) => {
    const logged: unknown[] = []
    const logger = { ...silentLogger, error: (fields: Record<string, unknown>) => logged.push(fields['err']) }
    const { url } = await start(test, { logger: { ...logger, error: (fields) => void logger.error(fields) } })
    const answer = await post(`${url}/api/operations/runs_show`, '{"run_id":"defect"}')
    assert.equal(codeOf(answer, 500), 'INTERNAL')
    assert.match(String(logged[0]), /planted defect/)
  })

  it('shows runs, newest first, and one run', async (test) => {
    const { url } = await start(test)
    assert.match((await send(`${url}/api/runs`)).body, /"limit":50/)
    assert.match((await send(`${url}/api/runs?limit=7`)).body, /"limit":7/)
    for (const limit of ['0', '201', 'many', '-1', '1e2', '7&limit=8']) {
      const answer = await send(`${url}/api/runs?limit=${limit}`)
      assert.equal(codeOf(answer, 400), 'INPUT_INVALID')
      assert.match(answer.body, /limit/)
    }
    const unknown = await send(`${url}/api/runs/${RUN_ID}?lang=en`)
    assert.equal(codeOf(unknown, 404), 'RUN_UNKNOWN')
    assert.match(unknown.body, new RegExp(RUN_ID))
  })

  it('gives the latest report, and says so when there is none', async (test) => {
    const none = await start(test)
    assert.equal(codeOf(await send(`${none.url}/api/ai-report`), 404), 'REPORT_UNKNOWN')
    const report = { data: { servers: 1 }, markdown: '# 报告 en' }
    const { url } = await start(test, { latestReport: async () => report })
    const answer = await send(`${url}/api/ai-report`)
    assert.deepEqual(
      z.object({ success: z.literal(true), data: z.unknown() }).parse(JSON.parse(answer.body)).data,
      report,
    )
  })

  it('lists processes and numbered services in the language asked for', async (test) => {
    const { url } = await start(test)
    const shape = z.object({
      success: z.literal(true),
      timestamp: z.string(),
      data: z.object({
        processes: z.array(z.unknown()),
        services: z.array(z.record(z.string(), z.unknown())),
      }),
    })
    const chinese = shape.parse(JSON.parse((await send(`${url}/api/service/status`)).body))
    assert.deepEqual(chinese.data.processes, [
      {
        name: 'web',
        state: 'running',
        pid: 42,
        since_at: '2026-11-22T10:00:00.000Z',
        restarts: 0,
        resident_bytes: 1024,
        last_lines: [],
      },
    ])
    assert.deepEqual(
      chinese.data.services.map((service) => service['service_id']),
      ['001', '005', '012'],
    )
    const titleIn = async (query: string, headers: Record<string, string> = {}) =>
      shape.parse(JSON.parse((await send(`${url}/api/service/status${query}`, { headers })).body)).data
        .services[0]?.['title']
    assert.equal(await titleIn(''), '示例 <b>服务</b>')
    assert.equal(await titleIn('?lang=en'), 'Sample service_001_system_inspection')
    assert.equal(
      await titleIn('', { 'accept-language': 'fr, en-GB;q=0.8, zh;q=0.5' }),
      'Sample service_001_system_inspection',
    )
    assert.equal(await titleIn('?lang=zh', { 'accept-language': 'en' }), '示例 <b>服务</b>')
    const wrong = await send(`${url}/api/service/status?lang=fr`)
    assert.equal(codeOf(wrong, 400), 'INPUT_INVALID')
    assert.match(wrong.body, /fr.*zh.*en/)
  })

  it('tells living from ready', async (test) => {
    const { url } = await start(test)
    assert.deepEqual(
      [(await send(`${url}/healthz`)).status, (await send(`${url}/readyz`)).status],
      [200, 200],
    )
    const outdated = new AppError('SCHEMA_OUTDATED', text('缺 2 个迁移', '2 migrations are missing'))
    const down = new AppError('DATABASE_UNAVAILABLE', text('数据库无应答', 'no answer'))
    const unready = await start(test, { checkReadiness: async () => [outdated, down] })
    const answer = await send(`${unready.url}/readyz`)
    assert.equal(codeOf(answer, 503), 'SCHEMA_OUTDATED')
    assert.match(answer.body, /缺 2 个迁移.*数据库无应答/)
    assert.equal((await send(`${unready.url}/healthz`)).status, 200)
    const failing = await start(test, { checkReadiness: () => Promise.reject(down) })
    assert.equal(codeOf(await send(`${failing.url}/readyz`), 503), 'DATABASE_UNAVAILABLE')
    const silent = await start(test, { checkReadiness: () => new Promise(() => undefined) })
    assert.match((await send(`${silent.url}/readyz`)).body, /3 秒/)
  })
})

describe('the pages', () => {
  it('serves the report with a policy that knows its one style and no script', async (test) => {
    const { url } = await start(test)
    const answer = await send(`${url}/`, { headers: { 'accept-language': 'en' } })
    assert.equal(answer.status, 200)
    assert.match(String(answer.headers['content-type']), /^text\/html; charset=utf-8/)
    assert.match(answer.body, /lang="en"/)
    const hash = createHash('sha256').update(STYLE).digest('base64')
    const policy = String(answer.headers['content-security-policy'])
    assert.equal(
      policy,
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal(answer.headers['x-powered-by'], undefined)
  })

  it('escapes what stands in titles on the docs page', async (test) => {
    const { url } = await start(test)
    const { body } = await send(`${url}/docs`)
    assert.match(body, /&lt;b&gt;服务&lt;\/b&gt;/)
    assert.doesNotMatch(body, /<b>|<script/)
    assert.match(body, /href="\/docs\/json"/)
  })

  it('documents every operation with its input and output in OpenAPI 3.1', async (test) => {
    const { url, door } = await start(test)
    const answer = await send(`${url}/docs/json`)
    const object = z.object({ type: z.literal('object'), properties: z.record(z.string(), z.unknown()) })
    const content = z.object({ content: z.object({ 'application/json': z.object({ schema: object }) }) })
    const document = z
      .object({
        openapi: z.literal('3.1.0'),
        info: z.object({ title: z.string(), version: z.literal('1.2.3') }),
        paths: z.record(z.string().startsWith('/'), z.record(z.string(), z.unknown())),
      })
      .parse(JSON.parse(answer.body))
    const paths = Object.keys(document.paths)
    for (const path of [
      '/healthz',
      '/readyz',
      '/api/service/status',
      '/api/ai-report',
      '/api/runs',
      '/api/runs/{run_id}',
    ])
      assert.ok(paths.includes(path), path)
    for (const [name, operation] of door.operations) {
      const described = z
        .object({ operationId: z.literal(name), requestBody: content, responses: z.object({ 200: content }) })
        .parse(document.paths[`/api/operations/${name}`]?.['post'])
      const input = described.requestBody.content['application/json'].schema.properties
      assert.deepEqual(Object.keys(input), Object.keys(z.toJSONSchema(operation.input).properties ?? {}))
      const output = described.responses[200].content['application/json'].schema.properties
      assert.deepEqual(Object.keys(output), ['success', 'message', 'timestamp', 'data'])
    }
    for (const [path, item] of Object.entries(document.paths))
      assert.ok(!('options' in item) && !('head' in item && 'post' in item), path)
    assert.doesNotMatch(answer.body, /"\$ref":"#\/\$defs/)
  })
})

describe('requests that are turned away', () => {
  it('refuses hosts that are not ours', async (test) => {
    const { url } = await start(test)
    const { port } = new URL(url)
    const refused = await send(`${url}/healthz`, { headers: { host: 'evil.example' } })
    assert.equal(refused.headers['x-content-type-options'], 'nosniff')
    assert.equal(refused.headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
    const tryHost = async (host: string) => (await send(`${url}/healthz`, { headers: { host } })).status
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      'ops.example.com',
      `OPS.example.com:${port}`,
      'tunnel.example.com:9000',
    ])
      assert.equal(await tryHost(host), 200, host)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost:1',
      'localhost',
      'tunnel.example.com',
      'a b',
      '[::2]',
      `localhost:${port}:1`,
      'ops.example.com@evil',
    ])
      assert.equal(codeOf(await send(`${url}/healthz`, { headers: { host } }), 403), 'HOST_REFUSED', host)
  })

  it('refuses other origins and bodies that a form of another site could send', async (test) => {
    const { url, door } = await start(test)
    const { host } = new URL(url)
    for (const origin of [
      'http://evil.example',
      'null',
      `http://localhost:1`,
      `http://${host}.evil.example`,
      '',
    ])
      assert.equal(codeOf(await post(url + OPERATION, '{}', { origin }), 403), 'ORIGIN_REFUSED', origin)
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/plain; application/json',
    ])
      assert.equal(
        codeOf(await post(url + OPERATION, '{}', { 'content-type': type }), 415),
        'MEDIA_TYPE_UNSUPPORTED',
        type,
      )
    assert.equal(codeOf(await send(url + OPERATION, { method: 'POST' }), 415), 'MEDIA_TYPE_UNSUPPORTED')
    assert.equal(door.calls.length, 0)
    assert.equal((await post(url + OPERATION, '{}', { origin: `http://${host}` })).status, 200)
    const get = await send(`${url}/api/service/status`, { headers: { origin: 'http://evil.example' } })
    assert.equal(get.headers['access-control-allow-origin'], undefined)
  })

  it('refuses broken and oversized bodies', async (test) => {
    const { url, door } = await start(test)
    for (const body of [
      '{',
      '{"a":1}}',
      'null,',
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{}}}',
      '\u0000',
    ])
      assert.equal(codeOf(await post(url + OPERATION, body), 400), 'INPUT_INVALID', body)
    const large = Buffer.alloc(1024 * 1024 + 1, 32)
    assert.equal(
      codeOf(await post(url + OPERATION, large, { 'content-length': String(large.byteLength) }), 413),
      'BODY_TOO_LARGE',
    )
    assert.equal(
      codeOf(await post(url + OPERATION, large, { 'transfer-encoding': 'chunked' }), 413),
      'BODY_TOO_LARGE',
    )
    assert.equal(door.calls.length, 0)
  })

  it('answers methods a path does not have with what it has', async (test) => {
    const { url } = await start(test)
    for (const [method, path, allow] of [
      ['GET', OPERATION, 'OPTIONS, POST'],
      ['PUT', OPERATION, 'OPTIONS, POST'],
      ['DELETE', '/api/runs/1', 'GET, HEAD, OPTIONS'],
      ['POST', '/', 'GET, HEAD, OPTIONS'],
      ['PATCH', '/readyz', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const answer = await send(url + path, {
        method,
        headers: method === 'PUT' ? { 'content-type': 'text/html' } : {},
      })
      assert.equal(codeOf(answer, 405), 'METHOD_NOT_ALLOWED', `${method} ${path}`)
      assert.equal(answer.headers['allow'], allow)
    }
    const options = await send(url + OPERATION, { method: 'OPTIONS' })
    assert.deepEqual([options.status, options.headers['allow'], options.body], [204, 'OPTIONS, POST', ''])
    for (const path of ['/', '/healthz', '/api/service/status', '/api/runs', '/docs', '/docs/json']) {
      const head = await send(url + path, { method: 'HEAD' })
      assert.deepEqual([head.status, head.body], [200, ''], path)
    }
    assert.equal((await send(url + OPERATION, { method: 'HEAD' })).status, 405)
  })

  it('answers unknown and malformed paths with an envelope', async (test) => {
    const { url } = await start(test)
    for (const path of [
      '/nothing',
      '/api',
      '/api/operations',
      '/..%2f..%2fetc/passwd',
      '/api/runs/1/2',
      '//',
      '/docs/',
    ])
      assert.equal(codeOf(await send(url + path), 404), 'ROUTE_UNKNOWN', path)
    assert.equal(codeOf(await post(`${url}/nothing`, '{'), 404), 'ROUTE_UNKNOWN')
    assert.equal(codeOf(await send(`${url}/api/runs/%zz`), 400), 'INPUT_INVALID')
  })

  it('answers bytes that are no HTTP with an envelope and hangs up', async (test) => {
    const { url } = await start(test)
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
      let received = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        received += chunk
      })
      socket.on('end', () => resolve(received)).on('error', reject)
    })
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*"code":"INPUT_INVALID"/)
  })

  it('never answers a body with a 5xx, whatever is in it', { timeout: 60_000 }, async (test) => {
    const { url, door } = await start(test)
    const path = fc.constantFrom(
      ...[...door.operations.keys()].filter((name) => name !== 'service_005_full_inspection'),
    )
    const fields = fc.constantFrom('memory_threshold', 'group', 'content', 'run_id', '__proto__', 'ips')
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.dictionary(fields, fc.jsonValue()).map((value) => JSON.stringify(value)),
      fc.constant('{}'),
    )
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(path, body, async (name, sent) => {
        const answer = await post(`${url}/api/operations/${name}`, sent)
        const planted = name === 'runs_show' && /defect/.test(sent)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        z.union([z.object({ success: z.literal(true) }), failure]).parse(JSON.parse(answer.body))
        assert.ok(answer.status < 500 || planted, `${answer.status} ${answer.body}`)
      }),
      { numRuns: 500 },
    )
    assert.ok((statuses.get(400) ?? 0) > 50, 'the fuzz must reach the validation')
    assert.ok((statuses.get(200) ?? 0) > 5, 'the fuzz must reach the operations')
  })
})

describe('the life of the server', () => {
  const slow = '/api/operations/service_005_full_inspection'

  it('aborts the call when its client goes away', async (test) => {
    const { url, door } = await start(test)
    const client = new AbortController()
    const call = fetch(url + slow, { method: 'POST', headers: JSON_TYPE, body: '{}', signal: client.signal })
    const ended = assert.rejects(call)
    const seen = await door.begun('service_005_full_inspection')
    const aborted = new Promise((resolve) => seen.signal.addEventListener('abort', resolve, { once: true }))
    assert.equal(seen.signal.aborted, false)
    client.abort()
    await aborted
    await ended
  })

  it('does not abort a call that was answered', async (test) => {
    const { url, door } = await start(test)
    await post(url + OPERATION, '{}')
    assert.equal(door.calls.at(-1)?.signal.aborted, false)
  })

  it('lets a call finish within the grace time and aborts it after', async (test) => {
    const reason = new Error('this process stops')
    const { app, url, door } = await start(test, { stopReason: () => reason })
    const call = post(url + slow, '{}')
    const seen = await door.begun('service_005_full_inspection')
    const startedMs = performance.now()
    await app.close()
    const tookMs = performance.now() - startedMs
    assert.ok(tookMs > 150 && tookMs < 1_300, `${tookMs}`)
    assert.equal(codeOf(await call, 499), 'CANCELLED')
    assert.equal(seen.signal.reason, reason)
    await assert.rejects(send(`${url}/healthz`), { code: 'ECONNREFUSED' })
  })

  it('names host, port and setting when the port is taken, and says when an address is not ours', async (test) => {
    const { url, door } = await start(test)
    const port = Number(new URL(url).port)
    const second = await createHttpApp(portsFor(door))
    await assert.rejects(second.listen({ host: '127.0.0.1', port }), (error) => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'PORT_TAKEN')
      assert.deepEqual(error.details, { host: '127.0.0.1', port, setting: 'SMART_OPS_WEB_PORT' })
      return true
    })
    await second.close()
    const third = await createHttpApp(portsFor(door))
    await assert.rejects(third.listen({ host: '192.0.2.1', port: 0 }), (error) => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'CONFIG_INVALID')
      assert.match(error.text.en, /192\.0\.2\.1/)
      return true
    })
    await third.close()
  })
})
