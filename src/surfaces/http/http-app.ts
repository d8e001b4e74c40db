import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { closeGracefully } from '../../lib/net/graceful-close.ts'
import { idleConnectionsOf } from '../../lib/net/idle-connections.ts'
import { listenObstacle, originOf } from '../../lib/net/listening.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { addDocsRoutes, collectOpenApi } from './docs-routes.ts'
import { BODY_LIMIT_BYTES, outwardError, sendFailure } from './failure-reply.ts'
import type { HttpPorts } from './http-ports.ts'
import { addOperationRoutes } from './operation-routes.ts'
import { answerOtherMethods } from './other-methods.ts'
import { addReportRoutes } from './report-routes.ts'
import { guardRequests } from './request-guard.ts'
import { addRunRoutes } from './run-routes.ts'
import { addStatusRoutes } from './status-routes.ts'

/** The web server. */
export interface HttpApp {
  /** Starts listening; returns the address to open. Throws AppError PORT_TAKEN or CONFIG_INVALID. */
  listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>
  /** Stops within the grace time and one second; calls still in flight are aborted. */
  close(): Promise<void>
}

/** How long a client may take to send its request; the answer may take as long as the operation does. */
const REQUEST_TIMEOUT_MS = 30_000
const ABORT_MS = 1_000

function createFastify(ports: HttpPorts): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerBrokenRequest(ports, error, socket),
    frameworkErrors: (error, request, reply) => {
      void sendFailure(ports, request, reply, outwardError(ports, request, error))
    },
  })
  // The door validates input and parses output; here the schemas only describe, for OpenAPI.
  app.setValidatorCompiler(() => (value: unknown) => ({ value }))
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, {})
    else void parseJson(request, body, done)
  })
  app.setErrorHandler((error, request, reply) =>
    sendFailure(ports, request, reply, outwardError(ports, request, error)),
  )
  return app
}

async function build(ports: HttpPorts, stopping: AbortSignal): Promise<FastifyInstance> {
  const app = createFastify(ports)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // Served in clear by default: promising HTTPS for a year would lock people out.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  guardRequests(app, ports)
  await collectOpenApi(app, ports)
  const methods = answerOtherMethods(app)
  const context = { app, ports, stopping }
  addStatusRoutes(context)
  addReportRoutes(context)
  addRunRoutes(context)
  addOperationRoutes(context)
  addDocsRoutes(context)
  methods.complete()
  return app
}

function listenError(error: unknown, at: { readonly host: string; readonly port: number }): unknown {
  const obstacle = listenObstacle(error)
  if (obstacle === null) return error
  const details = { host: at.host, port: at.port, setting: 'SMART_OPS_WEB_PORT' }
  if (obstacle === 'port_taken')
    return new AppError(
      'PORT_TAKEN',
      text(
        `${at.host} 的端口 ${at.port} 已被占用;用 SMART_OPS_WEB_PORT 为网页服务换一个端口。`,
        `Port ${at.port} on ${at.host} is taken; choose another for the web server with SMART_OPS_WEB_PORT.`,
      ),
      { cause: error, details },
    )
  return new AppError(
    'CONFIG_INVALID',
    text(
      `网页服务无法在 ${at.host}:${at.port} 监听(${obstacle});检查主机地址与 SMART_OPS_WEB_PORT(1024 以下的端口需要特权)。`,
      `The web server cannot listen on ${at.host}:${at.port} (${obstacle}); check the host and SMART_OPS_WEB_PORT (ports below 1024 need privileges).`,
    ),
    { cause: error, details },
  )
}

/** Returns the web server with its whole API; it answers nothing before {@link HttpApp.listen}. */
export async function createHttpApp(ports: HttpPorts): Promise<HttpApp> {
  const stopping = new AbortController()
  const app = await build(ports, stopping.signal)
  const closeIdle = idleConnectionsOf(app.server)
  return {
    async listen(at) {
      try {
        await app.listen({ host: at.host, port: at.port })
      } catch (error) {
        throw listenError(error, at)
      }
      const address = app.server.address()
      const port = typeof address === 'object' && address !== null ? address.port : at.port
      return { url: originOf(at.host, port) }
    },
    close: () =>
      closeGracefully({
        close: () => app.close(),
        closeIdle,
        graceMs: ports.graceMs ?? 5_000,
        abort: () => stopping.abort(ports.stopReason?.() ?? new Error('the server is stopping')),
        abortMs: ABORT_MS,
        destroy: () => app.server.closeAllConnections(),
      }),
  }
}
