import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Envelope, FailureEnvelope } from '../../domain/envelope.ts'
import type { AppError } from '../../domain/errors.ts'
import { ERRORS, AppError as ProductError } from '../../domain/errors.ts'
import type { Language } from '../../domain/text.ts'
import { pick, text } from '../../domain/text.ts'
import type { HttpPorts } from './http-ports.ts'
import { languageOf } from './request-language.ts'

/** Bound of a request body, except for operations that say they take more. */
export const BODY_LIMIT_BYTES = 1024 * 1024

/** Returns the failure envelope of an error. */
export function failureEnvelope(error: AppError, language: Language, timestamp: string): FailureEnvelope {
  return {
    success: false,
    error: pick(error.text, language),
    code: error.code,
    hint: pick(ERRORS[error.code].hint, language),
    timestamp,
    ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
  }
}

/** Sends an envelope with the HTTP status of its code. */
export const sendEnvelope = (reply: FastifyReply, envelope: Envelope): FastifyReply =>
  reply
    .code(envelope.success ? 200 : ERRORS[envelope.code].httpStatus)
    .type('application/json; charset=utf-8')
    .send(envelope)

/** Sends the failure envelope of an error in the caller's language. */
export const sendFailure = (
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
): FastifyReply =>
  sendEnvelope(reply, failureEnvelope(error, languageOf(request, ports.language), ports.timestamp()))

const mediaTypeError = (given: string | undefined): AppError =>
  new ProductError(
    'MEDIA_TYPE_UNSUPPORTED',
    text(
      `Content-Type 为 ${JSON.stringify(given ?? null)};允许:application/json。`,
      `Content-Type is ${JSON.stringify(given ?? null)}; allowed: application/json.`,
    ),
  )

/** Throws AppError MEDIA_TYPE_UNSUPPORTED unless the body is said to be JSON: a form of another site cannot say so. */
export function requireJson(request: FastifyRequest): void {
  const given = request.headers['content-type']
  if (given?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') throw mediaTypeError(given)
}

/** Returns the AppError of what Fastify found wrong with a request before our code saw it; null for anything else. */
function requestError(error: unknown, request: FastifyRequest): AppError | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limitBytes = request.routeOptions.bodyLimit ?? BODY_LIMIT_BYTES
    return new ProductError(
      'BODY_TOO_LARGE',
      text(`请求体超过 ${limitBytes} 字节。`, `The request body is larger than ${limitBytes} bytes.`),
    )
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return mediaTypeError(request.headers['content-type'])
  if (typeof status !== 'number' || status < 400 || status >= 500) return null
  const reason = error instanceof Error ? error.message : String(error)
  return new ProductError(
    'INPUT_INVALID',
    text(
      `请求不是有效的 JSON 或 URL:${reason}`,
      `The request is not valid JSON or not a valid URL: ${reason}`,
    ),
  )
}

/**
 * Returns what is said of an error to the outside: AppErrors and broken requests as they are; anything else is a
 * defect, goes to the log whole and out as INTERNAL without its message.
 */
export function outwardError(ports: HttpPorts, request: FastifyRequest, error: unknown): AppError {
  if (error instanceof ProductError) return error
  const known = requestError(error, request)
  if (known !== null) return known
  ports.logger.error(
    { err: error, method: request.method, route: request.routeOptions.url },
    'HTTP request failed',
  )
  return new ProductError(
    'INTERNAL',
    text('内部错误;详情见日志。', 'Internal error; the log has the particulars.'),
  )
}
