import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import type { AuthInfo, McpRequestContext, McpServer } from '@modelcontextprotocol/server'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Actor } from '../../domain/actor.ts'
import { readBody } from '../../lib/net/read-body.ts'
import type { OfferedTool } from './tool-catalogue.ts'
import type { ToolPorts } from './tool-server.ts'
import { createToolServer } from './tool-server.ts'

/** Bound of a request body, the SDK's own default. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024

/** The protocol behind the guards. */
export interface McpEndpoint {
  /** Answers one request of a known caller; `too_large` means that nothing was answered yet. */
  serve(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<'answered' | 'too_large'>
  close(): Promise<void>
}

/**
 * Returns the Streamable HTTP endpoint: revision 2026-07-28 and the 2025 line, both without state. A client that
 * closes its connection cancels its call in either: without sessions there is nothing it could come back for. The
 * cancelling message of the 2025 line is not followed: without a session nothing proves whose request it names.
 */
export function createMcpEndpoint(
  ports: ToolPorts,
  catalogue: ReadonlyMap<string, OfferedTool>,
  stopping: AbortSignal,
): McpEndpoint {
  // The SDK hands the AuthInfo of a request to the factory unchanged: it is the key under which the caller is found.
  const callers = new WeakMap<AuthInfo, Actor>()
  const onerror = (error: Error): void => ports.logger.warn({ err: error }, 'MCP request failed')
  const factory = (context: McpRequestContext): McpServer => {
    const actor = context.authInfo === undefined ? undefined : callers.get(context.authInfo)
    if (actor === undefined) throw new Error('an MCP request without a caller reached the tools')
    return createToolServer(ports, catalogue, { actor, signal: stopping })
  }
  const limits = { onerror, maxRequestBodySize: BODY_LIMIT_BYTES }
  const handler = createMcpHandler(factory, { legacy: 'stateless', ...limits })
  const answer = toNodeHandler(handler, limits)
  return {
    async serve(request, response, actor) {
      const body = await readBody(request, BODY_LIMIT_BYTES)
      if (body.kind === 'too_large') return 'too_large'
      if (body.kind === 'cut_off') return 'answered'
      const auth = authInfoOf(actor)
      callers.set(auth, actor)
      await answer(replayOf(request, body.bytes, auth), response)
      return 'answered'
    },
    close: () => handler.close(),
  }
}

/** The token itself stays outside: nothing behind the guards needs it. */
const authInfoOf = (actor: Actor): AuthInfo => ({
  token: '',
  clientId: actor.name,
  scopes: actor.kind === 'token' ? [...actor.scopes] : [],
})

/** Returns a request whose body has been read already, in the shape that the SDK's adapter reads. */
const replayOf = (request: IncomingMessage, bytes: Buffer, auth: AuthInfo) => ({
  method: request.method ?? 'POST',
  url: request.url ?? '/',
  headers: request.headers,
  auth,
  async *[Symbol.asyncIterator]() {
    yield bytes
  },
})
