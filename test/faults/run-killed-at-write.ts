// A process that starts or resumes a full inspection on an SQLite file and kills itself (SIGKILL) at the Nth write.
// Arguments: JSON of ChildSettings. Prints the run's document as JSON when it lives to the end.
import { appendFileSync, readFileSync } from 'node:fs'
import process from 'node:process'
import type { ServerInspection } from '../../src/domain/inspection.ts'
import { silentLogger } from '../../src/lib/logger.ts'
import { decodeTypedJson } from '../../src/lib/typed-json.ts'
import type { PipelineContext } from '../../src/pipeline/context.ts'
import { resumeFullInspection, startFullInspection } from '../../src/pipeline/full-inspection.ts'
import { fullInspectionResult } from '../../src/pipeline/full-inspection-result.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/repositories.ts'

export interface ChildSettings {
  readonly database: string
  /** One line per look at a server is appended here. */
  readonly looks: string
  /** Recorded inspection that every server answers with. */
  readonly recording: string
  /** Die at this write; null lives to the end. */
  readonly dieAtWrite: number | null
  readonly dieWhen: 'before' | 'after'
  /** Null starts a run; else the run to resume. */
  readonly resume: string | null
  /** What the clock says: constant, so that two processes tell the same story. */
  readonly nowMs: number
}

/** Repository methods that write on the way of a run. */
const WRITES: ReadonlySet<string> = new Set([
  'runs.create',
  'runs.acquire',
  'runs.enterStep',
  'runs.finishStep',
  'runs.finish',
  'inspections.save',
  'reports.save',
  'liveEvents.append',
])

function dyingStore(store: Store, settings: ChildSettings): Store {
  let writes = 0
  const dieIf = (when: 'before' | 'after') => {
    if (when === settings.dieWhen && writes === settings.dieAtWrite) process.kill(process.pid, 'SIGKILL')
  }
  const wrapRepository = (name: string, repository: object): object =>
    new Proxy(repository, {
      get: (target, method, receiver) => {
        const original: unknown = Reflect.get(target, method, receiver)
        if (typeof original !== 'function' || !WRITES.has(`${name}.${String(method)}`)) return original
        return async (...args: unknown[]) => {
          writes += 1
          dieIf('before')
          const result: unknown = await original.apply(target, args)
          dieIf('after')
          return result
        }
      },
    })
  return new Proxy(store, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver)
      return typeof value === 'object' && value !== null ? wrapRepository(String(name), value) : value
    },
  })
}

function contextOf(store: Store, settings: ChildSettings): PipelineContext {
  const recording = decodeTypedJson(readFileSync(settings.recording, 'utf8')) as ServerInspection
  const now = () => new Date(settings.nowMs)
  return {
    store,
    inspect: async (server, probes) => {
      appendFileSync(settings.looks, `${server.ip}\n`)
      const facts = Object.fromEntries(
        Object.entries(recording.facts).filter(([name]) => probes.some((probe) => probe === name)),
      )
      return {
        ...recording,
        facts,
        serverId: server.id,
        serverIp: server.ip,
        startedAt: now(),
        finishedAt: now(),
      }
    },
    check: async () => await Promise.reject(new Error('this test tests no server')),
    clock: { now },
    logger: silentLogger,
    signal: new AbortController().signal,
    progress: () => undefined,
    language: 'zh',
    timeZone: 'Asia/Shanghai',
    thresholds: { cpuPercent: 70, memoryPercent: 70, diskPercent: 80, networkPercent: 80 },
    concurrency: 1,
    metricsIntervalMs: 60_000,
    owner: `child:${process.pid}`,
  }
}

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings
const clock = { now: () => new Date(settings.nowMs) }
const real = await openStore(
  { kind: 'sqlite', path: settings.database, timeZone: 'Asia/Shanghai' },
  { clock, logger: silentLogger },
)
const store = dyingStore(real, settings)
const context = contextOf(store, settings)
const input = { thresholds: {}, ips: null, group: null, scope: 'all' } as const
const run =
  settings.resume === null
    ? await startFullInspection(context, input, { kind: 'system', name: 'test', surface: 'startup' })
    : await resumeFullInspection(context, settings.resume)
process.stdout.write(JSON.stringify(await fullInspectionResult(context, run)))
await real.close()
