import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppError } from '../../src/domain/errors.ts'
import { text } from '../../src/domain/text.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import { collectMetrics } from '../../src/pipeline/collect-metrics.ts'
import type { Inspect, PipelineContext } from '../../src/pipeline/context.ts'
import type { Store } from '../../src/store/repositories.ts'
import { createMetricsRecorder } from '../../src/store/spool/metrics-recorder.ts'
import { createSpool } from '../../src/store/spool/spool.ts'
import { makeContext } from '../support/make-context.ts'

const SERVERS = 40

/** A server that answers with counters that grow by a tenth of a CPU. */
const answering =
  (clock: { now(): Date }): Inspect =>
  (server) => {
    const at = clock.now()
    const ticks = Math.round(at.getTime() / 10)
    return Promise.resolve({
      serverId: server.id,
      serverIp: server.ip,
      startedAt: at,
      finishedAt: at,
      unreachable: null,
      sections: [],
      evidence: [],
      facts: {
        metrics: {
          status: 'ok',
          value: {
            collectedAt: at,
            bootId: 'boot',
            uptimeSeconds: Math.floor(at.getTime() / 1000) - 1_700_000_000,
            cpu: { totalTicks: ticks, idleTicks: Math.round(ticks * 0.9), cpuCount: 1 },
            memory: { totalBytes: 1000, availableBytes: 600 },
            swap: null,
            disk: null,
            interfaces: [],
            load: null,
            psi: null,
          },
        },
      },
    })
  }

/** The store as it looks when its server is gone: every call is refused; the answer to a commit may be lost. */
function losing(store: Store, state: { isAway: boolean }): Store {
  const refuse = () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', text('不在', 'away')))
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name, receiver) => {
        const value: unknown = Reflect.get(object, name, receiver)
        if (typeof value === 'function') return state.isAway ? refuse : value.bind(object)
        return typeof value === 'object' && value !== null ? guarded(value) : value
      },
    })
  return { ...guarded({ ...store }), reserveIds: store.reserveIds, transaction: (work) => lastAnswer(work) }
  async function lastAnswer<T>(work: Parameters<typeof store.transaction<T>>[0]): Promise<T> {
    if (state.isAway && commits % 2 === 0) await store.transaction(work)
    commits += state.isAway ? 1 : 0
    return state.isAway ? refuse() : await store.transaction(work)
  }
}
let commits = 0

test('a database that goes away for two minutes within running cycles costs no sample and doubles none', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-away-'))
  const made = await makeContext((server, probes, signal) => answering(made.clock)(server, probes, signal))
  const state = { isAway: false }
  const store = losing(made.context.store, state)
  const ports = { clock: made.clock, logger: silentLogger }
  const spool = createSpool({ directory, maxBytes: 10_000_000, ...ports })
  const recorder = createMetricsRecorder({ store, spool, ...ports })
  const context: PipelineContext = { ...made.context, store, recorder }
  try {
    for (let n = 0; n < SERVERS; n += 1) await made.register(`10.0.0.${n}`)
    const servers = await made.context.store.servers.list()
    let cycles = 0
    const cycle = async (onServer: (done: number) => void = () => undefined) => {
      const progress: PipelineContext['progress'] = ({ done }) => onServer(done)
      const results = await collectMetrics({ ...context, progress }, servers)
      assert.ok(results.every(({ failure }) => failure === null))
      cycles += 1
      made.clock.advance(60_000)
    }
    await cycle()
    await cycle((done) => {
      if (done === SERVERS / 2) state.isAway = true
    })
    await cycle()
    await cycle()
    await assert.rejects(recorder.replay(), (error) => error instanceof AppError)
    assert.notDeepEqual(readdirSync(directory), [])
    state.isAway = false
    await cycle()
    assert.equal((await recorder.replay()).rejected, 0)
    assert.deepEqual(readdirSync(directory), [])
    for (const server of servers) {
      const rows = await made.context.store.samples.history(server, new Date(0), made.clock.now())
      assert.equal(rows.length, cycles, server.ip)
      assert.equal(new Set(rows.map((row) => row.collectedAt.getTime())).size, cycles, server.ip)
      assert.deepEqual(
        rows.map((row) => row.cpuPercent),
        [null, 10, 10, 10, 10],
        'counters go on from the last reading, also while the database is away',
      )
      const newest = await made.context.store.readings.find(server.id)
      assert.deepEqual(newest?.reading.collectedAt, rows.at(-1)?.collectedAt)
    }
  } finally {
    await spool.close()
    await made.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
