import type { Socket } from 'node:net'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { failureEnvelope } from './failure-reply.ts'
import type { HttpPorts } from './http-ports.ts'

/** HTTP status by node's code of a request that it could not read; 400 for all others. */
const STATUSES: ReadonlyMap<unknown, string> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
])

/** Answers bytes that are no HTTP request, or one that came too slowly, with an envelope, and hangs up. */
export function answerBrokenRequest(
  ports: HttpPorts,
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = STATUSES.get(error.code) ?? '400 Bad Request'
  const sentence = text(`不是可读的 HTTP 请求(${status})。`, `Not a readable HTTP request (${status}).`)
  const body = JSON.stringify(
    failureEnvelope(new AppError('INPUT_INVALID', sentence), ports.language, ports.timestamp()),
  )
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`
  socket.end(head + body)
}
