import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const EVERY_MS = 250
/** A process is looked into in its first scans, in which it becomes what it is, and then in every eighth. */
const YOUNG_SCANS = 4
const OLD_EVERY = 8
/** A key's first and last line say only what it is. */
const SHORTEST_LINE = 24

/** What a watch over all processes of the machine saw. */
export interface WatchedProcesses {
  readonly scans: number
  /** Processes looked at, each counted once, by pid namespace as its link in /proc names it. */
  readonly processesIn: ReadonlyMap<string, ReadonlySet<number>>
  /** Process names (`comm`) seen. */
  readonly names: ReadonlySet<string>
  /** Where a secret was seen: its name, the file, and the process; never the secret itself. */
  readonly leaks: readonly string[]
  /** Processes that began after the watch and could not be looked into. */
  readonly closed: readonly string[]
}

export interface SecretWatch {
  /** Looks a last time, stops looking and tells. */
  stop(): WatchedProcesses
}

/** Returns the lines of a private key that give it away. */
export const linesOfKey = (key: string): readonly string[] =>
  key.split('\n').filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))

/** What a look at a process gives where there is none any more, and where it is somebody else's. */
const GONE = null
const CLOSED = undefined

function lookAt(read: () => string): string | typeof GONE | typeof CLOSED {
  try {
    return read()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ESRCH') return GONE
    if (code === 'EACCES' || code === 'EPERM') return CLOSED
    throw error
  }
}

const processNumbers = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/**
 * Looks for the secrets, by name, in the command lines and the environments of all processes several times a second,
 * those in other namespaces included. Needs root.
 */
export function watchForSecrets(secrets: ReadonlyMap<string, string>): SecretWatch {
  let scans = 0
  let ages: ReadonlyMap<number, number> = new Map()
  const before = new Set(processNumbers())
  const processesIn = new Map<string, Set<number>>()
  const names = new Set<string>()
  const leaks = new Set<string>()
  const closed = new Set<string>()
  const look = (pid: number): void => {
    const name = lookAt(() => readFileSync(`/proc/${pid}/comm`, 'latin1').trim())
    const namespace = lookAt(() => readlinkSync(`/proc/${pid}/ns/pid`))
    if (typeof name !== 'string' || namespace === GONE) return
    names.add(name)
    if (namespace === CLOSED) {
      if (!before.has(pid)) closed.add(`${name} (${pid})`)
      return
    }
    const known = processesIn.get(namespace) ?? new Set()
    processesIn.set(namespace, known.add(pid))
    for (const file of ['cmdline', 'environ']) {
      const content = lookAt(() => readFileSync(`/proc/${pid}/${file}`, 'latin1'))
      if (content === CLOSED && !before.has(pid)) closed.add(`${name} (${pid})`)
      for (const [secret, value] of secrets)
        if (content?.includes(value)) leaks.add(`${secret} in ${file} of ${name} (${pid})`)
    }
  }
  const scan = (): void => {
    scans += 1
    const present = new Map(processNumbers().map((pid) => [pid, (ages.get(pid) ?? 0) + 1]))
    ages = present
    for (const [pid, age] of present) if (age <= YOUNG_SCANS || (pid + age) % OLD_EVERY === 0) look(pid)
  }
  const timer = setInterval(scan, EVERY_MS)
  return {
    stop: () => {
      clearInterval(timer)
      scan()
      return { scans, processesIn, names, leaks: [...leaks], closed: [...closed] }
    },
  }
}
