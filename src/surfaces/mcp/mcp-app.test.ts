import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { z } from 'zod'
import type { SampleDoor } from '../../../test/support/sample-door.ts'
import { createSampleDoor } from '../../../test/support/sample-door.ts'
import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../domain/errors.ts'
import { silentLogger } from '../../lib/logger.ts'
import { isSameSecret } from '../../lib/net/bearer-token.ts'
import type { McpApp, McpPorts } from './mcp-app.ts'
import { createMcpApp } from './mcp-app.ts'
import { mcpOffers } from './tool-catalogue.ts'

const READER: Actor = { kind: 'token', name: 'reader', surface: 'mcp', scopes: ['read', 'collect'] }
const SENDER: Actor = { kind: 'token', name: 'sender', surface: 'mcp', scopes: ['read', 'collect', 'send'] }
const OPEN = { host: '127.0.0.1', port: 0 }

interface Running {
  readonly app: McpApp
  readonly url: string
  readonly door: SampleDoor
}

async function start(test: TestContext, ports: Partial<McpPorts> = {}): Promise<Running> {
  const door = createSampleDoor()
  const app = createMcpApp({
    door,
    language: 'zh',
    version: '1.2.3',
    logger: silentLogger,
    allowedHosts: ['ops.example.com'],
    allowedOrigins: ['https://tools.example.com'],
    verifyToken: (token) =>
      isSameSecret(token, 'reader-token') ? READER : isSameSecret(token, 'sender-token') ? SENDER : null,
    graceMs: 200,
    ...ports,
  })
  const { url } = await app.listen(OPEN)
  test.after(() => app.close())
  return { app, url, door }
}

async function connect(test: TestContext, url: string, era: 'modern' | 'legacy', token = 'reader-token') {
  const client = new Client(
    { name: 'test', version: '1' },
    era === 'modern' ? { versionNegotiation: { mode: 'auto' } } : {},
  )
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  )
  test.after(() => client.close())
  return client
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** Returns the answer to one request of revision 2026-07-28, written by hand. */
async function rawCall(url: string, params: Record<string, unknown>, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: 'Bearer reader-token',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': String(params['name']),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { ...params, _meta: META } }),
  })
  const body: unknown = await response.json()
  return { status: response.status, body }
}

/** Sends a request whose Host header is ours to choose, which fetch does not allow. */
function rawHttp(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer | string },
) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const request = httpRequest(
        url,
        { method: options.method ?? 'POST', headers: options.headers ?? {} },
        (response) => {
          response.setEncoding('utf8')
          let body = ''
          response.on('data', (chunk: string) => {
            body += chunk
          })
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          )
        },
      )
      request.on('error', reject)
      request.end(options.body)
    },
  )
}

const failureText = z.object({
  isError: z.literal(true),
  structuredContent: z.undefined().optional(),
  content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
})

const envelopeOfFailure = (result: unknown): unknown => JSON.parse(failureText.parse(result).content[0].text)

