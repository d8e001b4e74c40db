import type { FastifyReply } from 'fastify'

/** Returns a signal that fires when the client goes away before its answer, or when the server stops. */
export function callSignal(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('the client has gone'))
  })
  return AbortSignal.any([gone.signal, stopping])
}
