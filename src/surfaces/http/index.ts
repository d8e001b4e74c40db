export { createHttpApp } from './http-app.ts'
export type { HttpPorts } from './http-ports.ts'
export { httpOffers } from './operation-routes.ts'