for (const era of ['modern', 'legacy'] as const)
  describe(`MCP over HTTP, ${era} client`, () => {
    it('lists the tools that the token may use, in registry order, with schemas and all four hints', async (test) => {
      const { url, door } = await start(test)
      const { tools } = await (await connect(test, url, era)).listTools()
      assert.deepEqual(
        tools.map((tool) => tool.name),
        ['service_001_system_inspection', 'service_005_full_inspection', 'runs_show'],
      )
      const all = await (await connect(test, url, era, 'sender-token')).listTools()
      assert.deepEqual(
        all.tools.map((tool) => tool.name),
        mcpOffers(door.operations),
      )
      for (const tool of all.tools) {
        const definition = door.operations.get(tool.name)
        assert.ok(definition)
        assert.deepEqual(tool.inputSchema, z.toJSONSchema(definition.input, { io: 'input' }))
        assert.equal(tool.inputSchema['additionalProperties'], false)
        const output = z.object({ properties: z.object({ data: z.object({ type: z.literal('object') }) }) })
        output.parse(tool.outputSchema)
        const { annotations } = tool
        assert.equal(typeof annotations?.idempotentHint, 'boolean')
        assert.equal(annotations?.readOnlyHint, definition.effect !== 'send')
        assert.equal(annotations?.destructiveHint, false)
        assert.equal(annotations?.openWorldHint, definition.effect === 'send')
        assert.match(tool.description ?? '', /示例[\s\S]*The sample/)
      }
    })

    it('answers a call with the envelope, as structured content and as the same JSON in text', async (test) => {
      const { url, door } = await start(test)
      const client = await connect(test, url, era)
      await client.listTools()
      const result = await client.callTool({
        name: 'service_001_system_inspection',
        arguments: { memory_threshold: 55 },
      })
      const envelope = {
        success: true,
        message: 'done <script>',
        timestamp: '2026-11-22 18:00:00',
        data: { memory_threshold: 55, group: null, at: '2026-11-22T10:00:00.000Z' },
      }
      assert.deepEqual(result.structuredContent, envelope)
      const [content] = z.tuple([z.object({ text: z.string() })]).parse(result.content)
      assert.deepEqual(JSON.parse(content.text), envelope)
      assert.deepEqual(door.calls.at(-1)?.actor, READER)
      assert.equal(door.calls.at(-1)?.language, 'zh')
    })

    it('returns what the door says of bad arguments as a result that a model can mend', async (test) => {
      const { url } = await start(test)
      const client = await connect(test, url, era)
      const call = async (given: Record<string, unknown>) =>
        z
          .object({ code: z.string(), error: z.string() })
          .parse(
            envelopeOfFailure(
              await client.callTool({ name: 'service_001_system_inspection', arguments: given }),
            ),
          )
      assert.deepEqual(await call({ memory: 70 }), { code: 'INPUT_INVALID', error: 'unknown field memory' })
      const type = await call({ memory_threshold: '70' })
      assert.match(type.error, /memory_threshold: found "70": .*expected number/)
      assert.match((await call({ memory_threshold: 150 })).error, /memory_threshold: found 150: .*<=100/)
    })

    it('treats an unknown tool and a missing scope as protocol errors', async (test) => {
      const { url } = await start(test)
      const client = await connect(test, url, era)
      await assert.rejects(client.callTool({ name: 'service_999' }), { code: -32602, message: /service_999/ })
      await assert.rejects(
        client.callTool({ name: 'service_012_wechat_notification', arguments: { content: 'x' } }),
        {
          code: -32600,
          message: /scope send/,
        },
      )
    })

    it('keeps what a defect says to itself', async (test) => {
      const { url } = await start(test)
      const client = await connect(test, url, era)
      await assert.rejects(
        client.callTool({ name: 'runs_show', arguments: { run_id: 'defect' } }),
        (error: Error) => {
          assert.match(error.message, /Internal error/)
          assert.doesNotMatch(JSON.stringify(error) + error.message, /secret|planted/)
          return true
        },
      )
    })

    it('aborts the call when the client goes away', async (test) => {
      const { url, door } = await start(test)
      const client = await connect(test, url, era)
      const call = client.callTool({ name: 'service_005_full_inspection', arguments: {} })
      const ended = assert.rejects(call)
      const seen = await door.begun('service_005_full_inspection')
      const aborted = new Promise((resolve) => seen.signal.addEventListener('abort', resolve, { once: true }))
      assert.equal(seen.signal.aborted, false)
      await client.close()
      await aborted
      await ended
    })

    it('aborts calls in flight when the server stops, after the grace time', async (test) => {
      const reason = new Error('this process stops')
      const { app, url, door } = await start(test, { stopReason: () => reason })
      const client = await connect(test, url, era)
      const call = client.callTool({ name: 'service_005_full_inspection', arguments: {} })
      const ended = call.then(envelopeOfFailure, (error: unknown) => error)
      const seen = await door.begun('service_005_full_inspection')
      const startedMs = performance.now()
      await app.close()
      assert.ok(performance.now() - startedMs < 1_500)
      assert.equal(seen.signal.reason, reason)
      assert.match(JSON.stringify(await ended), /CANCELLED/)
    })
  })

it('aborts the call when a client of revision 2026-07-28 cancels it', async (test) => {
  const { url, door } = await start(test)
  const client = await connect(test, url, 'modern')
  const cancel = new AbortController()
  const call = client.callTool(
    { name: 'service_005_full_inspection', arguments: {} },
    { signal: cancel.signal },
  )
  const ended = assert.rejects(call)
  const seen = await door.begun('service_005_full_inspection')
  const aborted = new Promise((resolve) => seen.signal.addEventListener('abort', resolve, { once: true }))
  cancel.abort()
  await aborted
  await ended
})

