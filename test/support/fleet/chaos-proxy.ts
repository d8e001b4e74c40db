import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NetworkFault } from './host-fault.ts'

const BACKLOG = 4_096
const GARBAGE = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'

/** A proxy in front of every address of the fleet that does to each connection what the address's fault says. */
export interface ChaosProxy {
  readonly port: number
  close(): Promise<void>
}

export interface ChaosProxyOptions {
  readonly port: number
  /** Port of the fleet's sshd, and of the one with another host key. */
  readonly target: number
  readonly otherKeyTarget: number
  /** Returns the fault of a dialled address, asked at every new connection; null is none. */
  faultOf(address: string): NetworkFault | null
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  readonly fault: NetworkFault | null
}

/** A side that goes away takes the other with it; why is the product's to find out. */
function tieTogether({ client, server }: Pair): void {
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}

async function passDelayed(from: Socket, to: Socket, ms: number): Promise<void> {
  for await (const chunk of from) {
    await sleep(ms)
    if (to.destroyed) return
    to.write(chunk)
  }
  to.end()
}

/** Passes the server's bytes on up to a limit, and then does what the fault says. */
function passUpTo({ client, server }: Pair, limit: number, beyond: () => void): void {
  let sent = 0
  server.on('data', (chunk: Buffer) => {
    const rest = limit - sent
    sent += chunk.length
    if (rest > 0) client.write(chunk.subarray(0, rest))
    if (sent >= limit && rest > 0) beyond()
  })
}

/** Passes a few bytes ten times a second; the rest waits with the server. */
async function passSlowly({ client, server }: Pair, bytesPerSecond: number): Promise<void> {
  const piece = Math.max(1, Math.round(bytesPerSecond / 10))
  for await (const chunk of server)
    for (let at = 0; at < chunk.length; at += piece) {
      if (client.destroyed) return
      client.write(chunk.subarray(at, at + piece))
      await sleep(100)
    }
  client.end()
}

function passOn(pair: Pair): void {
  const { client, server, fault } = pair
  const cut = (): void => {
    client.resetAndDestroy()
  }
  if (fault?.kind === 'delay') {
    // An error of either side ends both through tieTogether.
    for (const passing of [passDelayed(client, server, fault.ms), passDelayed(server, client, fault.ms)])
      passing.catch(() => client.destroy())
    return
  }
  client.pipe(server)
  if (fault?.kind === 'rate') passSlowly(pair, fault.bytesPerSecond).catch(() => client.destroy())
  else if (fault?.kind === 'drop-bytes') passUpTo(pair, fault.bytes, cut)
  else if (fault?.kind === 'stall-bytes') passUpTo(pair, fault.bytes, () => server.pause())
  else server.pipe(client)
  if (fault?.kind !== 'drop-after') return
  const timer = setTimeout(cut, fault.ms)
  client.on('close', () => clearTimeout(timer))
}

function serve(client: Socket, options: ChaosProxyOptions): void {
  const address = (client.localAddress ?? '').replace('::ffff:', '')
  const fault = options.faultOf(address)
  client.on('error', () => client.destroy())
  if (fault?.kind === 'reset') client.resetAndDestroy()
  else if (fault?.kind === 'close') client.destroy()
  else if (fault?.kind === 'silent') client.resume()
  else if (fault?.kind === 'garbage') client.end(GARBAGE)
  else {
    const port = fault?.kind === 'other-host-key' ? options.otherKeyTarget : options.target
    const pair = { client, server: connect({ host: address, port, noDelay: true }), fault }
    tieTogether(pair)
    passOn(pair)
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen({ port, host: '0.0.0.0', backlog: BACKLOG })
  await once(server, 'listening')
}

/** Starts the proxy. Closing ends its connections too. */
export async function startChaosProxy(options: ChaosProxyOptions): Promise<ChaosProxy> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    serve(client, options)
  })
  await listen(server, options.port)
  return {
    port: options.port,
    close: async () => {
      for (const client of open) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
