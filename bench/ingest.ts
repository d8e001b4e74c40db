import { openBenchDatabase } from './bench-database.ts'
import { type Figure, median, rateFigure, timeMs } from './figure.ts'
import { SERVER_COUNT, sampleOf } from './sample-rows.ts'

const BAR = 0.5
const RUNS = 3
/** Cycles of the whole fleet that one measurement writes. */
const CYCLES = 10

/** Samples a second written by `store.samples.insert`, a cycle at a time, against LOAD DATA of as many rows at once. */
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
      const oursMs = await timeMs(async () => {
        for (let at = from; at < from + rows; at += SERVER_COUNT)
          await store.samples.insert(
            Array.from({ length: Math.min(SERVER_COUNT, from + rows - at) }, (_unused, n) =>
              sampleOf(at + n),
            ),
          )
      })
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
