import { randomBytes } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { type ReplayResult, replayFiles, SPOOL_SUFFIX, type SpoolHandlers } from './replay-files.ts'
import { nodeDisk, type SpoolDisk, type SpoolFile } from './spool-disk.ts'
import { encodeSpoolLine, type SpoolMessage } from './spool-line.ts'

export interface SpoolOptions {
  /** Usually `data/spool`; created at the first message. Processes of one machine may share it. */
  readonly directory: string
  /** Most bytes of all files together. */
  readonly maxBytes: number
  readonly clock: Clock
  readonly logger: Logger
  /** A file is ended at this size. Default: 1 MiB. */
  readonly segmentBytes?: number
  /** Default: this machine's. */
  readonly disk?: SpoolDisk
}

/** Keeps messages on the disk while the database is away. */
export interface Spool {
  /**
   * Resolves when the messages are on the disk. Throws AppError SPOOL_FULL when they no longer fit (what is there is
   * kept: the oldest messages are the ones that nobody else has), SPOOL_UNWRITABLE when the disk refuses.
   */
  append(messages: readonly SpoolMessage[]): Promise<void>
  /**
   * Applies everything, oldest first, and removes it. A handler may get a message again after a crash: it must do
   * nothing for an id that it has applied. Throws what a handler throws when the database is away; the rest then waits.
   */
  replay(handlers: SpoolHandlers): Promise<ReplayResult>
  /** Bytes on the disk, and messages of this process that found no room. */
  status(): Promise<{ readonly bytes: number; readonly refused: number }>
  /** Ends the file that is open. */
  close(): Promise<void>
}

const SEGMENT_BYTES = 1_048_576
/** Each attempt fails only when another process took the file over in that very moment. */
const MAX_ATTEMPTS = 10

class FileSpool implements Spool {
  readonly #options: SpoolOptions
  readonly #disk: SpoolDisk
  readonly #writer = randomBytes(4).toString('hex')
  #file: SpoolFile | null = null
  #fileBytes = 0
  /** All files as they were when the current one was begun. */
  #otherBytes = 0
  #lastNameMs = 0
  #files = 0
  #refused = 0
  #last: Promise<unknown> = Promise.resolve()
  #replaying: Promise<ReplayResult> | null = null

  constructor(options: SpoolOptions) {
    this.#options = options
    this.#disk = options.disk ?? nodeDisk
  }

  append(messages: readonly SpoolMessage[]): Promise<void> {
    return this.#alone(async () => {
      const lines = messages.map(encodeSpoolLine).join('')
      const bytes = Buffer.byteLength(lines)
      try {
        await this.#makeRoom(bytes, messages.length)
        await this.#write(lines, bytes)
      } catch (error) {
        if (error instanceof AppError) throw error
        await this.#end()
        throw unwritable(this.#options.directory, error)
      }
    })
  }

  replay(handlers: SpoolHandlers): Promise<ReplayResult> {
    this.#replaying ??= this.#alone(() => this.#end())
      .then(() => replayFiles({ ...this.#options, disk: this.#disk, handlers }))
      .finally(() => {
        this.#replaying = null
      })
    return this.#replaying
  }

  async status() {
    return { bytes: await this.#bytesOnDisk(), refused: this.#refused }
  }

  close(): Promise<void> {
    return this.#alone(() => this.#end())
  }

  /** One after the other, whatever became of the one before. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work)
    this.#last = mine.catch(() => undefined)
    return mine
  }

  async #makeRoom(bytes: number, count: number): Promise<void> {
    const { maxBytes, directory } = this.#options
    if (this.#file !== null && this.#otherBytes + this.#fileBytes + bytes <= maxBytes) return
    const used = await this.#bytesOnDisk()
    this.#otherBytes = used - this.#fileBytes
    if (used + bytes <= maxBytes) return
    this.#refused += count
    throw new AppError(
      'SPOOL_FULL',
      text(
        `缓冲目录 ${directory} 已用 ${used} 字节,上限 ${maxBytes} 字节,放不下新的 ${count} 条`,
        `The spool ${directory} holds ${used} bytes of at most ${maxBytes}; ${count} new messages do not fit`,
      ),
      { details: { directory, usedBytes: used, maxBytes, count } },
    )
  }

  async #write(lines: string, bytes: number): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const file = this.#file ?? (await this.#begin())
      this.#fileBytes += bytes
      await this.#disk.append(file, lines)
      // A replaying process renames a file before it reads it: in place now means that it will be read with these lines.
      if (await this.#disk.isInPlace(file)) {
        if (this.#fileBytes >= (this.#options.segmentBytes ?? SEGMENT_BYTES)) await this.#end()
        return
      }
      await this.#end()
    }
    throw new Error(`${MAX_ATTEMPTS} files in a row were taken over while they were written`)
  }

  async #begin(): Promise<SpoolFile> {
    // Names sort by age, also when the clock is set back.
    this.#lastNameMs = Math.max(this.#lastNameMs, this.#options.clock.now().getTime())
    this.#files += 1
    const stamp = String(this.#lastNameMs).padStart(15, '0')
    const number = String(this.#files).padStart(6, '0')
    this.#otherBytes = await this.#bytesOnDisk()
    this.#file = await this.#disk.create(
      this.#options.directory,
      `${stamp}-${number}-${this.#writer}${SPOOL_SUFFIX}`,
    )
    this.#fileBytes = 0
    return this.#file
  }

  async #end(): Promise<void> {
    const file = this.#file
    this.#file = null
    this.#fileBytes = 0
    if (file !== null) await this.#disk.close(file)
  }

  async #bytesOnDisk(): Promise<number> {
    const files = await this.#disk.list(this.#options.directory)
    return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }
}

function unwritable(directory: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    'SPOOL_UNWRITABLE',
    text(`缓冲目录 ${directory} 无法写入:${reason}`, `The spool ${directory} cannot be written: ${reason}`),
    { cause, details: { directory } },
  )
}

/** Returns the spool of a directory; touches nothing before the first call. */
export const createSpool = (options: SpoolOptions): Spool => new FileSpool(options)
