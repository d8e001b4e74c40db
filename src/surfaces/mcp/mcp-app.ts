import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { AppError, ERRORS } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { closeGracefully } from '../../lib/net/graceful-close.ts'
import { idleConnectionsOf } from '../../lib/net/idle-connections.ts'
import { listenObstacle, originOf } from '../../lib/net/listening.ts'
import type { McpEndpoint } from './mcp-endpoint.ts'
import { BODY_LIMIT_BYTES, createMcpEndpoint } from './mcp-endpoint.ts'
import type { Refusal, VerifyToken } from './request-guard.ts'
import { authenticate, refusalBody, refuseForeign } from './request-guard.ts'
import { buildToolCatalogue } from './tool-catalogue.ts'
import type { ToolPorts } from './tool-server.ts'

/** What the MCP server needs of the rest of the product. */
export interface McpPorts extends ToolPorts {
  readonly verifyToken: VerifyToken
  /** Names beyond loopback under which clients may reach this server: `name` or `name:port`. */
  readonly allowedHosts: readonly string[]
  /** Origins of web clients beyond this server itself, such as `https://tools.example.com`. */
  readonly allowedOrigins: readonly string[]
  /** How long calls in flight may go on when the server stops; default 5,000. */
  readonly graceMs?: number
  /** Returns the reason that aborted calls see when the server stops; how the flows tell it from a cancelling caller. */
  readonly stopReason?: () => Error
}

/** An MCP server over HTTP. */
export interface McpApp {
  /** Starts listening; returns the endpoint's URL. Throws AppError PORT_TAKEN or CONFIG_INVALID. */
  listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>
  /** Stops within the grace time and one second; calls still in flight are aborted. */
  close(): Promise<void>
}

const REQUEST_TIMEOUT_MS = 30_000
const ABORT_MS = 1_000
const ENDPOINT = '/mcp'

/**
 * Returns the MCP server: `POST /mcp` and `GET /health`. Each request passes Host, Origin and token, in this order,
 * before its body is read.
 */
export function createMcpApp(ports: McpPorts): McpApp {
  const stopping = new AbortController()
  const catalogue = buildToolCatalogue(ports.door.operations, ports.language)
  const endpoint = createMcpEndpoint(ports, catalogue, stopping.signal)
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    serve(ports, { server, endpoint, request, response }).catch((error: unknown) => {
      ports.logger.error({ err: error }, 'MCP request failed')
      if (response.headersSent) response.destroy()
      else refuse(ports, response, { code: 'INTERNAL', text: text('内部错误。', 'Internal error.') })
    })
  })
  const closeIdle = idleConnectionsOf(server)
  return {
    async listen(at) {
      server.listen(at.port, at.host)
      await once(server, 'listening').catch((error: unknown) => {
        throw listenError(error, at)
      })
      return { url: originOf(at.host, portOf(server)) + ENDPOINT }
    },
    close: async () => {
      if (!server.listening) return
      await closeGracefully({
        close: () => new Promise((resolve) => server.close(resolve)),
        closeIdle,
        graceMs: ports.graceMs ?? 5_000,
        abort: () => stopping.abort(ports.stopReason?.() ?? new Error('the server is stopping')),
        abortMs: ABORT_MS,
        destroy: () => server.closeAllConnections(),
      })
      await endpoint.close()
    },
  }
}

interface Exchange {
  readonly server: Server
  readonly endpoint: McpEndpoint
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

async function serve(ports: McpPorts, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  const rule = {
    port: portOf(exchange.server),
    allowedHosts: ports.allowedHosts,
    allowedOrigins: ports.allowedOrigins,
    localAddress: request.socket.localAddress,
  }
  const foreign = refuseForeign(request, rule)
  if (foreign !== null) return refuse(ports, response, foreign)
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const method = request.method ?? ''
  if (path === '/health') {
    if (method !== 'GET' && method !== 'HEAD')
      return refuse(ports, response, wrongMethod(method, 'GET, HEAD'))
    const health = { status: 'ok', name: 'smart-ops', version: ports.version }
    return sendJson(response, 200, JSON.stringify(health))
  }
  if (path !== ENDPOINT) return refuse(ports, response, unknownPath(path))
  const caller = await authenticate(request, ports.verifyToken)
  if ('refusal' in caller) return refuse(ports, response, caller.refusal)
  if (method !== 'POST') return refuse(ports, response, wrongMethod(method, 'POST'))
  const outcome = await exchange.endpoint.serve(request, response, caller.actor)
  if (outcome === 'too_large') refuse(ports, response, tooLarge)
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  extra: Record<string, string> = {},
): void {
  const fixed = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  response.writeHead(status, { ...fixed, 'content-length': Buffer.byteLength(body), ...extra })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

const refuse = (ports: McpPorts, response: ServerResponse, refusal: Refusal): void =>
  sendJson(response, ERRORS[refusal.code].httpStatus, refusalBody(refusal, ports.language), {
    ...refusal.headers,
  })

const tooLarge: Refusal = {
  code: 'BODY_TOO_LARGE',
  text: text(
    `请求体超过 ${BODY_LIMIT_BYTES} 字节。`,
    `The request body is larger than ${BODY_LIMIT_BYTES} bytes.`,
  ),
}

const unknownPath = (path: string): Refusal => ({
  code: 'ROUTE_UNKNOWN',
  text: text(
    `没有路径 ${JSON.stringify(path)};可用:POST ${ENDPOINT}、GET /health。`,
    `There is no path ${JSON.stringify(path)}; there are POST ${ENDPOINT} and GET /health.`,
  ),
})

const wrongMethod = (method: string, allowed: string): Refusal => ({
  code: 'METHOD_NOT_ALLOWED',
  text: text(
    `不接受方法 ${method};允许:${allowed}。`,
    `Method ${method} is not accepted; allowed: ${allowed}.`,
  ),
  headers: { allow: allowed },
})

function listenError(error: unknown, at: { readonly host: string; readonly port: number }): unknown {
  const obstacle = listenObstacle(error)
  if (obstacle === null) return error
  const details = { host: at.host, port: at.port, setting: 'SMART_OPS_MCP_PORT' }
  if (obstacle === 'port_taken')
    return new AppError(
      'PORT_TAKEN',
      text(
        `${at.host} 的端口 ${at.port} 已被占用;用 SMART_OPS_MCP_PORT 为 MCP 服务换一个端口。`,
        `Port ${at.port} on ${at.host} is taken; choose another for the MCP server with SMART_OPS_MCP_PORT.`,
      ),
      { cause: error, details },
    )
  return new AppError(
    'CONFIG_INVALID',
    text(
      `MCP 服务无法在 ${at.host}:${at.port} 监听(${obstacle});检查主机地址与 SMART_OPS_MCP_PORT(1024 以下的端口需要特权)。`,
      `The MCP server cannot listen on ${at.host}:${at.port} (${obstacle}); check the host and SMART_OPS_MCP_PORT (ports below 1024 need privileges).`,
    ),
    { cause: error, details },
  )
}
