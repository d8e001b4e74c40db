import { createServer } from 'node:net'

/** Below Linux' ip_local_port_range (32768–60999), so that no client's own source port can take it. */
const FIRST_PORT = 20_000
const PORT_COUNT = 12_000
const ATTEMPTS = 200

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Returns a TCP port that nobody listens on now. Throws when 200 tries found none. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port from ${FIRST_PORT} to ${FIRST_PORT + PORT_COUNT - 1}`)
}
