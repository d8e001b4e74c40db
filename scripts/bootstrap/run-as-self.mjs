import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
const LINEAGE_POLL_MS = 250

/** Returns the ids of our parent and, where /proc tells, of its parent. */
function lineage() {
  try {
    const status = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    // The name in parentheses may hold anything; the fields after it are state and parent.
    return `${process.ppid} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[1]}`
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ESRCH') return `${process.ppid}`
    throw error
  }
}

/**
 * Calls `onGone` once when the npm that runs us, or the shell between, is gone: a signal to npm ends that shell and
 * never reaches us. Without npm nothing is watched: a process of its own may outlive who started it.
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined
  const initial = lineage()
  const timer = setInterval(() => {
    if (lineage() === initial) return
    clearInterval(timer)
    onGone()
  }, LINEAGE_POLL_MS)
  return timer
}

/**
 * Runs a program in this process's place: same terminal, signals passed on, and this process ends as the program
 * did (same exit status, or by the same signal).
 */
export async function runAsSelf(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' })
  const forward = (signal) => {
    // A terminal sends Ctrl-C to every process in the foreground: passing it on would make two of one.
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  for (const signal of FORWARDED) process.on(signal, forward)
  const watch = watchNpm(() => child.kill('SIGTERM'))
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...end) => resolve(end))
  })
  clearInterval(watch)
  for (const name of FORWARDED) process.off(name, forward)
  if (signal === null) {
    process.exitCode = code ?? 1
    return
  }
  process.exitCode = 128 + (constants.signals[signal] ?? 0)
  process.kill(process.pid, signal)
}
