import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SuccessEnvelope } from '../../domain/envelope.ts'
import { AppError, toAppError } from '../../domain/errors.ts'
import type { Language } from '../../domain/text.ts'
import { pick, text } from '../../domain/text.ts'
import type { ProcessStatus } from '../../services/context.ts'
import { failureEnvelope, sendEnvelope } from './failure-reply.ts'
import type { HttpPorts } from './http-ports.ts'
import { languageOf } from './request-language.ts'
import type { RouteContext } from './route-context.ts'

const READINESS_TIMEOUT_MS = 3_000

const TAG = { tags: ['status'] }

const success = <T>(ports: HttpPorts, message: string, data: T): SuccessEnvelope<T> => ({
  success: true,
  message,
  timestamp: ports.timestamp(),
  data,
})

const processRow = (process: ProcessStatus): Record<string, unknown> => ({
  name: process.name,
  state: process.state,
  pid: process.pid,
  since_at: process.sinceAt?.toISOString() ?? null,
  restarts: process.restarts,
  resident_bytes: process.residentBytes,
  last_lines: process.lastLines,
})

const serviceRows = (ports: HttpPorts, language: Language): readonly Record<string, unknown>[] =>
  [...ports.door.operations.values()]
    .filter((operation) => operation.serviceId !== null)
    .map((operation) => ({
      name: operation.name,
      service_id: operation.serviceId,
      title: pick(operation.title, language),
      description: pick(operation.description, language),
      effect: operation.effect,
    }))

/** Returns why the product is not ready; a check that fails or does not end in time is itself a reason. */
async function reasonsNotReady(ports: HttpPorts): Promise<readonly AppError[]> {
  const late = Promise.withResolvers<readonly AppError[]>()
  const timer = setTimeout(() => {
    const seconds = READINESS_TIMEOUT_MS / 1_000
    const sentence = text(`检查在 ${seconds} 秒内没有结束。`, `The check did not end within ${seconds} s.`)
    late.resolve([new AppError('DATABASE_UNAVAILABLE', sentence)])
  }, READINESS_TIMEOUT_MS)
  try {
    return await Promise.race([ports.checkReadiness(), late.promise])
  } catch (error) {
    if (!(error instanceof AppError)) ports.logger.error({ err: error }, 'the readiness check failed')
    return [toAppError(error)]
  } finally {
    clearTimeout(timer)
  }
}

async function answerReadiness(
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const language = languageOf(request, ports.language)
  const reasons = await reasonsNotReady(ports)
  const [first] = reasons
  if (first === undefined)
    return sendEnvelope(reply, success(ports, pick(text('就绪', 'ready'), language), { ready: true }))
  const all = reasons.map((reason) => ({ code: reason.code, reason: pick(reason.text, language) }))
  const envelope = { ...failureEnvelope(first, language, ports.timestamp()), details: { reasons: all } }
  return reply.code(503).send(envelope)
}

/** Registers `/healthz` (the process lives), `/readyz` (it can work) and `/api/service/status`. */
export function addStatusRoutes({ app, ports }: RouteContext): void {
  app.get('/healthz', { schema: { ...TAG, summary: 'The process is alive' } }, async (request) =>
    success(ports, pick(text('存活', 'alive'), languageOf(request, ports.language)), {
      version: ports.version,
    }),
  )
  app.get(
    '/readyz',
    { schema: { ...TAG, summary: 'The database answers and its schema is current; else 503' } },
    (request, reply) => answerReadiness(ports, request, reply),
  )
  app.get(
    '/api/service/status',
    { schema: { ...TAG, summary: 'Processes and services' } },
    async (request) => {
      const language = languageOf(request, ports.language)
      const processes = ports.processes().map(processRow)
      const services = serviceRows(ports, language)
      const message = text(
        `${processes.length} 个进程,${services.length} 个服务`,
        `${processes.length} processes, ${services.length} services`,
      )
      return success(ports, pick(message, language), { processes, services })
    },
  )
}
