import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../src/lib/logger.ts'
import type { ServiceContext } from '../../src/services/context.ts'
import { openStore } from '../../src/store/open-store.ts'

/** A context over an empty embedded database of its own, and what removes both. */
export interface TestContext {
  readonly context: ServiceContext
  close(): Promise<void>
}

/** Returns the context that a service gets, with the clock standing still; `changes` take the place of its parts. */
export async function openTestContext(changes: Partial<ServiceContext> = {}): Promise<TestContext> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-service-'))
  const clock = { now: () => new Date('2026-03-01T04:05:06Z') }
  const store = await openStore(
    { kind: 'sqlite', path: join(directory, 'test.db'), timeZone: 'Asia/Shanghai' },
    { clock, logger: silentLogger },
  )
  await store.migrate()
  const context: ServiceContext = {
    store,
    inspect: () => Promise.reject(new Error('this test inspects no server')),
    check: () => Promise.reject(new Error('this test tests no server')),
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    progress: () => undefined,
    language: 'en',
    timeZone: 'Asia/Shanghai',
    thresholds: { cpuPercent: 70, memoryPercent: 70, diskPercent: 80, networkPercent: 95 },
    concurrency: 2,
    metricsIntervalMs: 60_000,
    owner: 'test',
    actor: { kind: 'local_administrator', name: 'tester', surface: 'cli' },
    processes: { list: () => [] },
    doctor: () => Promise.resolve([]),
    connectionNames: { credentials: [], jumpHosts: [] },
    ...changes,
  }
  const close = async () => {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
  return { context, close }
}
