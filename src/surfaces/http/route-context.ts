import type { FastifyInstance } from 'fastify'
import type { HttpPorts } from './http-ports.ts'

/** What every group of routes is built from. */
export interface RouteContext {
  readonly app: FastifyInstance
  readonly ports: HttpPorts
  /** Fires when the server stops and its grace time is over. */
  readonly stopping: AbortSignal
}
