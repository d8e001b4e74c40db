import { spawnSync } from 'node:child_process'
import { notice } from './notice.ts'

const UNSHARE = ['unshare', '-n', '-m', '--propagation', 'private'] as const

/**
 * Returns the words before a command that put it in a network namespace of its own, where only loopback exists:
 * nothing can leave the machine and two runs never meet on a port. Empty, with a notice, where that is not allowed.
 */
export function namespacePrefix(): readonly string[] {
  const [program, ...args] = UNSHARE
  const probe = spawnSync(program, [...args, 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  if (probe.status === 0) return UNSHARE
  const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1)
  notice(`no own network namespace (${reason}): the tests share the machine's network`)
  return []
}

/** Brings loopback up; called inside the namespace. Throws when it does not come up. */
export function raiseLoopback(): void {
  const result = spawnSync('ip', ['link', 'set', 'lo', 'up'], { encoding: 'utf8', timeout: 10_000 })
  if (result.status !== 0) throw new Error(`loopback did not come up: ${result.stderr}`)
}
