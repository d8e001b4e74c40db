import { systemClock } from '../../../src/lib/clock.ts'
import { silentLogger } from '../../../src/lib/logger.ts'
import { openStore } from '../../../src/store/open-store.ts'

/**
 * Child process of the tests of several writers on one SQLite file: `sqlite-writer.ts FILE loop SECONDS NAME` runs
 * transactions without a pause and prints how many there were, how many failed and the longest in ms as JSON;
 * `sqlite-writer.ts FILE hang NAME` prints `inside` in the middle of a transaction and never ends it.
 */
const [path = '', mode = '', ...rest] = process.argv.slice(2)
const store = await openStore(
  { kind: 'sqlite', path, timeZone: 'UTC' },
  { clock: systemClock, logger: silentLogger },
)
await store.migrate()

async function writeOnce(name: string, n: number): Promise<void> {
  await store.transaction(async (repositories) => {
    const count = Number((await repositories.settings.get('count')) ?? 0)
    const at = systemClock.now()
    await repositories.samples.insert([
      {
        bkCloudId: 0,
        ip: name,
        collectedAt: at,
        cpuPercent: n % 100,
        memoryPercent: null,
        diskPercent: null,
        cpuStatus: null,
        memoryStatus: null,
        diskStatus: null,
        networkStatus: null,
        insertedAt: at,
      },
    ])
    await repositories.settings.set('count', String(count + 1))
  })
}

async function loop(seconds: number, name: string): Promise<void> {
  const end = performance.now() + seconds * 1000
  const errors: string[] = []
  let count = 0
  let longestMs = 0
  for (; performance.now() < end; count += 1) {
    const begun = performance.now()
    try {
      await writeOnce(name, count)
    } catch (error) {
      errors.push(String(error))
    }
    longestMs = Math.max(longestMs, Math.round(performance.now() - begun))
  }
  await store.close()
  process.stdout.write(`${JSON.stringify({ count, errors, longestMs })}\n`)
}

async function hang(name: string): Promise<void> {
  await writeOnce(name, 1)
  await store.transaction(async (repositories) => {
    await repositories.settings.set('uncommitted', name)
    process.stdout.write('inside\n')
    await new Promise(() => setInterval(() => undefined, 60_000))
  })
}

if (mode === 'loop') await loop(Number(rest[0]), rest[1] ?? 'writer')
else await hang(rest[0] ?? 'writer')
