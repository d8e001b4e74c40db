import assert from 'node:assert/strict'
import type { Store } from '../src/store/repositories.ts'
import { openBenchDatabase } from './bench-database.ts'
import { type Figure, median, rateFigure, timeMs } from './figure.ts'
import { SERVER_COUNT, sampleOf } from './sample-rows.ts'

const BAR = 0.5
const RUNS = 3
/** Cycles of the whole fleet that one measurement writes. */
const CYCLES = 10

/**
 * Writes rows [from, to) as the collection does, under ids reserved before, a cycle of the whole fleet at a time: each
 * cycle is one transaction that also records the rows as ours.
 */
async function writeCycles({ samples, reserveIds }: Store, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += SERVER_COUNT) {
    const ids = await reserveIds(Math.min(SERVER_COUNT, to - at))
    const stored = await samples.insertOnce(ids.map((id, n) => ({ ...sampleOf(at + n), id })))
    assert.equal(stored, ids.length)
  }
}

/** Samples a second written by `store.samples.insertOnce` against LOAD DATA of as many rows at once. */
export async function benchIngest({
  rows = CYCLES * SERVER_COUNT,
}: {
  readonly rows?: number
}): Promise<readonly Figure[]> {
  const database = await openBenchDatabase()
  const { store } = database
  try {
    const ours: number[] = []
    const theirs: number[] = []
    // Turns of both on the same growing table, so that neither has the emptier one.
    for (let run = 0; run <= RUNS; run += 1) {
      const from = 2 * run * rows
      const oursMs = await timeMs(() => writeCycles(store, from, from + rows))
      const theirsMs = await timeMs(() => database.load(from + rows, from + 2 * rows))
      // The first turn warms up.
      if (run === 0) continue
      ours.push(rows / (oursMs / 1_000))
      theirs.push(rows / (theirsMs / 1_000))
    }
    return [rateFigure('ingest.mysql.vs_load_data', median(ours), median(theirs), BAR)]
  } finally {
    await database.close()
  }
}
