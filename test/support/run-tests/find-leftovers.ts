import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, sep } from 'node:path'

/** Folders that change by themselves, or that a running product fills: what is in them is no test's doing. */
const UNWATCHED = new Set(['.git', 'node_modules'])
const WATCHED_AS_A_WHOLE = new Set(['data', 'logs', 'dist', 'test-results'])

/** Returns every file below `root` and the folders that are watched as a whole, as relative paths. */
export function listFiles(root: string): Set<string> {
  const found = new Set<string>()
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (folder === '' && UNWATCHED.has(entry.name)) continue
      if (!entry.isDirectory() || (folder === '' && WATCHED_AS_A_WHOLE.has(entry.name))) found.add(path)
      else visit(path)
    }
  }
  visit('')
  return found
}

export interface LeftProcess {
  readonly pid: number
  /** Its command line, at most 200 characters. */
  readonly command: string
}

function readProc(read: () => string): string {
  try {
    return read()
  } catch (error) {
    // Gone in the meantime, or another user's: neither is ours.
    if (error instanceof Error && 'code' in error) return ''
    throw error
  }
}

/**
 * Returns the processes that a test run caused and that still live: those whose environment carries the run's mark,
 * or that stand in its private folder. Linux only; elsewhere there is no such list and the answer is empty.
 */
export function findProcesses(mark: string, privateFolder: string): LeftProcess[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const marked = readProc(() => readFileSync(`/proc/${name}/environ`, 'utf8'))
        .split('\0')
        .includes(mark)
      const folder = readProc(() => readlinkSync(`/proc/${name}/cwd`))
      const isInside = folder === privateFolder || folder.startsWith(privateFolder + sep)
      if (!marked && !isInside) return []
      const command = readProc(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'))
        .replaceAll('\0', ' ')
        .trim()
      // A process without a command line has ended and waits to be collected.
      return command === '' ? [] : [{ pid: Number(name), command: command.slice(0, 200) }]
    })
}
