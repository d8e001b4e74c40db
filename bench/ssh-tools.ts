import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { findTool } from '../src/collect/testing/find-tool.ts'
import type { FleetHost } from '../test/support/fleet/start-fleet.ts'

const DEADLINE_MS = 300_000

/** What every tool is given. */
export interface ToolOrder {
  /** For its files; the caller's own. */
  readonly directory: string
  readonly hosts: readonly FleetHost[]
  readonly user: string
  readonly keyPath: string
  readonly command: string
  readonly concurrency: number
}

/** A program that runs one command on many hosts. */
export interface Tool {
  readonly name: 'clush' | 'pssh' | 'ansible_raw'
  readonly program: string
  readonly packageName: string
  /** Writes its files and returns its arguments and environment. */
  prepare(order: ToolOrder): { readonly args: readonly string[]; readonly env?: Record<string, string> }
}

/** The key exchange that ssh2 uses: OpenSSH's own first choice costs its client some 100 ms more a connection. */
const sshOptions = [
  '-F /dev/null',
  '-o KexAlgorithms=curve25519-sha256',
  '-o BatchMode=yes',
  '-o StrictHostKeyChecking=no',
  '-o UserKnownHostsFile=/dev/null',
  '-o LogLevel=ERROR',
  '-o ConnectTimeout=30',
].join(' ')

const portOf = ({ hosts }: ToolOrder): number => hosts[0]?.port ?? 22

export const TOOLS: readonly Tool[] = [
  {
    name: 'clush',
    program: 'clush',
    packageName: 'clustershell',
    prepare: (order) => ({
      args: [
        ...['-w', order.hosts.map(({ address }) => address).join(',')],
        ...['-f', String(order.concurrency), '-l', order.user, '-S'],
        ...['-o', `-p ${portOf(order)} -i ${order.keyPath} ${sshOptions}`, order.command],
      ],
    }),
  },
  {
    name: 'pssh',
    program: 'parallel-ssh',
    packageName: 'pssh',
    prepare: (order) => {
      const path = join(order.directory, 'pssh-hosts')
      writeFileSync(path, order.hosts.map(({ address, port }) => `${address}:${port}\n`).join(''))
      return {
        args: [
          ...['-h', path, '-l', order.user, '-p', String(order.concurrency), '-t', '60', '-i'],
          ...['-x', `-i ${order.keyPath} ${sshOptions}`, order.command],
        ],
      }
    },
  },
  {
    name: 'ansible_raw',
    program: 'ansible',
    packageName: 'ansible-core',
    prepare: (order) => {
      const inventory = join(order.directory, 'ansible-hosts')
      const config = join(order.directory, 'ansible.cfg')
      const lines = order.hosts.map(({ address, port }) => `${address} ansible_port=${port}\n`)
      writeFileSync(inventory, `[fleet]\n${lines.join('')}`)
      writeFileSync(
        config,
        `[defaults]\nhost_key_checking=False\n[ssh_connection]\npipelining=True\nssh_args=${sshOptions} -o ControlMaster=no\n`,
      )
      const home = join(order.directory, 'ansible')
      mkdirSync(home, { recursive: true })
      return {
        args: [
          ...['-i', inventory, 'fleet', '-u', order.user, '--private-key', order.keyPath],
          ...['-f', String(order.concurrency), '-m', 'raw', '-a', order.command],
        ],
        env: { ANSIBLE_CONFIG: config, ANSIBLE_HOME: home, ANSIBLE_LOCAL_TEMP: join(home, 'tmp') },
      }
    },
  },
]

/** Returns why the tool cannot be measured here, or null. */
export const whyMissing = ({ program, packageName }: Tool): string | null =>
  findTool(program) === null ? `${program} is not installed (package ${packageName})` : null

/** Runs the command on all hosts with the tool; returns hosts a second. Throws when not every host answered. */
export async function runTool(tool: Tool, order: ToolOrder): Promise<number> {
  const { args, env } = tool.prepare(order)
  const begun = performance.now()
  const child = spawn(findTool(tool.program) ?? tool.program, args, {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  })
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  await once(child, 'close')
  const seconds = (performance.now() - begun) / 1_000
  const answered = Buffer.concat(chunks).toString().split('MemTotal:').length - 1
  if (answered === order.hosts.length) return answered / seconds
  throw new Error(
    `${tool.name}: ${answered} of ${order.hosts.length} hosts answered: ${Buffer.concat(errors).toString().slice(0, 500)}`,
  )
}
