import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ProcessStatus } from '../services/context.ts'

export interface ChildSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

interface SupervisorSettings {
  readonly clock: Clock
  readonly logger: Logger
  /** First wait before a restart; doubles up to `maxBackoffMs`. */
  readonly backoffMs?: number
  readonly maxBackoffMs?: number
  /** How long a child may take to end after SIGTERM before it is killed. */
  readonly stopMs?: number
}

/** A child that lived this long is healthy again: its backoff starts anew. */
const HEALTHY_AFTER_MS = 60_000
/** Deaths in a row after which a child is shown as failing. */
const FAILING_AFTER = 3
const KEPT_LINES = 20

export interface Supervisor {
  list(): readonly ProcessStatus[]
  /** Ends every child (SIGTERM, then SIGKILL) and resolves when all are gone. */
  stop(): Promise<void>
}

/** Starts the children and starts them again with backoff when they die, until stopped. */
export function superviseChildren(specs: readonly ChildSpec[], settings: SupervisorSettings): Supervisor {
  const children = specs.map((spec) => new SupervisedChild(spec, settings))
  for (const child of children) child.start()
  return {
    list: () => children.map((child) => child.status()),
    stop: async () => {
      await Promise.all(children.map((child) => child.stop()))
    },
  }
}

class SupervisedChild {
  readonly #spec: ChildSpec
  readonly #settings: SupervisorSettings
  #process: ChildProcess | null = null
  #sinceAt: Date | null = null
  #restarts = 0
  #deathsInARow = 0
  #lines: string[] = []
  #stopping = false
  #timer: NodeJS.Timeout | null = null

  constructor(spec: ChildSpec, settings: SupervisorSettings) {
    this.#spec = spec
    this.#settings = settings
  }

  start(): void {
    const { command, args, env } = this.#spec
    const child = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'pipe'] })
    this.#process = child
    this.#sinceAt = this.#settings.clock.now()
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.#keepLines(chunk))
    child.on('error', (error) => this.#keepLines(`${error.message}\n`))
    child.on('close', (code, signal) => this.#onEnd(code, signal))
  }

  status(): ProcessStatus {
    const running = this.#process !== null
    const failing = this.#deathsInARow >= FAILING_AFTER
    return {
      name: this.#spec.name,
      state: failing ? 'failing' : running ? 'running' : 'stopped',
      pid: this.#process?.pid ?? null,
      sinceAt: this.#sinceAt,
      restarts: this.#restarts,
      residentBytes: residentBytes(this.#process?.pid ?? null),
      lastLines: failing ? [...this.#lines] : [],
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const child = this.#process
    if (child === null) return
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), this.#settings.stopMs ?? 5_000)
    await ended
    clearTimeout(killer)
  }

  #onEnd(code: number | null, signal: NodeJS.Signals | null): void {
    const now = this.#settings.clock.now()
    const livedMs = now.getTime() - (this.#sinceAt?.getTime() ?? now.getTime())
    this.#process = null
    this.#sinceAt = now
    if (this.#stopping) return
    this.#deathsInARow = livedMs >= HEALTHY_AFTER_MS ? 1 : this.#deathsInARow + 1
    const { backoffMs = 500, maxBackoffMs = 30_000, logger } = this.#settings
    const waitMs = Math.min(maxBackoffMs, backoffMs * 2 ** (this.#deathsInARow - 1))
    const fields = { child: this.#spec.name, code, signal, waitMs, lastLines: this.#lines.slice(-5) }
    logger.error(fields, 'a child process ended by itself; it is started again')
    this.#timer = setTimeout(() => {
      this.#restarts += 1
      this.start()
    }, waitMs)
  }

  #keepLines(chunk: string): void {
    const lines = chunk.split('\n').filter((line) => line.trim() !== '')
    this.#lines = [...this.#lines, ...lines].slice(-KEPT_LINES)
  }
}

/** Resident memory from /proc; null where there is no such file (not Linux, or the process is gone). */
export function residentBytes(pid: number | null): number | null {
  if (pid === null) return null
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return match?.[1] === undefined ? null : Number(match[1]) * 1024
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return null
    throw error
  }
}
