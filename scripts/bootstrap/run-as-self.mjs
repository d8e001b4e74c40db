import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

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
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...end) => resolve(end))
  })
  for (const name of FORWARDED) process.off(name, forward)
  if (signal === null) {
    process.exitCode = code ?? 1
    return
  }
  process.exitCode = 128 + (constants.signals[signal] ?? 0)
  process.kill(process.pid, signal)
}
