import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Repositories, ServerIdentity, Store, StoredReading } from '../repositories.ts'
import { computedShape, readingShape } from '../stored-json.ts'
import { auditHandlers } from './audit-spool.ts'
import type { ReplayResult } from './replay-files.ts'
import type { Spool } from './spool.ts'
import type { SpoolMessage } from './spool-line.ts'

/** Where a collection reads what was before and leaves what it found, whether the database is there or not. */
export interface MetricsRecorder {
  /** The last reading of a server; while the database is away, the last one of this process. */
  findReading(serverId: string): Promise<StoredReading | null>
  /** Samples in [since, until], oldest first; none while the database is away. */
  history(server: ServerIdentity, since: Date, until: Date): Promise<readonly MetricSample[]>
  /**
   * Resolves when sample and reading are stored, or are safe on the disk until they can be. Throws DATABASE_UNAVAILABLE
   * without a spool, SPOOL_FULL or SPOOL_UNWRITABLE when neither takes them.
   */
  record(sample: Omit<MetricSample, 'id'>, reading: StoredReading): Promise<void>
  /** Stores what waits on the disk, whatever it is; call it now and then. Throws DATABASE_UNAVAILABLE while the database is away. */
  replay(): Promise<ReplayResult>
}

interface MetricsRecorderOptions {
  readonly store: Store
  /** Null: nothing is kept while the database is away. */
  readonly spool: Spool | null
  readonly clock: Clock
  readonly logger: Logger
}

interface Recorded {
  readonly sample: MetricSample
  readonly reading: StoredReading
}

interface Waiting {
  readonly sample: Omit<MetricSample, 'id'>
  readonly reading: StoredReading
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const KIND = 'metrics'
/** Samples in one transaction: all that came in while the one before was under way. */
const SAMPLES_PER_TRANSACTION = 200
/** After a refusal the database is left alone for so long; each attempt may cost seconds. */
const RETRY_AFTER_MS = 5_000

const isAway = (error: unknown): boolean => error instanceof AppError && error.code === 'DATABASE_UNAVAILABLE'

const payloadShape = z.object({
  sample: z.custom<MetricSample>(
    (value) =>
      typeof value === 'object' && value !== null && Reflect.get(value, 'collectedAt') instanceof Date,
    'not a sample',
  ),
  reading: z.object({ serverId: z.string(), reading: readingShape, computed: computedShape }),
})

function toMessage({ sample, reading }: Recorded): SpoolMessage {
  const { serverId, values, baseline, exceededSince } = reading
  const computed = { ...values, baseline, exceededSince }
  return {
    kind: KIND,
    id: sample.id,
    payload: { sample, reading: { serverId, reading: reading.reading, computed } },
  }
}

function fromMessage({ payload }: SpoolMessage): Recorded {
  const { sample, reading } = payloadShape.parse(payload)
  const { baseline = null, exceededSince = {}, ...values } = reading.computed
  return {
    sample,
    reading: { serverId: reading.serverId, reading: reading.reading, values, baseline, exceededSince },
  }
}

/** Samples keep their ids, so that one whose commit was never answered is not stored twice. */
async function write(repositories: Repositories, recorded: readonly Recorded[]): Promise<void> {
  await repositories.samples.insertOnce(recorded.map(({ sample }) => sample))
  for (const { reading } of recorded) {
    const known = await repositories.readings.find(reading.serverId)
    // What was spooled may be older than what was stored since.
    if (known !== null && known.reading.collectedAt > reading.reading.collectedAt) continue
    await repositories.readings.save(reading)
  }
}

class SpoolingRecorder implements MetricsRecorder {
  readonly #options: MetricsRecorderOptions
  readonly #last = new Map<string, StoredReading>()
  #waiting: Waiting[] = []
  #isWriting = false
  #awayUntilMs = Number.NEGATIVE_INFINITY

  constructor(options: MetricsRecorderOptions) {
    this.#options = options
  }

  async findReading(serverId: string): Promise<StoredReading | null> {
    const known = this.#last.get(serverId) ?? null
    const stored = await this.#unlessAway(() => this.#options.store.readings.find(serverId), known)
    const isOlder =
      stored !== null && known !== null && stored.reading.collectedAt < known.reading.collectedAt
    return isOlder ? known : stored
  }

  history(server: ServerIdentity, since: Date, until: Date): Promise<readonly MetricSample[]> {
    return this.#unlessAway(() => this.#options.store.samples.history(server, since, until), [])
  }

  record(sample: Omit<MetricSample, 'id'>, reading: StoredReading): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sample, reading, resolve, reject })
      void this.#writeWaiting()
    })
  }

  async replay(): Promise<ReplayResult> {
    const { spool, store } = this.#options
    if (spool === null) return { applied: 0, rejected: 0 }
    return await spool.replay({
      ...auditHandlers(store),
      [KIND]: (messages) => {
        const recorded = messages.map(fromMessage)
        return store.transaction((repositories) => write(repositories, recorded))
      },
    })
  }

  /** Does the work, or gives the other value while the database is away and there is a spool to go on with. */
  async #unlessAway<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    if (this.#isAwayNow()) return otherwise
    try {
      return await work()
    } catch (error) {
      if (!this.#noteAway(error)) throw error
      return otherwise
    }
  }

  #isAwayNow(): boolean {
    return this.#options.spool !== null && this.#options.clock.now().getTime() < this.#awayUntilMs
  }

  #noteAway(error: unknown): boolean {
    if (this.#options.spool === null || !isAway(error)) return false
    this.#awayUntilMs = this.#options.clock.now().getTime() + RETRY_AFTER_MS
    this.#options.logger.warn({ error }, 'the database is away; metrics go to the spool')
    return true
  }

  async #writeWaiting(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    while (this.#waiting.length > 0) await this.#writePart(this.#waiting.splice(0, SAMPLES_PER_TRANSACTION))
    this.#isWriting = false
  }

  /** Never throws: whoever waits is told. */
  async #writePart(part: readonly Waiting[]): Promise<void> {
    try {
      const ids = await this.#options.store.reserveIds(part.length)
      const recorded = part.map(({ sample, reading }, index): Recorded => {
        const id = ids[index]
        if (id === undefined) throw new Error('fewer ids than asked for')
        return { sample: { ...sample, id }, reading }
      })
      await this.#storeOrSpool(recorded)
      for (const { reading, resolve } of part) {
        if (this.#options.spool !== null) this.#last.set(reading.serverId, reading)
        resolve()
      }
    } catch (error) {
      const isForAll = error instanceof AppError
      if (isForAll || part.length === 1) for (const { reject } of part) reject(error)
      // One sample that cannot be stored must not keep the others out.
      else for (const waiting of part) await this.#writePart([waiting])
    }
  }

  async #storeOrSpool(recorded: readonly Recorded[]): Promise<void> {
    const { store, spool } = this.#options
    if (!this.#isAwayNow())
      try {
        await store.transaction((repositories) => write(repositories, recorded))
        return
      } catch (error) {
        if (spool === null || !this.#noteAway(error)) throw error
      }
    await spool?.append(recorded.map(toMessage))
  }
}

/** Returns a recorder; it starts nothing by itself. */
export const createMetricsRecorder = (options: MetricsRecorderOptions): MetricsRecorder =>
  new SpoolingRecorder(options)
