import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Fleet, startFleet } from '../test/support/fleet/start-fleet.ts'
import { costFigure, type Figure, limitFigure, median, missingFigure, rateFigure } from './figure.ts'
import type { ClientOrder, ClientResult } from './ssh-client.ts'
import { runTool, TOOLS, type Tool, type ToolOrder, whyMissing } from './ssh-tools.ts'

const COMMAND = 'cat /proc/meminfo; df -PT'
const CONCURRENCY = 32
const FRESH_HOSTS = 200
const HELD_HOSTS = 1_000
const RUNS = 3
const HELD_ROUNDS = 2
const CLIENT_DEADLINE_MS = 300_000
const CPU_LIMIT_MS = 10
const EXTRA_RSS_MEGABYTES = 120
const BARS = { bare: 0.85, clush: 0.9, pssh: 0.9, ansible_raw: 2, heldBare: 0.8, heldClush: 5 } as const

const clientFile = fileURLToPath(new URL('./ssh-client.ts', import.meta.url))

/** Every client gets a process of its own, so that CPU and memory are its alone. */
async function runClient(order: ClientOrder): Promise<ClientResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [clientFile, JSON.stringify(order)], {
    timeout: CLIENT_DEADLINE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1024 ** 2,
  })
  return JSON.parse(stdout)
}

interface Bed {
  readonly fleet: Fleet
  readonly tool: ToolOrder
}

const orderFor = (
  { fleet, tool }: Bed,
  client: ClientOrder['client'],
  hosts: number,
  heldRounds: number,
): ClientOrder => ({
  client,
  hosts: Array.from({ length: hosts }, (_unused, n) => fleet.hostAt(n)),
  user: tool.user,
  keyPath: tool.keyPath,
  command: COMMAND,
  concurrency: CONCURRENCY,
  heldRounds,
})

interface Fresh {
  readonly ours: readonly ClientResult[]
  readonly bare: readonly ClientResult[]
  readonly tools: ReadonlyMap<Tool, readonly number[]>
}

/** All clients in turn, three times over. */
async function measureFresh(bed: Bed): Promise<Fresh> {
  const count = bed.tool.hosts.length
  const ours: ClientResult[] = []
  const bare: ClientResult[] = []
  const tools = new Map<Tool, number[]>()
  for (let run = 0; run < RUNS; run += 1) {
    bare.push(await runClient(orderFor(bed, 'bare', count, 0)))
    ours.push(await runClient(orderFor(bed, 'ours', count, 0)))
    for (const tool of TOOLS.filter((one) => whyMissing(one) === null))
      tools.set(tool, [...(tools.get(tool) ?? []), await runTool(tool, bed.tool)])
  }
  return { ours, bare, tools }
}

const rateOf = (results: readonly ClientResult[]): number =>
  median(results.map(({ hostsPerSecond }) => hostsPerSecond))

function freshFigures({ ours, bare, tools }: Fresh): readonly Figure[] {
  const rate = rateOf(ours)
  const against = TOOLS.map((tool) => {
    const figure = `ssh.fresh.vs_${tool.name}`
    const rates = tools.get(tool)
    return rates === undefined
      ? missingFigure(figure, rate, BARS[tool.name], whyMissing(tool) ?? 'it was not run')
      : rateFigure(figure, rate, median(rates), BARS[tool.name])
  })
  const cpuMs = median(ours.map(({ cpuMsPerHost }) => cpuMsPerHost))
  return [
    rateFigure('ssh.fresh.vs_bare', rate, rateOf(bare), BARS.bare),
    ...against,
    limitFigure('ssh.cpu_ms_per_server', cpuMs, CPU_LIMIT_MS),
  ]
}

/** Both clients in turn, three times over. */
async function heldFigures(bed: Bed, hosts: number, { tools }: Fresh): Promise<readonly Figure[]> {
  const bare: ClientResult[] = []
  const ours: ClientResult[] = []
  for (let run = 0; run < RUNS; run += 1) {
    bare.push(await runClient(orderFor(bed, 'bare', hosts, HELD_ROUNDS)))
    ours.push(await runClient(orderFor(bed, 'ours', hosts, HELD_ROUNDS)))
  }
  const clush = TOOLS.find(({ name }) => name === 'clush')
  const clushRates = clush === undefined ? undefined : tools.get(clush)
  const rate = rateOf(ours)
  const megabytesOf = (results: readonly ClientResult[]): number =>
    median(results.map(({ residentMegabytes }) => residentMegabytes))
  return [
    rateFigure('ssh.held.vs_bare', rate, rateOf(bare), BARS.heldBare),
    clushRates === undefined
      ? missingFigure('ssh.held.vs_clush', rate, BARS.heldClush, 'clush is not installed')
      : rateFigure('ssh.held.vs_clush', rate, median(clushRates), BARS.heldClush),
    costFigure('ssh.held.rss_mb', megabytesOf(ours), megabytesOf(bare) + EXTRA_RSS_MEGABYTES, 1),
  ]
}

/**
 * One fixed command over a fleet of real sshd: connections made afresh against bare ssh2, clush, pssh and ansible,
 * and connections held against bare ssh2 and clush, which holds none: its fresh rate stands in. Throws where no fleet
 * can be had. `hosts` is for the fresh round; five times as many are held.
 *
 * The bed is the same for all clients: this machine plays every host, the login shell is its plain /bin/sh and the
 * command sees its own mounts. So client and servers share its processors, and what a server does for a command
 * (sshd, shell, cat, df) is most of the cost of a held run, whoever asks.
 */
export async function benchSsh({
  hosts = FRESH_HOSTS,
}: {
  readonly hosts?: number
}): Promise<readonly Figure[]> {
  const held = Math.ceil((hosts * HELD_HOSTS) / FRESH_HOSTS)
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-bench-'))
  const fleet = await startFleet({ directory, hosts: held, profiles: null, loginShell: '/bin/sh' })
  try {
    if (fleet === null) throw new Error('there is no fleet to measure against')
    const tool: ToolOrder = {
      directory,
      hosts: Array.from({ length: hosts }, (_unused, n) => fleet.hostAt(n)),
      user: fleet.user,
      keyPath: fleet.privateKeyPath,
      command: COMMAND,
      concurrency: CONCURRENCY,
    }
    const bed: Bed = { fleet, tool }
    const fresh = await measureFresh(bed)
    return [...freshFigures(fresh), ...(await heldFigures(bed, held, fresh))]
  } finally {
    await fleet?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
