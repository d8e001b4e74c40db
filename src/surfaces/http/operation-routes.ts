import type { Language } from '../../domain/text.ts'
import { pick } from '../../domain/text.ts'
import type { Door } from '../../services/call.ts'
import type { AnyOperation } from '../../services/service-definition.ts'
import { callSignal } from './call-signal.ts'
import { failureSchema, successSchema } from './envelope-schema.ts'
import { BODY_LIMIT_BYTES, requireJson, sendEnvelope } from './failure-reply.ts'
import { languageOf } from './request-language.ts'
import type { RouteContext } from './route-context.ts'

/** The one place that says what is offered: routes and {@link httpOffers} both come from it. */
const offered = (operations: Door['operations']): readonly (readonly [string, AnyOperation])[] => [
  ...operations,
]

const pathOf = (name: string): string => `/api/operations/${name}`

/** What OpenAPI says of an operation. The door validates; these schemas only describe. */
const documentOf = (operation: AnyOperation, language: Language): Record<string, unknown> => ({
  operationId: operation.name,
  tags: [operation.serviceId === null ? 'operations' : 'services'],
  summary: pick(operation.title, language),
  description: `${operation.description.zh}\n\n${operation.description.en}`,
  'x-effect': operation.effect,
  body: operation.input,
  response: { 200: successSchema(operation.output), '4xx': failureSchema, '5xx': failureSchema },
})

/**
 * Registers `POST /api/operations/<name>` for every operation: input as the JSON body (nothing means `{}`), envelope
 * out. The request stays open until the operation has ended, which takes minutes for a full inspection; its run can be
 * watched at `/api/runs` meanwhile. A client that goes away cancels its call. With `Cache-Control: no-cache` nothing is
 * answered from the cache.
 */
export function addOperationRoutes({ app, ports, stopping }: RouteContext): void {
  for (const [name, operation] of offered(ports.door.operations))
    app.post<{ Body: unknown }>(
      pathOf(name),
      {
        schema: documentOf(operation, ports.language),
        bodyLimit: Math.max(BODY_LIMIT_BYTES, operation.largestInputBytes ?? 0),
        onRequest: async (request) => requireJson(request),
      },
      async (request, reply) => {
        const options = {
          signal: callSignal(reply, stopping),
          language: languageOf(request, ports.language),
          mayBeCached: !/no-cache|no-store/i.test(request.headers['cache-control'] ?? ''),
        }
        return sendEnvelope(reply, await ports.door.call(ports.actor, name, request.body, options))
      },
    )
}

/** Returns the names that the web API offers, in order. */
export const httpOffers = (operations: Door['operations']): readonly string[] =>
  offered(operations).map(([name]) => name)
