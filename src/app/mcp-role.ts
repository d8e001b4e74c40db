import process from 'node:process'
import { loadMasterKey } from '../config/master-key.ts'
import type { Actor } from '../domain/actor.ts'
import type { Language } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import { ShutdownReason } from '../pipeline/run-lease.ts'
import { createMcpApp, serveMcpStdio } from '../surfaces/mcp/index.ts'
import type { Announce } from './announce.ts'
import { createTokenCheck } from './mcp-token.ts'
import { waitForSchema } from './open-configured-store.ts'
import { productVersion } from './product-version.ts'
import { openRuntime, type Runtime } from './runtime.ts'

interface McpOptions {
  readonly stdio: boolean
  readonly language: Language
  readonly announce: Announce
  readonly stop: AbortSignal
}

/** How long this process waits for `web` or `db migrate` to bring the schema up to date. */
const SCHEMA_WAIT_MS = 60_000

/** Serves MCP over HTTP, or over stdio for one local client, until stopped. Resolves to the exit code. */
export async function runMcpRole(options: McpOptions): Promise<number> {
  const runtime = await openRuntime({ role: 'mcp', language: options.language })
  try {
    await waitForSchema(runtime.store, options.stdio ? 0 : SCHEMA_WAIT_MS, options.stop)
    await (options.stdio ? serveStdio(runtime, options) : serveHttp(runtime, options))
    return 0
  } finally {
    await runtime.close()
  }
}

/** A run cut off by the end of this process is given back, not cancelled. */
const stopReason = () => new ShutdownReason()

const STDIO_ACTOR: Actor = { kind: 'local_administrator', name: 'local', surface: 'mcp' }

async function serveStdio({ door, logger }: Runtime, { language, stop }: McpOptions): Promise<void> {
  const { stdin, stdout } = process
  const connection = serveMcpStdio({
    door,
    language,
    logger,
    version: productVersion(),
    actor: STDIO_ACTOR,
    stdin,
    stdout,
  })
  stop.addEventListener('abort', () => void connection.close(), { once: true })
  await connection.closed
}

async function serveHttp(runtime: Runtime, { language, stop, announce }: McpOptions): Promise<void> {
  const { config, env, store, door, logger } = runtime
  const { box } = await loadMasterKey({ env, dataDirectory: config.dataDirectory, settings: store.settings })
  const verifyToken = await createTokenCheck(config, { env, reader: store.secrets, box })
  const { allowedHosts, allowedOrigins } = config.mcp
  const app = createMcpApp({
    door,
    language,
    logger,
    version: productVersion(),
    verifyToken,
    allowedHosts,
    allowedOrigins,
    stopReason,
  })
  const { url } = await app.listen(config.mcp)
  logger.info({ url }, 'the MCP server listens')
  announce.say(text(`MCP:${url}`, `MCP: ${url}`))
  if (!stop.aborted)
    await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }))
  await app.close()
}
