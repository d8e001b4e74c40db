import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** A lock directory without a readable owner is being made or was left half-made; after this it counts as left. */
const OWNERLESS_GRACE_MS = 5_000
const POLL_MS = 200

/** Returns who holds the lock, or null when its owner cannot be read. */
function readOwner(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, 'owner.json'), 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  try {
    // The number may have been given to another program since.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bootstrap')
  } catch (error) {
    return error.code !== 'ENOENT' || process.platform !== 'linux'
  }
}

/** True while a process of the group exists: npm goes on for a while when the process that started it is killed. */
function isGroupAlive(processGroup) {
  if (processGroup === null || process.platform === 'win32') return false
  try {
    process.kill(-processGroup, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function isAbandoned(directory) {
  const owner = readOwner(directory)
  // A clone on a shared disk: processes of another machine cannot be seen from here.
  if (owner !== null)
    return owner.host === hostname() && !isAlive(owner.pid) && !isGroupAlive(owner.npmProcessGroup)
  const status = statSync(directory, { throwIfNoEntry: false })
  return status !== undefined && Date.now() - status.mtimeMs > OWNERLESS_GRACE_MS
}

function tryMakeDirectory(directory) {
  try {
    mkdirSync(directory)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Removes a lock whose owner died. Only one process does so at a time, else it could remove its successor's. */
function removeAbandoned(directory) {
  const breaking = `${directory}.breaking`
  if (!tryMakeDirectory(breaking)) {
    const status = statSync(breaking, { throwIfNoEntry: false })
    if (status !== undefined && Date.now() - status.mtimeMs > OWNERLESS_GRACE_MS)
      rmSync(breaking, { recursive: true, force: true })
    return
  }
  try {
    if (isAbandoned(directory)) rmSync(directory, { recursive: true, force: true })
  } finally {
    rmSync(breaking, { recursive: true, force: true })
  }
}

function writeOwner(directory, npmProcessGroup) {
  const draft = join(directory, 'owner.draft')
  writeFileSync(draft, JSON.stringify({ pid: process.pid, host: hostname(), npmProcessGroup }))
  renameSync(draft, join(directory, 'owner.json'))
}

/**
 * Takes the lock. Waits while a living process (or the npm that a dead one started) holds it and calls `onWait` once
 * with that process's id (null when unknown). Returns `release` and `recordNpm`, which notes npm's process group.
 */
export async function takeInstallLock(directory, onWait) {
  let told = false
  while (!tryMakeDirectory(directory)) {
    if (isAbandoned(directory)) {
      removeAbandoned(directory)
      continue
    }
    if (!told) onWait(readOwner(directory)?.pid ?? null)
    told = true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  writeOwner(directory, null)
  return {
    recordNpm: (processGroup) => writeOwner(directory, processGroup),
    release: () => rmSync(directory, { recursive: true, force: true }),
  }
}
