import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from './databases/free-port.ts'

const cli = fileURLToPath(new URL('../../bin/cli.ts', import.meta.url))

/** A private installation: its own data, logs and ports. */
export interface Installation {
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly webPort: number
  readonly mcpPort: number
  remove(): void
}

/** Makes a private installation in a temporary folder. */
export async function createInstallation(
  extra: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-e2e-'))
  const webPort = await findFreePort()
  const mcpPort = await findFreePort()
  const env = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: directory,
    SMART_OPS_DATA: join(directory, 'data'),
    SMART_OPS_LOG_DIRECTORY: join(directory, 'logs'),
    SMART_OPS_WEB_PORT: String(webPort),
    SMART_OPS_MCP_PORT: String(mcpPort),
    ...extra,
  }
  return {
    directory,
    env,
    webPort,
    mcpPort,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** What a command of the product came to. */
export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command of the product to its end (at most 120 s). */
export async function runCommand(installation: Installation, ...args: string[]): Promise<CommandResult> {
  return await new Promise((resolve) => {
    const options = {
      env: installation.env,
      cwd: installation.directory,
      timeout: 120_000,
      maxBuffer: 64 * 1024 ** 2,
    }
    const child = execFile(process.execPath, [cli, ...args], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    )
    child.stdin?.end()
  })
}

/** A running role of the product. */
export interface RunningProduct {
  readonly child: ChildProcess
  readonly pid: number
  output(): string
  /** Resolves when the output matches; fails with the output when it has not within the time. */
  until(pattern: RegExp, timeoutMs: number): Promise<void>
  /** Sends SIGTERM and resolves to the exit code. */
  stop(): Promise<number | null>
}

/** Starts a role (`up`, `web`, `mcp` …) and keeps what it prints. */
export function startProduct(installation: Installation, ...args: string[]): RunningProduct {
  const child = spawn(process.execPath, [cli, ...args], {
    env: installation.env,
    cwd: installation.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    child,
    pid: child.pid ?? -1,
    output: () => output,
    until: async (pattern, timeoutMs) => {
      for (let waited = 0; waited < timeoutMs; waited += 50) {
        if (pattern.test(output)) return
        if (child.exitCode !== null) break
        await sleep(50)
      }
      if (!pattern.test(output)) throw new Error(`${pattern} never came; the output was:\n${output}`)
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      return await ended
    },
  }
}
