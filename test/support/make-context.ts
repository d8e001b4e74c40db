import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InventoryServer } from '../../src/domain/server.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import type { Inspect, PipelineContext } from '../../src/pipeline/context.ts'
import { openStore } from '../../src/store/open-store.ts'

/** A clock that stands until it is moved. */
export interface HandClock extends Clock {
  advance(ms: number): void
}

export function handClock(start = '2026-03-02T01:00:00Z'): HandClock {
  let nowMs = Date.parse(start)
  return {
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms
    },
  }
}

/** A pipeline context on a migrated SQLite store of its own. */
export interface TestContext {
  readonly context: PipelineContext
  readonly clock: HandClock
  /** Registers a server and returns it. */
  register(ip: string, group?: string): Promise<InventoryServer>
  close(): Promise<void>
}

const neverAsked: Inspect = () => {
  throw new Error('this test looks at no server')
}

/** Makes a context whose servers answer with what `inspect` says. */
export async function makeContext(inspect: Inspect = neverAsked): Promise<TestContext> {
  const directory = mkdtempSync(join(tmpdir(), 'smart-ops-context-'))
  const clock = handClock()
  const path = join(directory, 'test.db')
  const store = await openStore(
    { kind: 'sqlite', path, timeZone: 'Asia/Shanghai' },
    { clock, logger: silentLogger },
  )
  await store.migrate()
  const context: PipelineContext = {
    store,
    inspect,
    check: async () => await Promise.reject(new Error('this test tests no server')),
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    progress: () => undefined,
    language: 'en',
    timeZone: 'Asia/Shanghai',
    thresholds: { cpuPercent: 70, memoryPercent: 70, diskPercent: 80, networkPercent: 95 },
    concurrency: 4,
    metricsIntervalMs: 60_000,
    owner: 'test:1',
  }
  return {
    context,
    clock,
    register: async (ip, group) =>
      await store.servers.register({
        bkCloudId: 0,
        ip,
        name: `name-${ip}`,
        transport: 'local',
        group: group ?? null,
        enabled: true,
        registeredAt: clock.now(),
      }),
    close: async () => {
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
