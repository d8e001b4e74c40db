import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Actor } from '../../domain/actor.ts'
import { buildToolCatalogue } from './tool-catalogue.ts'
import type { ToolPorts } from './tool-server.ts'
import { createToolServer } from './tool-server.ts'

/** What MCP over stdio needs: the caller is whoever started the process, hence a local administrator. */
export interface McpStdioPorts extends ToolPorts {
  readonly actor: Actor
  /** The process's own streams. Nothing else may write to `stdout`: it carries the protocol and only that. */
  readonly stdin: Readable
  readonly stdout: Writable
}

/** A running stdio connection. */
export interface McpStdio {
  /** Settles when the client has closed its end or {@link close} was called. */
  readonly closed: Promise<void>
  /** Aborts what is in flight and ends the connection. */
  close(): Promise<void>
}

/** Serves one local client over stdio, in either revision of the protocol. */
export function serveMcpStdio(ports: McpStdioPorts): McpStdio {
  const catalogue = buildToolCatalogue(ports.door.operations, ports.language)
  const stopping = new AbortController()
  const ended = Promise.withResolvers<void>()
  const end = (): void => {
    stopping.abort(new Error('the client has gone'))
    ended.resolve()
  }
  ports.stdin.once('end', end)
  ports.stdin.once('close', end)
  const caller = { actor: ports.actor, signal: stopping.signal }
  const connection = serveStdio(() => createToolServer(ports, catalogue, caller), {
    transport: new StdioServerTransport(ports.stdin, ports.stdout),
    onerror: (error) => ports.logger.warn({ err: error }, 'MCP over stdio failed'),
  })
  return {
    closed: ended.promise,
    async close() {
      end()
      await connection.close()
    },
  }
}
