import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that is being appended to. */
export interface SpoolFile {
  readonly path: string
  readonly handle: FileHandle
}

/** What the spool does on the disk, one step each. */
export interface SpoolDisk {
  /** Creates a file that was not there (0600), so that it is there also after a power failure. */
  create(directory: string, name: string): Promise<SpoolFile>
  /** Writes at the end; resolves when the bytes are on the disk. */
  append(file: SpoolFile, content: string): Promise<void>
  /** True when the file still has the name it was created with. */
  isInPlace(file: SpoolFile): Promise<boolean>
  close(file: SpoolFile): Promise<void>
  /** Names with sizes in bytes, sorted by name; none when there is no directory. */
  list(directory: string): Promise<readonly { readonly name: string; readonly sizeBytes: number }[]>
  read(path: string): Promise<string>
  /** Returns false when the file is no longer there. */
  move(directory: string, from: string, to: string): Promise<boolean>
  /** A file that is no longer there counts as removed. */
  remove(directory: string, name: string): Promise<void>
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Makes what was done to names in the directory last. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/** The disk of this machine. */
export const nodeDisk: SpoolDisk = {
  async create(directory, name) {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, name)
    const handle = await open(path, 'ax', 0o600)
    await syncDirectory(directory)
    return { path, handle }
  },
  async append({ handle }, content) {
    await handle.appendFile(content)
    await handle.datasync()
  },
  async isInPlace({ path, handle }) {
    try {
      const [named, opened] = await Promise.all([stat(path), handle.stat()])
      return named.ino === opened.ino && named.dev === opened.dev
    } catch (error) {
      if (isGone(error)) return false
      throw error
    }
  },
  close: ({ handle }) => handle.close(),
  async list(directory) {
    let names: string[]
    try {
      names = await readdir(directory)
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
    const sized = await Promise.all(
      names.sort().map(async (name) => ({ name, sizeBytes: await sizeOf(join(directory, name)) })),
    )
    return sized.flatMap(({ name, sizeBytes }) => (sizeBytes === null ? [] : [{ name, sizeBytes }]))
  },
  read: (path) => readFile(path, 'utf8'),
  async move(directory, from, to) {
    try {
      await rename(join(directory, from), join(directory, to))
    } catch (error) {
      if (isGone(error)) return false
      throw error
    }
    await syncDirectory(directory)
    return true
  },
  async remove(directory, name) {
    try {
      await unlink(join(directory, name))
    } catch (error) {
      if (!isGone(error)) throw error
    }
    await syncDirectory(directory)
  },
}
