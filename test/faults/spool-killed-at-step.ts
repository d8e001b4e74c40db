// A process that spools samples and replays them into an SQLite file, and kills itself (SIGKILL) at the Nth step on the
// disk or in the database. Argument: JSON of SpoolChildSettings. Prints `acknowledged <n>` for every sample that was taken.
import { writeSync } from 'node:fs'
import process from 'node:process'
import { AppError } from '../../src/domain/errors.ts'
import { text } from '../../src/domain/text.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/repositories.ts'
import { createMetricsRecorder } from '../../src/store/spool/metrics-recorder.ts'
import { createSpool } from '../../src/store/spool/spool.ts'
import { nodeDisk, type SpoolDisk } from '../../src/store/spool/spool-disk.ts'

export interface SpoolChildSettings {
  readonly database: string
  readonly directory: string
  /** Samples to record while the database is away, then all is replayed; 0 replays only. */
  readonly samples: number
  /** Die at this step; null lives to the end. */
  readonly dieAtStep: number | null
  /** `half`: an append writes half of its bytes before the death. */
  readonly dieWhen: 'before' | 'half' | 'after'
}

const settings = JSON.parse(process.argv[2] ?? '{}') as SpoolChildSettings
let steps = 0
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('still alive')
}

/** Runs one step, or dies around it. */
async function step<T>(work: () => Promise<T>, half: () => Promise<unknown>): Promise<T> {
  steps += 1
  const isLast = steps === settings.dieAtStep
  if (isLast && settings.dieWhen === 'before') die()
  if (isLast && settings.dieWhen === 'half') {
    await half()
    die()
  }
  const result = await work()
  if (isLast) die()
  return result
}

const nothing = () => Promise.resolve()
const disk: SpoolDisk = {
  ...nodeDisk,
  create: (directory, name) => step(() => nodeDisk.create(directory, name), nothing),
  append: (file, content) =>
    step(
      () => nodeDisk.append(file, content),
      () => nodeDisk.append(file, content.slice(0, content.length / 2)),
    ),
  isInPlace: (file) => step(() => nodeDisk.isInPlace(file), nothing),
  move: (directory, from, to) => step(() => nodeDisk.move(directory, from, to), nothing),
  remove: (directory, name) => step(() => nodeDisk.remove(directory, name), nothing),
}

const clock = { now: () => new Date('2026-03-02T01:00:00Z') }
const real = await openStore(
  { kind: 'sqlite', path: settings.database, timeZone: 'Asia/Shanghai' },
  { clock, logger: silentLogger },
)
await real.reserveIds(1)
let isAway = settings.samples > 0
const away = () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', text('不在', 'away')))
const store: Store = {
  ...real,
  // As when the answer to a commit is lost: every third transaction is done, and nobody hears of it.
  transaction: async (work) => {
    if (!isAway) return step(() => real.transaction(work), nothing)
    if (steps % 3 === 0) await real.transaction(work)
    return away()
  },
}
const spool = createSpool({
  directory: settings.directory,
  maxBytes: 10_000_000,
  segmentBytes: 1500,
  clock,
  logger: silentLogger,
  disk,
})
let nowMs = clock.now().getTime()
const recorder = createMetricsRecorder({
  store,
  spool,
  // Each look at the clock is later than the pause after a refusal, so that every record asks the database again.
  clock: {
    now: () => {
      nowMs += 10_000
      return new Date(nowMs)
    },
  },
  logger: silentLogger,
})
for (let n = 0; n < settings.samples; n += 1) {
  const collectedAt = new Date(clock.now().getTime() + n * 60_000)
  const values = {
    collectedAt,
    cpuPercent: n,
    memoryPercent: null,
    diskPercent: null,
    networkPercent: null,
    gaps: [],
  }
  const sample = {
    ...values,
    bkCloudId: 0,
    ip: '10.0.0.1',
    cpuStatus: 'normal',
    memoryStatus: null,
    diskStatus: null,
    networkStatus: null,
    insertedAt: collectedAt,
  }
  const reading = {
    collectedAt,
    bootId: null,
    uptimeSeconds: n,
    cpu: null,
    memory: null,
    swap: null,
    disk: null,
    interfaces: [],
    load: null,
    psi: null,
  }
  await recorder.record(sample, { serverId: '1', reading, values, baseline: null, exceededSince: {} })
  writeSync(1, `acknowledged ${n}\n`)
}
isAway = false
await recorder.replay()
await spool.close()
await real.close()
