import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** A rotation takes microseconds: a lock older than this was left by a process that was killed. */
const STALE_LOCK_MS = 10_000
const FILE_MODE = 0o640
const DIRECTORY_MODE = 0o700

export interface RotatingFileOptions {
  readonly path: string
  /** Size in bytes above which the file is put aside as `.1`. */
  readonly maxBytes: number
  /** How many files are kept besides the present one. */
  readonly keptFiles: number
}

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

/** Runs a step that may find its file gone, because another process was quicker. */
function unlessMissing(step: () => void): void {
  try {
    step()
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

/**
 * A file that is written line by line and rotated by size: `x.log` becomes `x.log.1`, that `x.log.2`, and so on.
 * Writes are synchronous and appending; several processes may hold the same file: one of them rotates under a lock
 * file, the others see the changed inode at their next line and open the new file, so no line is lost.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions
  #descriptor: number | null = null

  constructor(options: RotatingFileOptions) {
    this.#options = options
  }

  /** Appends a line (the newline included). Throws the error of `node:fs` when it could not be written. */
  write(line: string): void {
    const bytes = Buffer.from(line, 'utf8')
    let descriptor = this.#open()
    const size = fstatSync(descriptor).size
    if (size > 0 && size + bytes.length > this.#options.maxBytes) {
      this.#rotate(bytes.length)
      descriptor = this.#open()
    }
    for (let written = 0; written < bytes.length; )
      written += writeSync(descriptor, bytes, written, bytes.length - written)
  }

  /** Closes the file; a later write opens it again. */
  close(): void {
    const descriptor = this.#descriptor
    this.#descriptor = null
    if (descriptor !== null) closeSync(descriptor)
  }

  /** Returns a descriptor of the file that now bears the name. */
  #open(): number {
    const { path } = this.#options
    if (this.#descriptor !== null) {
      const held = fstatSync(this.#descriptor)
      const present = statSync(path, { throwIfNoEntry: false })
      if (present !== undefined && present.ino === held.ino && present.dev === held.dev)
        return this.#descriptor
      this.close()
    }
    mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_MODE })
    const descriptor = openSync(path, 'a', FILE_MODE)
    this.#descriptor = descriptor
    return descriptor
  }

  /** Puts the files one number on, unless another process is doing so or has just done it. */
  #rotate(nextBytes: number): void {
    const { path, maxBytes, keptFiles } = this.#options
    const lock = `${path}.lock`
    if (!takeLock(lock)) return
    try {
      const present = statSync(path, { throwIfNoEntry: false })
      if (present === undefined || present.size + nextBytes <= maxBytes) return
      for (let number = keptFiles - 1; number >= 1; number -= 1)
        unlessMissing(() => renameSync(`${path}.${number}`, `${path}.${number + 1}`))
      unlessMissing(() => renameSync(path, `${path}.1`))
      this.close()
    } finally {
      rmSync(lock, { force: true })
    }
  }
}

/** Returns true when the lock was free or left behind. */
function takeLock(lock: string): boolean {
  for (const isLastTry of [false, true]) {
    try {
      closeSync(openSync(lock, 'wx', FILE_MODE))
      return true
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
    if (isLastTry || !dropStaleLock(lock)) return false
  }
  return false
}

function dropStaleLock(lock: string): boolean {
  const present = statSync(lock, { throwIfNoEntry: false })
  if (present === undefined) return true
  // The file's age, by the clock that stamped it.
  if (Date.now() - present.mtimeMs < STALE_LOCK_MS) return false
  unlessMissing(() => unlinkSync(lock))
  return true
}
