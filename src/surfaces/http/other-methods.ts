import type { FastifyInstance } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'

/** Collects the methods of every path while routes are registered. */
export interface MethodCollection {
  /** Makes every path seen answer the methods it lacks: OPTIONS with 204, all others with 405, both with `Allow`. */
  complete(): void
}

/** Returns the collection of methods; call it before the routes are registered, and `complete` after. */
export function answerOtherMethods(app: FastifyInstance): MethodCollection {
  const methodsByPath = new Map<string, Set<string>>()
  app.addHook('onRoute', (route) => {
    const methods = methodsByPath.get(route.url) ?? new Set<string>()
    for (const method of [route.method].flat()) methods.add(method.toUpperCase())
    methodsByPath.set(route.url, methods)
  })
  return {
    complete() {
      for (const [url, methods] of [...methodsByPath]) addRefusals(app, url, new Set(methods))
    },
  }
}

function addRefusals(app: FastifyInstance, url: string, methods: ReadonlySet<string>): void {
  const allow = [...methods, 'OPTIONS'].sort().join(', ')
  const others = app.supportedMethods.filter((method) => !methods.has(method) && method !== 'OPTIONS')
  app.route({
    method: 'OPTIONS',
    url,
    schema: { hide: true },
    handler: (_request, reply) => reply.code(204).header('allow', allow).send(),
  })
  app.route({
    method: others,
    url,
    schema: { hide: true },
    // Before the body is read: what is in it no longer matters.
    onRequest: async (request, reply) => {
      reply.header('allow', allow)
      throw new AppError(
        'METHOD_NOT_ALLOWED',
        text(
          `不接受方法 ${request.method};允许:${allow}。`,
          `Method ${request.method} is not accepted; allowed: ${allow}.`,
        ),
      )
    },
    handler: (_request, reply) => reply.send(),
  })
}
