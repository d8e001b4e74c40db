import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { callSignal } from './call-signal.ts'
import { sendEnvelope } from './failure-reply.ts'
import { languageOf } from './request-language.ts'
import type { RouteContext } from './route-context.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

const querySchema = z.object({
  limit: z
    .string()
    .regex(/^[0-9]{1,3}$/)
    .optional(),
})

/** Returns `?limit=`; throws AppError INPUT_INVALID when it is not a number from 1 to 200. */
function limitOf(query: unknown): number {
  const parsed = querySchema.safeParse(query)
  const limit = parsed.success ? Number(parsed.data.limit ?? DEFAULT_LIMIT) : 0
  if (limit >= 1 && limit <= MAX_LIMIT) return limit
  const found = typeof query === 'object' && query !== null ? Reflect.get(query, 'limit') : undefined
  throw new AppError(
    'INPUT_INVALID',
    text(
      `查询参数 limit 为 ${JSON.stringify(found)};允许:1 到 ${MAX_LIMIT} 的整数。`,
      `The query parameter limit is ${JSON.stringify(found)}; allowed: a whole number from 1 to ${MAX_LIMIT}.`,
    ),
    { details: { field: 'limit', found, minimum: 1, maximum: MAX_LIMIT } },
  )
}

/** Registers `GET /api/runs?limit=` (newest first) and `GET /api/runs/<run_id>` (with its steps). */
export function addRunRoutes({ app, ports, stopping }: RouteContext): void {
  const tags = ['runs']
  const querystring = z.object({ limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT) })
  app.get(
    '/api/runs',
    { schema: { tags, summary: 'Runs, newest first', querystring } },
    async (request, reply) => {
      const query = {
        actor: ports.actor,
        language: languageOf(request, ports.language),
        signal: callSignal(reply, stopping),
      }
      return sendEnvelope(reply, await ports.listRuns(limitOf(request.query), query))
    },
  )
  const schema = { tags, summary: 'One run with its steps', params: z.object({ run_id: z.string() }) }
  app.get<{ Params: { run_id: string } }>('/api/runs/:run_id', { schema }, async (request, reply) => {
    const query = {
      actor: ports.actor,
      language: languageOf(request, ports.language),
      signal: callSignal(reply, stopping),
    }
    return sendEnvelope(reply, await ports.showRun(request.params.run_id, query))
  })
}
