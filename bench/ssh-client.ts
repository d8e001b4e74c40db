import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { Client } from 'ssh2'
import { DEFAULT_SSH_POOL_SETTINGS } from '../src/collect/transport/ssh/ssh-pool-settings.ts'
import { createSshTransportPool } from '../src/collect/transport/ssh/ssh-transport-pool.ts'
import type { KnownHost } from '../src/domain/known-host.ts'
import { systemClock } from '../src/lib/clock.ts'
import { silentLogger } from '../src/lib/logger.ts'
import { median } from './figure.ts'

/** What the bench asks of this process, as JSON in its first argument. */
export interface ClientOrder {
  readonly client: 'ours' | 'bare'
  readonly hosts: readonly { readonly address: string; readonly port: number }[]
  readonly user: string
  readonly keyPath: string
  readonly command: string
  readonly concurrency: number
  /** Rounds over connections that are open already; 0 for one fresh round, opening and closing included. */
  readonly heldRounds: number
}

/** What it prints, as JSON. */
export interface ClientResult {
  /** Of the fresh round, or the median of the held ones. */
  readonly hostsPerSecond: number
  /** Own CPU, user and system, per run. */
  readonly cpuMsPerHost: number
  /** After the last round, everything still held. */
  readonly residentMegabytes: number
}

const DEADLINE_MS = 60_000
const MAX_BYTES = 1_000_000

/** One way to run the command on host n of the order; connects first where it holds no connection. */
interface Runner {
  run(n: number): Promise<string>
  /** Resolves when every connection is closed. */
  close(): Promise<void>
}

function hostOf({ hosts }: ClientOrder, n: number): ClientOrder['hosts'][number] {
  const host = hosts[n]
  if (host === undefined) throw new RangeError(`there is no host ${n}`)
  return host
}

/** The pool of the product, with known hosts in memory. */
function createOurs(order: ClientOrder): Runner {
  const key = readFileSync(order.keyPath, 'utf8')
  const known = new Map<string, KnownHost>()
  const pool = createSshTransportPool(DEFAULT_SSH_POOL_SETTINGS, {
    clock: systemClock,
    logger: silentLogger,
    knownHosts: {
      find: (host, port) => Promise.resolve(known.get(`${host} ${port}`) ?? null),
      record: ({ at, ...shown }) => {
        const stored: KnownHost = { ...shown, firstSeenAt: at, lastSeenAt: at }
        known.set(`${shown.host} ${shown.port}`, stored)
        return Promise.resolve(stored)
      },
    },
  })
  const credential = {
    name: 'bench',
    user: order.user,
    privateKey: { reveal: () => key },
    passphrase: null,
    password: null,
    agentSocket: null,
    tryKeyboardInteractive: false,
  }
  const options = { deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, signal: new AbortController().signal }
  return {
    run: async (n) => {
      const { address: host, port } = hostOf(order, n)
      const target = { serverId: String(n), host, port, credential, jump: [] }
      const result = await pool.transportFor(target).run(`${order.command}\n`, options)
      if (result.status === 'unreachable') throw new Error(`${host}: ${result.reason}: ${result.message}`)
      return result.stdout.toString()
    },
    close: () => pool.close(),
  }
}

/** ssh2 with nothing around it. */
function createBare(order: ClientOrder): Runner {
  const privateKey = readFileSync(order.keyPath)
  const held = new Map<number, Client>()
  const connect = (n: number): Promise<Client> =>
    new Promise((resolve, reject) => {
      const { address: host, port } = hostOf(order, n)
      const client = new Client()
      client.on('ready', () => resolve(client)).on('error', reject)
      client.connect({ host, port, username: order.user, privateKey, readyTimeout: DEADLINE_MS })
    })
  return {
    run: async (n) => {
      const client = held.get(n) ?? (await connect(n))
      held.set(n, client)
      return await new Promise((resolve, reject) =>
        client.exec(order.command, (error, channel) => {
          if (error !== undefined) return reject(error)
          const chunks: Buffer[] = []
          channel.on('data', (chunk: Buffer) => chunks.push(chunk))
          channel.stderr.resume()
          channel.on('close', () => resolve(Buffer.concat(chunks).toString()))
        }),
      )
    },
    close: async () => {
      const closing = [...held.values()].map((client) => {
        const closed = once(client, 'close')
        client.end()
        return closed
      })
      await Promise.all(closing)
    },
  }
}

/** Runs the command on every host once and returns the seconds it took. Throws when one gave another answer. */
async function round(order: ClientOrder, work: (n: number) => Promise<string>): Promise<number> {
  const begun = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < order.hosts.length) {
      const n = next
      next += 1
      const answer = await work(n)
      assert.ok(answer.startsWith('MemTotal:') && answer.includes('Mounted on'), answer)
    }
  }
  await Promise.all(Array.from({ length: order.concurrency }, worker))
  return (performance.now() - begun) / 1_000
}

async function measure(order: ClientOrder): Promise<ClientResult> {
  const runner = order.client === 'ours' ? createOurs(order) : createBare(order)
  const run = (n: number): Promise<string> => runner.run(n)
  if (order.heldRounds > 0) await round(order, run)
  const cpuBefore = process.cpuUsage()
  const seconds: number[] = []
  for (let left = Math.max(1, order.heldRounds); left > 0; left -= 1) seconds.push(await round(order, run))
  const residentMegabytes = process.memoryUsage().rss / 1e6
  const begun = performance.now()
  const cpuOfRounds = process.cpuUsage(cpuBefore)
  await runner.close()
  const closingSeconds = (performance.now() - begun) / 1_000
  // Of a fresh round closing is a part, as it is of the programs that it is compared with.
  const isFresh = order.heldRounds === 0
  const cpu = isFresh ? process.cpuUsage(cpuBefore) : cpuOfRounds
  return {
    hostsPerSecond: order.hosts.length / (median(seconds) + (isFresh ? closingSeconds : 0)),
    cpuMsPerHost: (cpu.user + cpu.system) / 1_000 / order.hosts.length / seconds.length,
    residentMegabytes,
  }
}

const order: ClientOrder = JSON.parse(process.argv[2] ?? '')
process.stdout.write(`${JSON.stringify(await measure(order))}\n`)
