import type { Clock } from './clock.ts'

/** Instant 0 of the ids: 2010-11-04T01:42:54.657Z, the epoch of Twitter's snowflake. Ids have 19 digits since 2018. */
export const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657

/** Worker ids are 0 … 1023 (10 bits). */
export const WORKER_ID_COUNT = 1024

const WORKER_BITS = 10n
const SEQUENCE_BITS = 12n
const LAST_SEQUENCE = 4095
const LAST_TIMESTAMP_MS = 2 ** 41 - 1

/** Makes ids that only grow. */
export interface SnowflakeGenerator {
  /** Returns a new id in decimal; greater than every id this generator gave before. */
  next(): string
}

/**
 * Returns a generator of 63-bit ids: 41 bits of milliseconds since {@link SNOWFLAKE_EPOCH_MS}, 10 bits of worker id,
 * 12 bits of sequence. When the clock goes backwards, or more than 4,096 ids are asked for in one millisecond, it goes
 * on from the last millisecond it used, so that it neither waits nor repeats itself.
 * Throws RangeError for a worker id outside 0 … 1023 and for a clock before the epoch or after the year 2080.
 */
export function createSnowflakeGenerator(workerId: number, clock: Clock): SnowflakeGenerator {
  if (!Number.isInteger(workerId) || workerId < 0 || workerId >= WORKER_ID_COUNT)
    throw new RangeError(`worker id ${workerId} is not an integer from 0 to ${WORKER_ID_COUNT - 1}`)
  let lastMs = -1
  let sequence = 0
  return {
    next() {
      const nowMs = clock.now().getTime() - SNOWFLAKE_EPOCH_MS
      if (!(nowMs >= 0 && nowMs <= LAST_TIMESTAMP_MS))
        throw new RangeError(`the clock says ${nowMs + SNOWFLAKE_EPOCH_MS} ms, outside the range of ids`)
      if (nowMs > lastMs) {
        lastMs = nowMs
        sequence = 0
      } else if (sequence < LAST_SEQUENCE) {
        sequence += 1
      } else {
        lastMs += 1
        sequence = 0
      }
      const high = (BigInt(lastMs) << WORKER_BITS) | BigInt(workerId)
      return ((high << SEQUENCE_BITS) | BigInt(sequence)).toString()
    },
  }
}

/** Returns what an id was made of. Throws SyntaxError or RangeError on text that is not an id. */
export function readSnowflake(id: string): { at: Date; workerId: number; sequence: number } {
  const value = BigInt(id)
  if (value < 0n || value >= 1n << 63n) throw new RangeError(`${id} is not a snowflake id`)
  return {
    at: new Date(Number(value >> (WORKER_BITS + SEQUENCE_BITS)) + SNOWFLAKE_EPOCH_MS),
    workerId: Number((value >> SEQUENCE_BITS) & ((1n << WORKER_BITS) - 1n)),
    sequence: Number(value & ((1n << SEQUENCE_BITS) - 1n)),
  }
}

/** Orders ids as numbers: a shorter one is smaller. Ids of other systems that are not numbers are ordered as text. */
export const compareIds = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
