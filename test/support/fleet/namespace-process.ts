import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const READY_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 10_000
const POLL_MS = 20
const MAX_LOG_CHARACTERS = 2_000

/** A shell script that runs as process 1 of mount, pid and name namespaces of its own, and all that it started. */
export interface NamespaceProcess {
  /** Its process id outside. */
  readonly pid: number
  /** Ends it and with it every process inside; resolves when they are gone. */
  stop(): Promise<void>
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')))
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })

/** Returns the first child of a process, or null when it has none yet. */
function childOf(pid: number): number | null {
  const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]
  return first === undefined || first === '' ? null : Number(first)
}

async function stopChild(child: ChildProcess, inner: number | null): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  // The kernel ends a pid namespace with its process 1; unshare itself does not pass a TERM on.
  if (inner === null) child.kill('SIGKILL')
  else process.kill(inner, 'SIGKILL')
  await Promise.race([ended, sleep(STOP_DEADLINE_MS, undefined, { ref: false })])
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}

/**
 * Runs the script and waits until each port greets a caller. Throws with the log's end when one does not within 30 s;
 * nothing is left running then.
 */
export async function startInNamespace(
  script: string,
  ports: readonly number[],
  logPath: string,
): Promise<NamespaceProcess> {
  const spaces = ['--mount', '--pid', '--uts', '--fork', '--kill-child=KILL', '--mount-proc']
  const child = spawn('unshare', [...spaces, '--propagation', 'private', '/bin/sh', script], {
    stdio: 'ignore',
  })
  const failed = once(child, 'error').then(([error]) => error)
  const deadline = performance.now() + READY_DEADLINE_MS
  let ready = false
  while (!ready && performance.now() < deadline && child.exitCode === null && child.pid !== undefined) {
    ready = (await Promise.all(ports.map(answers))).every(Boolean)
    if (!ready) await sleep(POLL_MS)
  }
  const inner = ready && child.pid !== undefined ? childOf(child.pid) : null
  if (inner !== null) return { pid: inner, stop: () => stopChild(child, inner) }
  if (child.pid === undefined) throw new Error('unshare did not start', { cause: await failed })
  await stopChild(child, null)
  throw new Error(`sshd did not become ready:\n${readFileSync(logPath, 'utf8').slice(-MAX_LOG_CHARACTERS)}`)
}
