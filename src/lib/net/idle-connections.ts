import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Returns a function that hangs up every connection of the server that carries no request: those kept alive, and
 * those that clients open in advance and never use, which `closeIdleConnections` of node 24 leaves open.
 */
export function idleConnectionsOf(server: Server): () => void {
  const unused = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', (request) => unused.delete(request.socket))
  return () => {
    server.closeIdleConnections()
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy()
  }
}
