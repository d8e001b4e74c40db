import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { findFreePort } from '../support/databases/free-port.ts'
import {
  createInstallation,
  type Installation,
  type RunningProduct,
  runCommand,
  startProduct,
} from '../support/product.ts'

let installation: Installation
let product: RunningProduct

before(async () => {
  installation = await createInstallation()
  product = startProduct(installation, 'up')
  await product.until(/Ctrl\+C/, 120_000)
})

after(async () => {
  await product.stop()
  installation.remove()
})

const get = async (path: string) => await fetch(`http://127.0.0.1:${installation.webPort}${path}`)

interface ReportAnswer {
  readonly data: {
    readonly data: {
      readonly facts: {
        readonly memory: {
          readonly servers: readonly { readonly usage: { readonly total_bytes: number } | null }[]
        }
        readonly disk: {
          readonly servers: readonly {
            readonly filesystems:
              | readonly {
                  readonly mount: string
                  readonly total_bytes: number
                  readonly used_percent: number
                }[]
              | null
          }[]
        }
      }
    }
    readonly markdown: string
  }
}

test('the start tells what was registered, the verdict, and where the pages are', () => {
  const output = product.output()
  assert.match(output, /已登记本机:/)
  assert.match(output, /巡检结论\(\d{4}-\d\d-\d\d /)
  assert.match(output, new RegExp(`http://127\\.0\\.0\\.1:${installation.webPort}`))
  assert.doesNotMatch(output, /出错/)
})

test('the report holds the true values of this machine', async () => {
  const answer = (await (await get('/api/ai-report')).json()) as ReportAnswer
  const { memory, disk } = answer.data.data.facts
  const totalBytes = Number(/MemTotal:\s+(\d+) kB/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024
  assert.equal(memory.servers.length, 1)
  assert.equal(memory.servers[0]?.usage?.total_bytes, totalBytes)
  const root = disk.servers[0]?.filesystems?.find((filesystem) => filesystem.mount === '/')
  const [, line] = execFileSync('df', ['-P', '-k', '/'], { encoding: 'utf8' }).split('\n')
  const [, blocks, , , capacity] = (line ?? '').split(/\s+/)
  if (root === undefined)
    assert.match(execFileSync('df', ['-PT', '/'], { encoding: 'utf8' }), /overlay|tmpfs/)
  else {
    assert.equal(root.total_bytes, Number(blocks) * 1024)
    assert.ok(Math.abs(root.used_percent - Number.parseInt(capacity ?? '', 10)) <= 1)
  }
})

test('every route of the first start answers', async () => {
  for (const path of [
    '/healthz',
    '/readyz',
    '/api/service/status',
    '/api/ai-report',
    '/api/runs',
    '/',
    '/docs',
  ]) {
    const response = await get(path)
    assert.equal(response.status, 200, path)
    assert.ok((await response.text()).length > 0, path)
  }
})

test('the page is in Chinese by default and in English when asked', async () => {
  assert.match(await (await get('/')).text(), /<html lang="zh/)
  assert.match(await (await get('/?lang=en')).text(), /<html lang="en/)
})

test('status shows the web and the mcp process running', async () => {
  const status = (await (await get('/api/service/status')).json()) as {
    data: {
      processes: { name: string; state: string; pid: number }[]
      services: { service_id: string | null }[]
    }
  }
  assert.deepEqual(
    status.data.processes.map(({ name, state }) => [name, state]),
    [
      ['web', 'running'],
      ['mcp', 'running'],
    ],
  )
  assert.deepEqual(
    status.data.services.filter(({ service_id }) => service_id !== null).map(({ service_id }) => service_id),
    ['001', '002', '003', '004', '005', '010'],
  )
})

test('an MCP client with the token calls a service and gets what the CLI gives', async () => {
  const token = readFileSync(join(installation.directory, 'data', 'mcp.token'), 'utf8').trim()
  const transport = new StreamableHTTPClientTransport(
    new URL(`http://127.0.0.1:${installation.mcpPort}/mcp`),
    {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    },
  )
  const client = new Client({ name: 'e2e', version: '1' })
  await client.connect(transport)
  const result = await client.callTool({ name: 'servers_list', arguments: {} })
  await client.close()
  const viaCli = await runCommand(installation, 'servers', 'list', '--json')
  assert.equal(viaCli.exitCode, 0, viaCli.stderr)
  const cliEnvelope = JSON.parse(viaCli.stdout) as { data: unknown }
  assert.deepEqual((result.structuredContent as { data: unknown }).data, cliEnvelope.data)
})

test('the MCP Inspector lists the tools and calls a service', () => {
  const inspector = fileURLToPath(new URL('../../node_modules/.bin/mcp-inspector', import.meta.url))
  const token = readFileSync(join(installation.directory, 'data', 'mcp.token'), 'utf8').trim()
  const inspect = (...args: string[]): unknown => {
    const url = `http://127.0.0.1:${installation.mcpPort}/mcp`
    const target = [
      '--cli',
      url,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${token}`,
      '--format',
      'json',
    ]
    const options = {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...installation.env, PATH: dirname(process.execPath) },
    } as const
    return JSON.parse(execFileSync(process.execPath, [inspector, ...target, ...args], options))
  }
  const listed = inspect('--method', 'tools/list') as { result: { tools: { name: string }[] } }
  assert.ok(listed.result.tools.some(({ name }) => name === 'service_005_full_inspection'))
  const called = inspect(
    ...[
      '--method',
      'tools/call',
      '--tool-name',
      'service_001_system_inspection',
      '--tool-arg',
      'memory_threshold=70',
    ],
  ) as { result: { structuredContent: { success: boolean; data: { totals: { servers: number } } } } }
  assert.equal(called.result.structuredContent.success, true)
  assert.equal(called.result.structuredContent.data.totals.servers, 1)
})

test('a second start on the same port says which port is taken and what to do, in one error', async () => {
  const { exitCode, stderr } = await runCommand(installation, 'web')
  assert.equal(exitCode, 73)
  assert.match(stderr, new RegExp(String(installation.webPort)))
  assert.match(stderr, /SMART_OPS_WEB_PORT/)
})

test('secrets lie in files that only their owner reads, and in no log', () => {
  const data = join(installation.directory, 'data')
  const token = readFileSync(join(data, 'mcp.token'), 'utf8').trim()
  for (const name of ['mcp.token', 'master.key', 'smart-ops.db'])
    assert.equal(statSync(join(data, name)).mode & 0o077, 0, name)
  for (const name of readdirSync(join(installation.directory, 'logs')))
    assert.ok(!readFileSync(join(installation.directory, 'logs', name), 'utf8').includes(token), name)
})

test('a killed mcp process comes back; stopping the product leaves none; the next start shows the last verdict', async (t) => {
  const status = async () =>
    (
      (await (await get('/api/service/status')).json()) as {
        data: { processes: { name: string; pid: number | null; restarts: number }[] }
      }
    ).data.processes.find(({ name }) => name === 'mcp')
  const first = (await status())?.pid
  assert.ok(typeof first === 'number')
  process.kill(first, 'SIGKILL')
  for (let waited = 0; waited < 20_000 && (await status())?.restarts !== 1; waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const second = (await status())?.pid
  assert.ok(typeof second === 'number' && second !== first)

  assert.equal(await product.stop(), 0)
  assert.equal(existsSync(`/proc/${second}`), false)

  const startedAt = performance.now()
  product = startProduct(installation, 'up')
  await product.until(/Ctrl\+C/, 30_000)
  t.diagnostic(`the second start served after ${Math.round(performance.now() - startedAt)} ms`)
  assert.match(product.output(), /巡检结论/)
})

test('a supervised child that is told to end does so by itself', async () => {
  const args = [fileURLToPath(new URL('../../bin/cli.ts', import.meta.url)), 'mcp', '--supervised']
  const env = { ...installation.env, SMART_OPS_MCP_PORT: String(await findFreePort()) }
  const child = spawn(process.execPath, args, {
    env,
    cwd: installation.directory,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit', { signal: AbortSignal.timeout(30_000) }), [0, null])
})

test('children end when the web process is killed', async () => {
  const { data } = (await (await get('/api/service/status')).json()) as {
    data: { processes: { name: string; pid: number }[] }
  }
  const mcp = data.processes.find(({ name }) => name === 'mcp')?.pid
  assert.ok(typeof mcp === 'number')
  process.kill(product.pid, 'SIGKILL')
  for (let waited = 0; waited < 15_000 && existsSync(`/proc/${mcp}`); waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(existsSync(`/proc/${mcp}`), false)
})
