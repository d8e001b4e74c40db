import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Clock } from './clock.ts'
import type { Logger } from './logger.ts'

export interface JsonCacheOptions {
  /** Made at the first write (0700). It is the cache's own: whatever `.json` in it is not ours is removed. */
  readonly directory: string
  /** Most bytes and most files that are kept; those that expire first make room. */
  readonly maxBytes: number
  readonly maxFiles: number
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Results kept as files for a while, shared by processes. It only saves work: a disk that is full or refuses is logged
 * and reads as an empty cache; no call throws.
 */
export interface JsonCache {
  /** Returns what was set under the key and has not expired; null when there is nothing. */
  get(key: string): Promise<unknown>
  /** Keeps a JSON value until the instant. A value that is larger than the whole cache is not kept. */
  set(key: string, value: unknown, expiresAt: Date): Promise<void>
  /** Removes what has expired, is damaged or is not ours; returns the number of files. */
  removeExpired(): Promise<number>
  /** Removes everything. */
  clear(): Promise<number>
}

/** First line of a file; the JSON of the value follows, `bytes` long and with that CRC-32. */
const HEADER = /^smart-ops-cache 1 made=(\d{1,16}) expires=(\d{1,16}) bytes=(\d{1,16}) crc=([0-9a-f]{8})\n/
/** Longer than any first line. */
const HEADER_BYTES = 128
const ENTRY_NAME = /^[0-9a-f]{64}\.json$/
const TEMPORARY_SUFFIX = '.tmp'
/** A write takes milliseconds: a temporary file older than this was left by a process that was killed. */
const ABANDONED_MS = 60_000

interface Header {
  readonly madeMs: number
  readonly expiresMs: number
  /** Bytes of header and value together. */
  readonly totalBytes: number
  readonly headerBytes: number
  readonly crc: string
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const checksum = (bytes: Buffer): string => crc32(bytes).toString(16).padStart(8, '0')

const nameOf = (key: string): string => `${createHash('sha256').update(key).digest('hex')}.json`

function readHeader(start: Buffer): Header | null {
  const match = HEADER.exec(start.toString('latin1', 0, HEADER_BYTES))
  if (match === null) return null
  const [line, made, expires, bytes, crc = ''] = match
  const headerBytes = line.length
  return {
    madeMs: Number(made),
    expiresMs: Number(expires),
    headerBytes,
    totalBytes: headerBytes + Number(bytes),
    crc,
  }
}

/** Returns the first bytes of a file and the size of the whole. */
async function readStart(path: string): Promise<{ readonly start: Buffer; readonly sizeBytes: number }> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return { start: buffer.subarray(0, bytesRead), sizeBytes: (await file.stat()).size }
  } finally {
    await file.close()
  }
}

class FileCache implements JsonCache {
  readonly #options: JsonCacheOptions

  constructor(options: JsonCacheOptions) {
    this.#options = options
  }

