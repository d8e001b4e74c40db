import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import type { Readable } from 'node:stream'
import { killSession } from './kill-session.ts'
import type { Transport, TransportResult, TransportRunOptions } from './transport.ts'

/** How long output may still arrive after the shell has ended, before what holds it open is killed. */
const DRAIN_MS = 300

const SHELL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

interface BoundedOutput {
  readonly bytes: () => Buffer
  readonly truncated: () => boolean
}

function collectBounded(stream: Readable, maxBytes: number): BoundedOutput {
  const chunks: Buffer[] = []
  let kept = 0
  let truncated = false
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - kept
    if (chunk.length > room) truncated = true
    if (room <= 0) return
    const part = chunk.subarray(0, room)
    chunks.push(part)
    kept += part.length
  })
  return { bytes: () => Buffer.concat(chunks), truncated: () => truncated }
}

const cancelled = (message: string): TransportResult => ({
  status: 'unreachable',
  reason: 'cancelled',
  message,
})

interface RunEnd {
  readonly exitCode: number | null
  readonly cause: 'ended' | 'deadline' | 'aborted' | 'spawn_failed'
  readonly message: string
}

/** Resolves when the shell and its output have ended, or were killed at the deadline, by abort, or for lingering. */
function waitForEnd(child: ChildProcessWithoutNullStreams, options: TransportRunOptions): Promise<RunEnd> {
  return new Promise((resolve) => {
    let cause: RunEnd['cause'] = 'ended'
    let exitCode: number | null = null
    let drain: NodeJS.Timeout | undefined
    const kill = (): void => {
      if (child.pid !== undefined) killSession(child.pid)
    }
    const finish = (message = ''): void => {
      clearTimeout(deadline)
      clearTimeout(drain)
      options.signal.removeEventListener('abort', onAbort)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({ exitCode: cause === 'ended' ? exitCode : null, cause, message })
    }
    const stop = (why: 'deadline' | 'aborted'): void => {
      if (cause !== 'ended') return
      cause = why
      kill()
      // A process stuck in the kernel cannot be killed and may hold the pipes for ever: do not wait for it.
      clearTimeout(drain)
      drain = setTimeout(finish, DRAIN_MS)
    }
    const onAbort = (): void => stop('aborted')
    const deadline = setTimeout(() => stop('deadline'), options.deadlineMs)
    options.signal.addEventListener('abort', onAbort, { once: true })
    child.once('error', (error) => {
      if (child.pid !== undefined) return
      cause = 'spawn_failed'
      finish(error.message)
    })
    child.once('exit', (code) => {
      exitCode = code
      if (cause !== 'ended') return
      drain = setTimeout(() => {
        kill()
        drain = setTimeout(finish, DRAIN_MS)
      }, DRAIN_MS)
    })
    child.once('close', () => finish())
  })
}

/** Only tests and odd systems need these. */
export interface LocalTransportOptions {
  /** Command that reads a POSIX-sh script on stdin. Default: `/bin/sh -s`. */
  readonly shell?: readonly [string, ...string[]]
  /** PATH of the script. Default: the usual folders, sbin included. */
  readonly path?: string
}

/**
 * Returns the transport that runs scripts on this machine, as the user of this process: `/bin/sh` with the script on
 * stdin, a minimal environment, its own session. At the deadline or on abort the whole session is killed.
 */
export function createLocalTransport(options: LocalTransportOptions = {}): Transport {
  const [command, ...args] = options.shell ?? ['/bin/sh', '-s']
  return {
    kind: 'local',
    async run(script, run): Promise<TransportResult> {
      if (run.signal.aborted) return cancelled('cancelled before it started')
      const started = performance.now()
      const child = spawn(command, args, {
        cwd: '/',
        detached: true,
        env: { PATH: options.path ?? SHELL_PATH, LC_ALL: 'C', HOME: homedir() },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      const stdout = collectBounded(child.stdout, run.maxBytes)
      const stderr = collectBounded(child.stderr, run.maxBytes)
      // The shell may end before it has read all (EPIPE); its exit tells what happened, this event adds nothing.
      child.stdin.on('error', () => undefined)
      child.stdin.end(script)
      const end = await waitForEnd(child, run)
      if (end.cause === 'aborted') return cancelled('cancelled while it ran')
      if (end.cause === 'spawn_failed')
        return {
          status: 'unreachable',
          reason: 'shell_failed',
          message: `${command} did not start: ${end.message}`,
        }
      return {
        status: 'ran',
        exitCode: end.exitCode,
        stdout: stdout.bytes(),
        stderr: stderr.bytes(),
        truncated: stdout.truncated() || stderr.truncated(),
        timedOut: end.cause === 'deadline',
        durationMs: performance.now() - started,
      }
    },
  }
}
