import { readdirSync, readFileSync } from 'node:fs'

interface ProcessLine {
  readonly pid: number
  readonly parent: number
  readonly session: number
}

/** Reads pid, ppid and session of `/proc/PID/stat` (proc(5)); null when the process is gone meanwhile. */
function readProcess(pid: number): ProcessLine | null {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    // It ended between listing and reading.
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
  const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie is dead already; only its parent can remove it.
  if (state === 'Z' || state === 'X') return null
  return { pid, parent: Number(parent), session: Number(session) }
}

/** Returns the living processes of the session and all their descendants, the leader included. */
function listSession(leaderPid: number): readonly number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((line) => line !== null)
  const found = new Set(all.filter((line) => line.session === leaderPid).map((line) => line.pid))
  for (let grown = true; grown; ) {
    grown = false
    for (const line of all) {
      if (found.has(line.pid) || !found.has(line.parent)) continue
      found.add(line.pid)
      grown = true
    }
  }
  return [...found]
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    // ESRCH: gone already. EPERM: runs as root through sudo; it ends when its section's own timeout passes TERM on.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** A process may fork between listing and killing; what it forked is found in the next round. */
const MAX_ROUNDS = 5

/**
 * Kills the process group, the session and every descendant of a child that was spawned detached (so that it leads
 * both). The group alone would not do: `timeout` puts what it runs into a group of its own.
 */
export function killSession(leaderPid: number): void {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const members = listSession(leaderPid)
    if (members.length === 0) return
    killOne(-leaderPid)
    for (const pid of members) killOne(pid)
  }
}
