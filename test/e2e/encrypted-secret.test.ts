import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createInstallation, runCommand, startProduct } from '../support/product.ts'

const cli = fileURLToPath(new URL('../../bin/cli.ts', import.meta.url))
const TOKEN = 'planted-secret-token-0123456789'

/** Every file below a folder, whole. */
function contentsBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')
}

test('a secret given on standard input opens the MCP server and stands nowhere in clear', async () => {
  const installation = await createInstallation({ SMART_OPS_MCP_TOKEN: 'encrypted:mcp_token' })
  try {
    assert.equal((await runCommand(installation, 'db', 'migrate')).exitCode, 0)
    const stored = execFileSync(process.execPath, [cli, 'config', 'secret', '--name', 'mcp_token'], {
      env: installation.env,
      cwd: installation.directory,
      input: `${TOKEN}\n`,
      encoding: 'utf8',
    })
    assert.match(stored, /encrypted:mcp_token/)
    const product = startProduct(installation, 'mcp')
    try {
      await product.until(/MCP:http/, 30_000)
      const call = async (token: string) =>
        await fetch(`http://127.0.0.1:${installation.mcpPort}/mcp`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
        })
      assert.equal((await call(TOKEN)).status, 200)
      assert.equal((await call(`${TOKEN}x`)).status, 401)
    } finally {
      assert.equal(await product.stop(), 0)
      assert.ok(!product.output().includes(TOKEN))
    }
    assert.ok(!contentsBelow(installation.directory).includes(TOKEN))
  } finally {
    installation.remove()
  }
})

test('another master key refuses the start and says which to restore', async () => {
  const installation = await createInstallation()
  try {
    assert.equal((await runCommand(installation, 'db', 'migrate')).exitCode, 0)
    const store = (env: Readonly<Record<string, string>>) =>
      runCommand({ ...installation, env: { ...installation.env, ...env } }, 'mcp', '--lang', 'en')
    const first = startProduct(installation, 'mcp')
    await first.until(/MCP:http/, 30_000)
    await first.stop()
    const { exitCode, stderr } = await store({ SMART_OPS_MASTER_KEY: '0'.repeat(64) })
    assert.equal(exitCode, 78)
    assert.match(stderr, /SMART_OPS_MASTER_KEY/)
  } finally {
    installation.remove()
  }
})
