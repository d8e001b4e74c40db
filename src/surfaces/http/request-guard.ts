import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { isAllowedHost, isAllowedOrigin } from '../../lib/net/host-check.ts'
import type { HttpPorts } from './http-ports.ts'
import { checkLanguage } from './request-language.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

function refuseForeignHost(request: FastifyRequest, allowedHosts: readonly string[]): void {
  const { host } = request.headers
  const { localAddress, localPort } = request.raw.socket
  const port = localPort ?? 0
  if (isAllowedHost(host, { port, allowedHosts, localAddress })) return
  const given = JSON.stringify(host ?? null)
  throw new AppError(
    'HOST_REFUSED',
    text(
      `Host 头 ${given} 不在允许之列;允许:localhost:${port}、127.0.0.1:${port}、[::1]:${port} 及 web.allowed_hosts 中的名称。`,
      `Host header ${given} is not allowed; allowed: localhost:${port}, 127.0.0.1:${port}, [::1]:${port} and the names in web.allowed_hosts.`,
    ),
  )
}

function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers
  if (SAFE_METHODS.has(request.method) || isAllowedOrigin(origin, host)) return
  const given = JSON.stringify(origin ?? null)
  throw new AppError(
    'ORIGIN_REFUSED',
    text(
      `不接受来自其他站点的请求:Origin 为 ${given}。`,
      `Requests from other sites are not accepted: Origin is ${given}.`,
    ),
  )
}

function refuseUnknownPath(request: FastifyRequest): void {
  if (!request.is404) return
  const path = JSON.stringify(request.url.split('?', 1)[0])
  throw new AppError('ROUTE_UNKNOWN', text(`没有路径 ${path}。`, `There is no path ${path}.`))
}

/** Looks at every request before its body is read: Host, Origin, path, language, in this order. */
export function guardRequests(app: FastifyInstance, ports: HttpPorts): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('vary', 'Accept-Language')
    refuseForeignHost(request, ports.allowedHosts)
    refuseForeignOrigin(request)
    refuseUnknownPath(request)
    checkLanguage(request)
  })
}