describe('MCP over HTTP, written by hand', () => {
  it('answers a call of revision 2026-07-28', async (test) => {
    const { url } = await start(test)
    const answer = await rawCall(url, { name: 'service_001_system_inspection', arguments: {} })
    assert.equal(answer.status, 200)
    const { result } = z
      .object({ id: z.literal(7), result: z.object({ structuredContent: z.object({ data: z.unknown() }) }) })
      .parse(answer.body)
    assert.deepEqual(result.structuredContent.data, {
      memory_threshold: 70,
      group: null,
      at: '2026-11-22T10:00:00.000Z',
    })
  })

  it('answers arguments that are no object with a protocol error', async (test) => {
    const { url, door } = await start(test)
    const answer = await rawCall(url, { name: 'service_001_system_inspection', arguments: [1] })
    assert.match(JSON.stringify(answer.body), /-32602/)
    assert.equal(door.calls.length, 0)
  })

  it('wants a token, before it reads anything, and says how', async (test) => {
    const { url, door } = await start(test)
    for (const [header, challenge] of [
      [undefined, 'Bearer realm="smart-ops"'],
      ['Bearer wrong', 'Bearer realm="smart-ops", error="invalid_token"'],
      ['Basic cmVhZGVyLXRva2Vu', 'Bearer realm="smart-ops", error="invalid_token"'],
      ['Bearer reader-token-and-more', 'Bearer realm="smart-ops", error="invalid_token"'],
    ] as const) {
      const headers: Record<string, string> = header === undefined ? {} : { authorization: header }
      const answer = await rawHttp(url, { headers, body: '{' })
      assert.equal(answer.status, 401)
      assert.equal(answer.headers['www-authenticate'], challenge)
      assert.match(answer.body, /UNAUTHENTICATED/)
    }
    assert.equal(door.calls.length, 0)
  })

  it('refuses a foreign Host and a foreign Origin even to the bearer of a token', async (test) => {
    const { url } = await start(test)
    const { host, port } = new URL(url)
    const status = async (headers: Record<string, string>) => {
      const answer = await rawHttp(url, {
        headers: { authorization: 'Bearer reader-token', 'content-type': 'application/json', ...headers },
        body: '{}',
      })
      return `${answer.status} ${/HOST_REFUSED|ORIGIN_REFUSED/.exec(answer.body)?.[0] ?? 'passed'}`
    }
    assert.equal(await status({ host: 'evil.example' }), '403 HOST_REFUSED')
    assert.equal(await status({ host: `evil.example:${port}` }), '403 HOST_REFUSED')
    assert.equal(await status({ host: `127.0.0.1.evil.example:${port}` }), '403 HOST_REFUSED')
    assert.equal(await status({ host: 'ops.example.com.evil' }), '403 HOST_REFUSED')
    assert.equal(await status({ origin: 'http://evil.example' }), '403 ORIGIN_REFUSED')
    assert.equal(await status({ origin: 'null' }), '403 ORIGIN_REFUSED')
    assert.equal(await status({ origin: `http://${host}` }), '400 passed')
    assert.equal(await status({ origin: 'https://tools.example.com' }), '400 passed')
    assert.equal(await status({ host: `localhost:${port}` }), '400 passed')
    assert.equal(await status({ host: 'ops.example.com' }), '400 passed')
  })

  it('answers broken requests with JSON and goes on working', async (test) => {
    const { url } = await start(test)
    const authorization = 'Bearer reader-token'
    const json = {
      authorization,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const large = Buffer.alloc(4 * 1024 * 1024 + 1, 32)
    const cases = [
      { options: { headers: json, body: '{"half":' }, status: 400 },
      { options: { headers: json, body: '' }, status: 400 },
      { options: { headers: { ...json, 'content-type': 'text/plain' }, body: '{}' }, status: 415 },
      {
        options: { headers: { ...json, 'content-length': String(large.byteLength) }, body: large },
        status: 413,
      },
      { options: { headers: { ...json, 'transfer-encoding': 'chunked' }, body: large }, status: 413 },
      { options: { method: 'GET', headers: { authorization } }, status: 405 },
      { options: { method: 'DELETE', headers: { authorization } }, status: 405 },
    ]
    for (const { options, status } of cases) {
      const answer = await rawHttp(url, options)
      assert.equal(answer.status, status, JSON.stringify(options).slice(0, 200))
      assert.ok(JSON.parse(answer.body))
    }
    const answer = await rawHttp(new URL('/elsewhere', url).href, { headers: { authorization }, body: '{}' })
    assert.equal(answer.status, 404)
    assert.match(answer.body, /ROUTE_UNKNOWN/)
    assert.equal((await rawCall(url, { name: 'service_001_system_inspection', arguments: {} })).status, 200)
  })

  it('says that it is healthy without a token, to GET and HEAD alone', async (test) => {
    const { url } = await start(test)
    const health = new URL('/health', url).href
    const answer = await rawHttp(health, { method: 'GET' })
    assert.equal(answer.status, 200)
    assert.deepEqual(JSON.parse(answer.body), { status: 'ok', name: 'smart-ops', version: '1.2.3' })
    assert.deepEqual(
      [(await rawHttp(health, { method: 'HEAD' })).status, (await rawHttp(health, {})).status],
      [200, 405],
    )
  })

  it('answers 500 without particulars when the token cannot be checked', async (test) => {
    const verifyToken = () => Promise.reject(new Error('the secret store is at /secret/path'))
    const { url } = await start(test, { verifyToken })
    const answer = await rawHttp(url, { headers: { authorization: 'Bearer x' }, body: '{}' })
    assert.equal(answer.status, 500)
    assert.doesNotMatch(answer.body, /secret/)
  })

  it('names host, port and setting when the port is taken', async (test) => {
    const { app, url, door } = await start(test)
    const port = Number(new URL(url).port)
    const second = createMcpApp({
      door,
      language: 'en',
      version: '1',
      logger: silentLogger,
      allowedHosts: [],
      allowedOrigins: [],
      verifyToken: () => null,
    })
    await assert.rejects(second.listen({ host: '127.0.0.1', port }), (error) => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'PORT_TAKEN')
      assert.deepEqual(error.details, { host: '127.0.0.1', port, setting: 'SMART_OPS_MCP_PORT' })
      assert.match(error.text.zh, new RegExp(`${port}.*SMART_OPS_MCP_PORT`))
      return true
    })
    await second.close()
    await app.close()
  })
})