  async get(key: string): Promise<unknown> {
    const name = nameOf(key)
    const found = await this.#attempt('read', null, async () => {
      const content = await readFile(join(this.#options.directory, name))
      const header = readHeader(content)
      if (header === null || !this.#isValid(header, content.length)) return { value: null }
      const json = content.subarray(header.headerBytes)
      const value: unknown = checksum(json) === header.crc ? JSON.parse(json.toString('utf8')) : null
      return { value }
    })
    if (found === null) return null
    if (found.value !== null) return found.value
    await this.#remove(name)
    return null
  }

  async set(key: string, value: unknown, expiresAt: Date): Promise<void> {
    const { directory, clock, maxBytes } = this.#options
    const madeMs = clock.now().getTime()
    const expiresMs = Math.floor(expiresAt.getTime())
    if (value === null || value === undefined || expiresMs <= madeMs) return
    const name = nameOf(key)
    const temporary = `${name}.${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}`
    const isSettled = await this.#attempt('written', false, async () => {
      const json = Buffer.from(JSON.stringify(value))
      const header = `smart-ops-cache 1 made=${madeMs} expires=${expiresMs} bytes=${json.length} crc=${checksum(json)}\n`
      if (header.length + json.length > maxBytes) return true
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await this.#makeRoom(name, header.length + json.length)
      await writeFile(join(directory, temporary), Buffer.concat([Buffer.from(header), json]), {
        flag: 'wx',
        mode: 0o600,
      })
      await rename(join(directory, temporary), join(directory, name))
      return true
    })
    if (!isSettled) await this.#remove(temporary)
  }

  async removeExpired(): Promise<number> {
    return await this.#attempt('cleaned', 0, async () => {
      let removed = 0
      for (const name of await this.#names())
        if ((await this.#expiryOf(name)) === null && (await this.#remove(name))) removed += 1
      return removed
    })
  }

  async clear(): Promise<number> {
    return await this.#attempt('cleared', 0, async () => {
      let removed = 0
      for (const name of await this.#names())
        if (!name.endsWith(TEMPORARY_SUFFIX) && (await this.#remove(name))) removed += 1
      return removed
    })
  }

  /** Removes the entries that expire first until one more of that size fits. */
  async #makeRoom(name: string, bytes: number): Promise<void> {
    const { directory, maxBytes, maxFiles } = this.#options
    const others: { readonly name: string; readonly sizeBytes: number }[] = []
    for (const other of await this.#names())
      if (other !== name)
        await unlessGone(async () => {
          others.push({ name: other, sizeBytes: (await stat(join(directory, other))).size })
        })
    let total = others.reduce((sum, { sizeBytes }) => sum + sizeBytes, bytes)
    let count = others.length + 1
    if (total <= maxBytes && count <= maxFiles) return
    const byExpiry: { name: string; sizeBytes: number; expiresMs: number }[] = []
    for (const other of others)
      byExpiry.push({ ...other, expiresMs: (await this.#expiryOf(other.name)) ?? 0 })
    byExpiry.sort((a, b) => a.expiresMs - b.expiresMs)
    for (const oldest of byExpiry) {
      if (total <= maxBytes && count <= maxFiles) return
      await this.#remove(oldest.name)
      total -= oldest.sizeBytes
      count -= 1
    }
  }

  /** Names of our files, of temporary ones and of whatever else ends in `.json`. */
  async #names(): Promise<readonly string[]> {
    try {
      const entries = await readdir(this.#options.directory, { withFileTypes: true })
      return entries
        .filter((entry) => !entry.isDirectory() && /\.(?:json|tmp)$/.test(entry.name))
        .map(({ name }) => name)
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  }

  /** Returns until when a file is of use; null: it may go. */
  async #expiryOf(name: string): Promise<number | null> {
    const path = join(this.#options.directory, name)
    const nowMs = this.#options.clock.now().getTime()
    let expiresMs: number | null = null
    await unlessGone(async () => {
      if (name.endsWith(TEMPORARY_SUFFIX)) {
        const abandonedMs = (await stat(path)).mtimeMs + ABANDONED_MS
        expiresMs = abandonedMs > nowMs ? abandonedMs : null
        return
      }
      if (!ENTRY_NAME.test(name)) return
      const { start, sizeBytes } = await readStart(path)
      const header = readHeader(start)
      if (header !== null && this.#isValid(header, sizeBytes)) expiresMs = header.expiresMs
    })
    return expiresMs
  }

  /** An entry from the future was made before the clock was set back: how old it is nobody knows. */
  #isValid({ madeMs, expiresMs, totalBytes }: Header, sizeBytes: number): boolean {
    const nowMs = this.#options.clock.now().getTime()
    return madeMs <= nowMs && nowMs < expiresMs && totalBytes === sizeBytes
  }

  /** False when it was not there, or could not be removed, which is logged. */
  async #remove(name: string): Promise<boolean> {
    return await this.#attempt('removed', false, async () => {
      await unlink(join(this.#options.directory, name))
      return true
    })
  }

  /** Does the work, or gives the other value when the disk refuses. What is gone is no matter: others clean too. */
  async #attempt<T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!isGone(error))
        this.#options.logger.warn(
          { err: error, directory: this.#options.directory },
          `a cached result could not be ${what}`,
        )
      return otherwise
    }
  }
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** Returns the cache of a directory; touches nothing before the first call. */
export const createJsonCache = (options: JsonCacheOptions): JsonCache => new FileCache(options)
