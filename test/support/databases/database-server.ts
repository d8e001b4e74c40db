import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'

/** How a test logs in to a server; the user may create and drop databases and users. */
export interface DatabaseConnection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

/** A server that a test run started for itself. */
export interface DatabaseServer {
  readonly connection: DatabaseConnection
  /** What `select version()` says. */
  readonly version: string
  /** Kills the server; its data are disposable, and an orderly stop takes seconds. */
  stop(): Promise<void>
}

const READY_POLL_MS = 50
const STOP_DEADLINE_MS = 10_000
const LOG_LINES = 15

const lastLines = (path: string): string =>
  readFileSync(path, 'utf8').split('\n').slice(-LOG_LINES).join('\n')

/** Runs a program to its end. Throws with the last lines of what it printed when it fails or runs over the deadline. */
export async function runToEnd(
  command: readonly [string, ...string[]],
  options: { readonly logPath: string; readonly deadlineMs: number; readonly env?: Record<string, string> },
): Promise<void> {
  const [program, ...parameters] = command
  const log = openSync(options.logPath, 'a')
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(program, parameters, {
        stdio: ['ignore', log, log],
        timeout: options.deadlineMs,
        killSignal: 'SIGKILL',
        env: { ...process.env, ...options.env },
      })
      child.once('error', reject)
      child.once('exit', resolve)
    })
    if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}:\n${lastLines(options.logPath)}`)
  } finally {
    closeSync(log)
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGKILL')
  await Promise.race([ended, sleep(STOP_DEADLINE_MS, undefined, { ref: false })])
}

async function readVersion(connection: DatabaseConnection): Promise<string> {
  const client = await createConnection({ ...connection, connectTimeout: 2000 })
  try {
    const [rows] = await client.query('select version() as version')
    const first: unknown = Array.isArray(rows) ? rows[0] : undefined
    return typeof first === 'object' && first !== null ? String(Reflect.get(first, 'version')) : ''
  } finally {
    client.destroy()
  }
}

/**
 * Starts a server in the foreground and waits until it lets the user in. Throws with the last lines of its log when it
 * ends or is not ready in time; nothing is left running then.
 */
export async function startServer(options: {
  readonly command: readonly [string, ...string[]]
  readonly logPath: string
  readonly connection: DatabaseConnection
  readonly deadlineMs: number
}): Promise<DatabaseServer> {
  const [program, ...parameters] = options.command
  const log = openSync(options.logPath, 'a')
  const child = spawn(program, parameters, { stdio: ['ignore', log, log] })
  closeSync(log)
  let startError: unknown = null
  child.once('error', (error) => {
    startError = error
  })
  const deadline = performance.now() + options.deadlineMs
  let lastError: unknown = null
  while (performance.now() < deadline && startError === null && child.exitCode === null) {
    try {
      const version = await readVersion(options.connection)
      return { connection: options.connection, version, stop: () => stopChild(child) }
    } catch (error) {
      lastError = error
    }
    await sleep(READY_POLL_MS)
  }
  await stopChild(child)
  throw new Error(`${program} did not become ready:\n${lastLines(options.logPath)}`, {
    cause: startError ?? lastError,
  })
}