it('serves a local client over stdio in both revisions', { timeout: 30_000 }, async () => {
  const script = join(import.meta.dirname, '../../../test/support/mcp-stdio-sample.ts')
  for (const mode of ['auto', 'legacy'] as const) {
    const client = new Client(
      { name: 'test', version: '1' },
      mode === 'auto' ? { versionNegotiation: { mode } } : {},
    )
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [script] }))
    const { tools } = await client.listTools()
    assert.deepEqual(
      tools.map((tool) => tool.name),
      mcpOffers(createSampleDoor().operations),
    )
    const result = await client.callTool({ name: 'service_001_system_inspection', arguments: {} })
    assert.match(JSON.stringify(result.structuredContent), /"memory_threshold":70/)
    await client.close()
  }
})

it('writes nothing but the protocol to stdout, and ends when its client closes stdin', {
  timeout: 30_000,
}, async () => {
  const script = join(import.meta.dirname, '../../../test/support/mcp-stdio-sample.ts')
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const hello = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  }
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })}\n`)
  child.stdin.write('this is no protocol\n')
  const ask = {
    jsonrpc: '2.0',
    id: 2,
    method: 'tools/call',
    params: { name: 'service_001_system_inspection' },
  }
  child.stdin.write(`${JSON.stringify(ask)}\n`)
  let written = ''
  child.stdout.setEncoding('utf8')
  for await (const chunk of child.stdout) {
    written += String(chunk)
    if (written.split('\n').length > 2) child.stdin.end()
  }
  assert.deepEqual((await closed)[0], 0)
  const lines = written.trim().split('\n')
  const ids = lines.map(
    (line) => z.object({ jsonrpc: z.literal('2.0'), id: z.number() }).parse(JSON.parse(line)).id,
  )
  assert.deepEqual(ids, [1, 2])
})

it('works with the MCP Inspector from the command line', { timeout: 60_000 }, async (test) => {
  const { url } = await start(test)
  const home = await mkdtemp(join(tmpdir(), 'smart-ops-inspector-'))
  test.after(() => rm(home, { recursive: true, force: true }))
  const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json')
  const inspector = join(dirname(manifest), 'clients/launcher/build/index.js')
  const inspect = async (...args: string[]): Promise<unknown> => {
    const command = [
      inspector,
      '--cli',
      url,
      '--transport',
      'http',
      '--header',
      'Authorization: Bearer reader-token',
    ]
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...command, '--format', 'json', ...args],
      {
        env: { ...process.env, HOME: home },
        timeout: 30_000,
      },
    )
    return JSON.parse(stdout)
  }
  const listed = z.object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) })
  assert.deepEqual(
    listed.parse(await inspect('--method', 'tools/list')).result.tools.map((tool) => tool.name),
    ['service_001_system_inspection', 'service_005_full_inspection', 'runs_show'],
  )
  const call = ['--method', 'tools/call', '--tool-name', 'service_001_system_inspection']
  const answer = JSON.stringify(await inspect(...call, '--tool-arg', 'memory_threshold=42'))
  assert.match(answer, /"structuredContent":\{.*"memory_threshold":42/)
  await assert.rejects(inspect(...call, '--tool-arg', 'memory_threshold=150'), { code: 5 })
})
