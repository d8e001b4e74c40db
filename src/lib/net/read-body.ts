import type { IncomingMessage } from 'node:http'

/** A request body, or why there is none. */
export type BodyOutcome =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'cut_off' }

/**
 * Returns the body of a request, at most `limitBytes` of it. What comes after the limit is dropped unread, so that
 * the sender still gets its answer; how long it may go on sending is bounded by the server's `requestTimeout`.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<BodyOutcome> {
  const declaredBytes = Number(request.headers['content-length'] ?? 0)
  if (declaredBytes > limitBytes) {
    request.resume()
    return Promise.resolve({ kind: 'too_large' })
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.byteLength
      if (sizeBytes <= limitBytes) chunks.push(chunk)
      else {
        chunks.length = 0
        resolve({ kind: 'too_large' })
      }
    })
    request.on('end', () => resolve({ kind: 'read', bytes: Buffer.concat(chunks) }))
    request.on('error', () => resolve({ kind: 'cut_off' }))
    request.on('close', () => resolve({ kind: 'cut_off' }))
  })
}
